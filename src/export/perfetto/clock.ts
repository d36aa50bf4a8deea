import type { Origin, Origins } from '../../store/origin.ts';

/** Nanoseconds from one fact to the next, where a log has no times. */
const PER_FACT = 1000;

/** A moment of a recorder in nanoseconds: it prints seconds with a point, or nanoseconds. */
export function nanoseconds(stamp: string): bigint {
  const [whole = '0', part] = stamp.split('.');
  return part === undefined ? BigInt(whole) : BigInt(whole) * 1_000_000_000n + BigInt(part.padEnd(9, '0'));
}

/** The first moment that a log shows; undefined where it shows none. */
export function firstMoment(origins: Origins | undefined): bigint | undefined {
  for (const [, { time }] of origins?.runs() ?? []) if (time !== undefined) return nanoseconds(time);
  return undefined;
}

/**
 * A time in microseconds for each of so many facts, each later than the one before and all later than `after`. A callback's facts
 * are spread from its entry to its return; where nothing shows times, one fact follows the other after a microsecond.
 */
export function timesOf(
  facts: number,
  origins: Origins | undefined,
  zero: bigint | undefined,
  after: number,
): number[] {
  const times: number[] = [];
  let last = Math.round(after * 1000);
  const put = (nanosecond: number): void => {
    last = Math.max(last + 1, nanosecond);
    times.push(last / 1000);
  };
  const runs = zero === undefined ? [] : [...(origins?.runs() ?? [])];
  const first = runs[0]?.[0] ?? facts;
  for (let fact = 0; fact < first; fact++) put(last + PER_FACT);
  for (const [index, [start, origin]] of runs.entries()) {
    const next = runs[index + 1];
    const many = (next?.[0] ?? facts) - start;
    const [from, to] = spanOf(origin, next?.[1], zero!);
    for (let fact = 0; fact < many; fact++)
      put(from === undefined ? last + 1 : Math.floor(from + ((to - from) * fact) / Math.max(1, many - 1)));
  }
  return times;
}

/** From when to when a callback's facts happen, in nanoseconds: until it returns, or something else happens. */
function spanOf(
  { time, returned }: Origin,
  next: Origin | undefined,
  zero: bigint,
): [from: number | undefined, to: number] {
  if (time === undefined) return [undefined, 0];
  const since = (stamp: string): number => Number(nanoseconds(stamp) - zero);
  const from = since(time);
  const ends = [returned, next?.time].flatMap((stamp) => (stamp === undefined ? [] : [since(stamp)]));
  return [from, Math.max(from, Math.min(...ends, from + 1_000_000_000))];
}
