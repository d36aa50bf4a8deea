import type { Property } from '../check/index.ts';
import { type Mark, Projection, type State, type System } from '../compose/index.ts';
import type { Fact } from '../facts/index.ts';
import { Watch } from './watch.ts';

/** A promise that a log breaks, and the fact (from 1) after which it is broken. */
export interface Break {
  readonly property: string;
  readonly position: number;
}

/** What a log came to. */
export interface Judged {
  /** The state at the end. */
  readonly state: State;
  /** How many facts were folded. */
  readonly folded: number;
  /** Where each promise broke first, in order of time. */
  readonly breaks: Break[];
  /** The other promises: those that the log speaks of, and those that it does not. */
  readonly held: string[];
  readonly vacuous: string[];
  /** Places on the way, from the beginning on, to start from once more. */
  readonly marks: Mark[];
}

/** How many facts there are from one mark to the next. */
const STRIDE = 1000;

/** A promise that cannot be judged along one log. */
export const isAboutAllLogs = ({ clauses }: Property): boolean =>
  clauses.every(({ kind }) => kind === 'can reach' || kind === 'no deadlock');

/** Whether all machines that a promise reads are in the system. */
export const canBeAsked = ({ clauses }: Property, system: System): boolean =>
  clauses.every(
    (clause) =>
      clause.kind === 'no deadlock' ||
      [...(clause.own ?? []), ...(clause.every ?? [])].every((role) => system.ofRole(role).length > 0),
  );

/**
 * Folds a log and judges promises on the way; stops after `at` facts, or where the promise `until` is broken.
 * Throws `RefusedFact` at a fact that the machines do not accept, or whose data is not what they author.
 */
export function judge(
  system: System,
  log: Iterable<Fact>,
  properties: readonly Property[],
  { at = Number.POSITIVE_INFINITY, until }: { at?: number; until?: string } = {},
): Judged {
  const projection = new Projection(system);
  const watch = new Watch(
    projection,
    properties.filter((property) => !isAboutAllLogs(property)),
  );
  const breaks: Break[] = [];
  const marks = [projection.mark()];
  for (const fact of log) {
    if (projection.folded >= at) break;
    const broken = watch.append(fact);
    const { folded } = projection;
    for (const property of broken) breaks.push({ property, position: folded });
    if (folded % STRIDE === 0) marks.push(projection.mark());
    if (until !== undefined && broken.includes(until)) break;
  }
  const { state, folded } = projection;
  return { state, folded, breaks, held: watch.held, vacuous: watch.vacuous.map(({ id }) => id), marks };
}
