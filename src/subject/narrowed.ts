import type { Build } from './build.ts';
import { type Datum, dataOf } from './debug-info.ts';
import { probe } from './probe.ts';
import { countedNames, unreadNames } from './text-uses.ts';

/** What of a driver's data is less than its bytes, by the name of its build: looking takes a while, and it never changes. */
const known = new Map<string, { readonly unread: readonly Datum[]; readonly ints: readonly Datum[] }>();

/**
 * What the harness is told of a driver's data before it runs: what the driver only ever writes is no state, and an int that it
 * counts with is as wide as the scope says. What is not found to be so, is left as it is.
 */
export function narrowed(build: Build, intBits: number): string[] {
  let data = known.get(build.object);
  if (data === undefined) {
    data = look(build);
    known.set(build.object, data);
  }
  return [told('unread', data.unread), intBits < 32 ? told('ints', data.ints) : undefined].filter(
    (line) => line !== undefined,
  );
}

function look({ source, object }: Build): { unread: readonly Datum[]; ints: readonly Datum[] } {
  const text = [...source.headers.values(), source.text].join('\n');
  const seen = new Set<string>(Object.values(probe(source)));
  const unread = new Set([...unreadNames(text)].filter((name) => !seen.has(name)));
  const counted = countedNames(text);
  const data = unread.size === 0 && counted.size === 0 ? [] : [...dataOf(object)];
  return {
    unread: data.filter(({ name }) => parts(name).some((part) => unread.has(part))),
    ints: data.filter(({ name, type }) => type === 'int' && counted.has(parts(name).at(-1)!)),
  };
}

/** `a.b[3].c` by its names. */
const parts = (name: string): string[] => name.replace(/\[\d+\]/g, '').split('.');

const told = (command: string, data: readonly Datum[]): string | undefined =>
  data.length === 0
    ? undefined
    : `${command} ${data.map(({ at, bytes }) => `${at.toString(16)}:${bytes.toString(16)}`).join(' ')}`;
