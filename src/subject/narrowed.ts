import type { Build } from './build.ts';
import { type Datum, dataOf } from './debug-info.ts';
import { probe } from './probe.ts';
import { countedNames, unreadNames } from './text-uses.ts';

/**
 * What the harness is told of a driver's data before it runs: what the driver only ever writes is no state, and an int that it
 * counts with is as wide as the scope says. What is not found to be so, is left as it is.
 */
export function narrowed(build: Build, intBits: number): string[] {
  const { source, object } = build;
  const text = [...source.headers.values(), source.text].join('\n');
  const seen = new Set<string>(Object.values(probe(source)));
  const unread = new Set([...unreadNames(text)].filter((name) => !seen.has(name)));
  const counted = intBits < 32 ? countedNames(text) : new Set<string>();
  if (unread.size === 0 && counted.size === 0) return [];
  const data = [...dataOf(object)];
  return [
    told(
      'unread',
      data.filter(({ name }) => parts(name).some((part) => unread.has(part))),
    ),
    told(
      'ints',
      data.filter(({ name, type }) => type === 'int' && counted.has(parts(name).at(-1)!)),
    ),
  ].filter((line) => line !== undefined);
}

/** `a.b[3].c` by its names. */
const parts = (name: string): string[] => name.replace(/\[\d+\]/g, '').split('.');

const told = (command: string, data: readonly Datum[]): string | undefined =>
  data.length === 0
    ? undefined
    : `${command} ${data.map(({ at, bytes }) => `${at.toString(16)}:${bytes.toString(16)}`).join(' ')}`;
