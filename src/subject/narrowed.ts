import type { Build } from './build.ts';
import { type Datum, dataOf } from './debug-info.ts';
import { probe } from './probe.ts';
import { countedNames, unreadNames } from './text-uses.ts';

/** What of a driver's data is less than its bytes, by the name of its build: looking takes a while, and it never changes. */
const known = new Map<string, Narrow>();

interface Narrow {
  readonly unread: readonly Datum[];
  readonly counted: readonly Datum[];
}

/**
 * What the harness is told of a driver's data before it runs: what the driver only ever writes is no state, and an int (or less)
 * that it counts with is as wide as the scope says. What is not found to be so, is left as it is.
 */
export function narrowed(build: Build, intBits: number): string[] {
  let data = known.get(build.object);
  if (data === undefined) {
    data = look(build);
    known.set(build.object, data);
  }
  // Of what is less than an int, only that is narrower here which is wider in the driver.
  const counted = data.counted.filter(({ bytes }) => bytes * 8 > intBits);
  return [
    told('unread', data.unread),
    told(
      'ints',
      counted.filter(({ type }) => !isUnsigned(type)),
    ),
    told(
      'unsigneds',
      counted.filter(({ type }) => isUnsigned(type)),
    ),
  ].filter((line) => line !== undefined);
}

/** Basic types of at most an int, as DWARF names them. */
const isUnsigned = (type = ''): boolean => /^(unsigned (int|char)|short unsigned int)$/.test(type);
const isInt = (type = ''): boolean => isUnsigned(type) || /^(int|short int|signed char|char)$/.test(type);

function look({ source, object }: Build): Narrow {
  const text = [...source.headers.values(), source.text].join('\n');
  const seen = new Set<string>(Object.values(probe(source)));
  const unread = new Set([...unreadNames(text)].filter((name) => !seen.has(name)));
  const counted = countedNames(text);
  const data = unread.size === 0 && counted.size === 0 ? [] : [...dataOf(object)];
  return {
    unread: data.filter(({ name }) => parts(name).some((part) => unread.has(part))),
    counted: data.filter(({ name, type }) => isInt(type) && counted.has(parts(name).at(-1)!)),
  };
}

/** `a.b[3].c` by its names. */
const parts = (name: string): string[] => name.replace(/\[\d+\]/g, '').split('.');

const told = (command: string, data: readonly Datum[]): string | undefined =>
  data.length === 0
    ? undefined
    : `${command} ${data.map(({ at, bytes }) => `${at.toString(16)}:${bytes.toString(16)}`).join(' ')}`;
