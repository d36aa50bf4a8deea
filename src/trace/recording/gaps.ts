import type { Loss, Recording, Stamp } from './read.ts';

/** A time in which events are missing: after `from`, and before `to`. */
export interface Gap {
  /** The line of the mark. */
  readonly line: number;
  /** What happened, in a sentence's beginning: `CPU 0 lost 12 events`. */
  readonly what: string;
  /** The time of the last event before it that is known to be there; absent if it may be older than the recording. */
  readonly from?: bigint;
  /** The time of the first one after it; absent if it may last until the end. */
  readonly to?: bigint;
}

/** Where events of a recording are missing, in the order of time. A mark that names no CPU can be of any. */
export function gapsOf({ losses, stamps }: Recording): Gap[] {
  const cpus = [...new Set(stamps.map(({ cpu }) => cpu))];
  return losses
    .map((loss) => gap(loss, loss.cpu === undefined ? cpus : [loss.cpu], stamps))
    .toSorted((one, other) => ((one.from ?? -1n) < (other.from ?? -1n) ? -1 : 1));
}

/** Whether something may be missing between two times. */
export const liesBetween = ({ from, to }: Gap, one: Pick<Stamp, 'time'>, other: Pick<Stamp, 'time'>): boolean =>
  (from === undefined || from < other.time) && (to === undefined || to > one.time);

function gap({ line, cpu, events }: Loss, cpus: readonly number[], stamps: readonly Stamp[]): Gap {
  const around = cpus.map((one) => {
    const own = stamps.filter((stamp) => stamp.cpu === one);
    return {
      before: own.findLast((stamp) => stamp.line < line)?.time,
      after: own.find((stamp) => stamp.line > line)?.time,
    };
  });
  const from = extreme(
    around.map(({ before }) => before),
    (one, other) => one < other,
  );
  const to = extreme(
    around.map(({ after }) => after),
    (one, other) => one > other,
  );
  const many = events === undefined ? 'events' : `${events} event${events === 1 ? '' : 's'}`;
  const who = cpu === undefined ? 'a CPU' : `CPU ${cpu}`;
  return {
    line,
    what: `${who} lost ${many}`,
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  };
}

/** The value that is before all others; undefined if one of them is not known. */
function extreme(
  values: readonly (bigint | undefined)[],
  isBefore: (one: bigint, other: bigint) => boolean,
): bigint | undefined {
  let found: bigint | undefined;
  for (const value of values) {
    if (value === undefined) return undefined;
    if (found === undefined || isBefore(value, found)) found = value;
  }
  return found;
}
