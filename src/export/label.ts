import type { Fact } from '../facts/index.ts';

/** A fact as a label: `csr.read event=0 hart=0 counter=cycle half=low value=3`. Two facts never have the same one. */
export function labelOf(fact: Fact): string {
  const { type, ...fields } = fact;
  return [type, ...Object.entries(fields).map(([name, value]) => `${name}=${plain(value)}`)].join(' ');
}

const plain = (value: unknown): string =>
  Array.isArray(value) ? value.map((item) => (item === true ? 1 : item === false ? 0 : item)).join('') : String(value);
