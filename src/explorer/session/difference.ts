import type { Fact } from '../../facts/index.ts';
import { sharedLength } from './branches.ts';
import { type Group, observations } from './observations.ts';
import type { Timeline } from './timeline.ts';

/** A position in a log. */
export interface Place {
  readonly timeline: Timeline;
  readonly at: number;
}

/** What is not the same at two places, and the paths to them from where they part. */
export interface Difference {
  /** How many facts both paths begin with. */
  readonly shared: number;
  readonly onlyThere: readonly Fact[];
  readonly onlyHere: readonly Fact[];
  readonly rows: readonly {
    readonly title: string;
    readonly name: string;
    readonly there: string;
    readonly here: string;
  }[];
}

/** Holds one place against another. */
export function difference(there: Place, here: Place): Difference {
  const waysTo = ({ timeline, at }: Place): readonly Fact[] => timeline.facts.slice(0, at);
  const [a, b] = [waysTo(there), waysTo(here)];
  const shared = sharedLength(a, b);
  const seen = new Map(
    seenAt(there).flatMap(({ title, rows }) => rows.map(({ name, value }) => [`${title} ${name}`, value])),
  );
  const rows = seenAt(here).flatMap(({ title, rows }) =>
    rows.flatMap(({ name, value }) => {
      const before = seen.get(`${title} ${name}`) ?? '';
      return before === value ? [] : [{ title, name, there: before, here: value }];
    }),
  );
  return { shared, onlyThere: a.slice(shared), onlyHere: b.slice(shared), rows };
}

const seenAt = ({ timeline, at }: Place): Group[] => observations(timeline.world, timeline.momentAt(at));
