import { type Covered, type PlainSearchOptions, plainSearch } from '../engine/check/index.ts';
import type { Fact, System } from '../facts/index.ts';
import { WIRING } from '../facts/index.ts';
import type { Met } from './bind.ts';
import type { Question } from './expression.ts';
import { Goal } from './goal.ts';
import { GoalSystem, NOT_REACHED } from './goal-system.ts';
import { type FactNames, parse } from './parse.ts';
import { machinesOf, type Searched } from './searched.ts';

/** What came out of a search for the answer to a question. @experimental */
export type Answer =
  /** A shortest log at the end of which the question is answered. */
  | { readonly kind: 'reached'; readonly log: readonly Fact[]; readonly covered: Covered }
  /** No log of the scope answers it; and the values that were met of what was compared. */
  | { readonly kind: 'unreachable'; readonly covered: Covered; readonly met: readonly Met[] }
  /** The search was cut short: nothing is known. */
  | { readonly kind: 'bounded'; readonly reason: string; readonly covered: Covered };

/** The facts of perf, as a question names them. */
export const FACT_NAMES: FactNames = new Map(
  Object.entries(WIRING).map(([type, { indices, authors }]) => [type, [...indices, ...Object.keys(authors)]]),
);

/** Reads a question about a PMU driver (docs/reach.md). Throws a `BadQuestion` with the place of what is wrong. @experimental */
export const readQuestion = (text: string): Question => parse(text, FACT_NAMES);

/**
 * Searches every log of a system, breadth first, for a shortest one that answers a question. Throws a `BadQuestion` if the
 * question names an event, a hart or a state that the system does not have.
 *
 * @experimental
 */
export async function reach(
  system: System,
  question: Question,
  options: Omit<PlainSearchOptions, 'first'> = {},
): Promise<Answer> {
  return await reachIn(machinesOf(system), question, options);
}

/** The same of whatever is searched: the C of a driver too. Throws as {@link reach} does. */
export async function reachIn(
  { system, transitions, ofC }: Searched,
  question: Question,
  options: Omit<PlainSearchOptions, 'first'> = {},
): Promise<Answer> {
  const goal = new Goal(question, system, ofC);
  const searched = new GoalSystem(transitions, goal);
  const watch = ofC === undefined ? {} : { watch: () => ofC.watch() };
  const { covered, verdicts } = await plainSearch(searched, [NOT_REACHED], { ...options, ...watch, first: true });
  const found = verdicts.get(NOT_REACHED.id)!;
  const verdict = ofC?.asFarAsKnown(found, transitions.facts) ?? found;
  if (verdict.verdict === 'bounded') return { kind: 'bounded', reason: verdict.reason, covered };
  if (verdict.verdict === 'violated') return { kind: 'reached', log: verdict.counterexample.facts, covered };
  if (covered.stoppedBy !== undefined) return { kind: 'bounded', reason: covered.stoppedBy, covered };
  return { kind: 'unreachable', covered, met: goal.met };
}
