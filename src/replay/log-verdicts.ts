import { LogMonitor, type Noticed } from '../engine/check/index.ts';
import { type Mark, Projection, type State } from '../engine/compose/index.ts';
import type { Clause, Fact, Property, System } from '../facts/index.ts';

/** A property that a log breaks, and the fact (from 1) after which it is broken: while a call is in flight, or when none is. */
export interface Break extends Noticed {
  readonly position: number;
}

/** What a log came to. */
export interface LogVerdicts {
  /** The state at the end. */
  readonly state: State;
  /** How many facts were folded. */
  readonly folded: number;
  /** Where each property broke first, while a call is in flight and when none is, in order of time. */
  readonly breaks: Break[];
  /** The other properties: those that the log speaks of, those that it does not, and those that no log alone decides. */
  readonly held: string[];
  readonly vacuous: string[];
  readonly undecided: string[];
  /** Places on the way, from the beginning on, to start from once more. */
  readonly marks: Mark[];
}

/** How many facts there are from one mark to the next. */
const STRIDE = 1000;

const isClauseAboutAllLogs = ({ kind }: Clause): boolean => kind === 'can reach' || kind === 'no deadlock';

/** A property that cannot be judged along one log. */
export const isAboutAllLogs = ({ clauses }: Property): boolean => clauses.every(isClauseAboutAllLogs);

/** A property that one log can break, but that none keeps: some of what it says is of what can follow. */
export const isDecidedBySearch = ({ clauses }: Property): boolean => clauses.some(isClauseAboutAllLogs);

/** Whether all machines that a property reads are in the system. */
export const canBeAsked = ({ clauses }: Property, system: System): boolean =>
  clauses.every(
    (clause) =>
      clause.kind === 'no deadlock' ||
      [...(clause.own ?? []), ...(clause.every ?? [])].every((role) => system.ofRole(role).length > 0),
  );

/**
 * Folds a log and judges properties on the way; stops after `at` facts, or where the property `until` is broken.
 * Throws `RefusedFact` at a fact that the machines do not accept, or whose data is not what they author.
 */
export function logVerdicts(
  system: System,
  log: Iterable<Fact>,
  properties: readonly Property[],
  { at = Number.POSITIVE_INFINITY, until }: { at?: number; until?: string } = {},
): LogVerdicts {
  const projection = new Projection(system);
  const watched = properties.filter((property) => !isAboutAllLogs(property));
  const monitor = new LogMonitor(projection, watched);
  const breaks: Break[] = [];
  const marks = [projection.mark()];
  for (const fact of log) {
    if (projection.folded >= at) break;
    const broken = monitor.append(fact);
    const { folded } = projection;
    for (const noticed of broken) breaks.push({ ...noticed, position: folded });
    if (folded % STRIDE === 0) marks.push(projection.mark());
    if (broken.some(({ property }) => property === until)) break;
  }
  const { state, folded } = projection;
  const isBroken = (id: string) => breaks.some(({ property }) => property === id);
  const undecided = properties.filter((one) => isDecidedBySearch(one) && !isBroken(one.id)).map(({ id }) => id);
  const isDecided = (id: string) => !undecided.includes(id);
  const { answers } = monitor;
  const unbroken = watched
    .map(({ id }, number) => ({ id, answer: answers[number]! }))
    .filter(({ id }) => !isBroken(id));
  const idsOf = (happened: boolean) =>
    unbroken
      .filter(({ id, answer }) => isDecided(id) && (answer.happened !== undefined) === happened)
      .map(({ id }) => id);
  return { state, folded, breaks, held: idsOf(true), vacuous: idsOf(false), undecided, marks };
}
