import type { Build } from './build.ts';
import { dataOf, nameAt } from './debug-info.ts';
import type { Subject } from './subject.ts';

/**
 * Watches for data of a driver that takes ever new values: every state is then a new one, and a search never ends. What was
 * found to grow once is known in the searches after it.
 */
export class Growth {
  readonly #known = new Map<string, Set<number>>();

  /** Why a search does not end, if something grows. Throws `Undecided` if the process of the subject has ended. */
  of(subject: Subject): string | undefined {
    const { build } = subject;
    const known = this.#known.get(build.object) ?? new Set();
    this.#known.set(build.object, known);
    const growing = subject.growth(known).filter((found) => !comesRoundSoon(build, found));
    if (growing.length === 0) return undefined;
    for (const { number } of growing) known.add(number);
    const names = new Set(growing.map(({ where }) => nameOf(build, where)));
    const values = Math.max(...growing.map(({ values }) => values));
    return `${[...names].join(', ')} takes ever new values, ${values} so far: no end of the search is in sight`;
  }
}

/** So many values, and what is less than an int is not waited for either. */
const SOON = 4096;

/** Whether what seems to grow is less than an int: it wraps by itself. */
function comesRoundSoon(build: Build, { where, values }: { readonly where: string; readonly values: number }): boolean {
  const [kind, offset] = where.split(' ');
  if (kind !== 'object' || values >= SOON) return false;
  const from = Number.parseInt(offset!, 16);
  const there = [...dataOf(build.object)].filter(({ at, bytes }) => at < from + 4 && from < at + bytes);
  return there.length > 0 && there.every(({ bytes }) => bytes < 4);
}

function nameOf(build: Build, where: string): string {
  const [kind, offset] = where.split(' ');
  if (kind === 'object') return nameAt(build.object, Number.parseInt(offset!, 16)) ?? `the data at 0x${offset}`;
  return kind === 'allocated' ? `the allocated memory at 0x${offset}` : where;
}
