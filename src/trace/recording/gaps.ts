import type { Stamp } from './hits.ts';
import type { Loss, Recording } from './read.ts';

/** A time in which events are missing: after `from`, and before `to`. */
export interface Gap {
  /** What happened, in a sentence: `CPU 0 lost 12 events before line 27`. */
  readonly what: string;
  /** The time of the last event before it that is known to be there; absent if it may be older than the recording. */
  readonly from?: bigint;
  /** The time of the first one after it; absent if it may last until the end. */
  readonly to?: bigint;
}

/** Where a recorder says that events are missing, in the order of time. A mark that names no CPU can be of any. */
export function gapsOf({ losses, stamps }: Pick<Recording, 'losses' | 'stamps'>): Gap[] {
  if (losses.length === 0) return [];
  const byCpu = new Map<number, Stamp[]>();
  for (const stamp of stamps) {
    const own = byCpu.get(stamp.cpu);
    if (own === undefined) byCpu.set(stamp.cpu, [stamp]);
    else own.push(stamp);
  }
  const every = [...byCpu.values()];
  return inOrder(losses.map((loss) => gap(loss, loss.cpu === undefined ? every : [byCpu.get(loss.cpu) ?? []])));
}

/** Gaps by when they begin. */
export const inOrder = (gaps: readonly Gap[]): Gap[] =>
  gaps.toSorted((one, other) => {
    const [first, second] = [one.from ?? -1n, other.from ?? -1n];
    return first < second ? -1 : first > second ? 1 : 0;
  });

/** Tells whether something may be missing between two times, of gaps that are in order. */
export function lossesBetween(gaps: readonly Gap[]): (one: Pick<Stamp, 'time'>, other: Pick<Stamp, 'time'>) => boolean {
  if (gaps.length === 0) return () => false;
  // Of the gaps up to each one: the time until which they last, absent if that is the end.
  const until: (bigint | undefined)[] = [];
  for (const [index, { to }] of gaps.entries()) {
    const before = until[index - 1];
    until.push(
      to === undefined || (index > 0 && before === undefined)
        ? undefined
        : before === undefined || to > before
          ? to
          : before,
    );
  }
  return (one, other) => {
    let [low, high] = [0, gaps.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const { from } = gaps[middle]!;
      if (from === undefined || from < other.time) low = middle + 1;
      else high = middle;
    }
    if (low === 0) return false;
    const last = until[low - 1];
    return last === undefined || last > one.time;
  };
}

function gap({ line, cpu, events, anywhere }: Loss, cpus: readonly (readonly Stamp[])[]): Gap {
  const many = events === undefined ? 'events' : `${events.toLocaleString('en')} event${events === 1 ? '' : 's'}`;
  if (anywhere) return { what: `${many} were lost, nobody knows where (line ${line})` };
  const what = `${cpu === undefined ? 'a CPU' : `CPU ${cpu}`} lost ${many} before line ${line}`;
  let [from, to]: (bigint | undefined)[] = [];
  let [isFromKnown, isToKnown] = [cpus.length > 0, cpus.length > 0];
  for (const stamps of cpus) {
    const next = firstBehind(stamps, line);
    const [before, after] = [stamps[next - 1]?.time, stamps[next]?.time];
    if (before === undefined) isFromKnown = false;
    else if (from === undefined || before < from) from = before;
    if (after === undefined) isToKnown = false;
    else if (to === undefined || after > to) to = after;
  }
  return {
    what,
    ...(isFromKnown && from !== undefined && { from }),
    ...(isToKnown && to !== undefined && { to }),
  };
}

/** Where the first of these stamps stands that comes after a line. */
function firstBehind(stamps: readonly Stamp[], line: number): number {
  let [low, high] = [0, stamps.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (stamps[middle]!.line > line) high = middle;
    else low = middle + 1;
  }
  return low;
}
