import type { AnyFact } from '../vocabulary.ts';

/** Facts that lead from one state to another without a choice, and what they cover. */
export interface Transition<F extends AnyFact = AnyFact> {
  readonly from: number;
  readonly to: number;
  readonly facts: readonly F[];
  /** The numbers of the items. */
  readonly covers: readonly number[];
}

/** Where tests can go. State 0 is where each begins. */
export interface PathGraph<F extends AnyFact = AnyFact, Item = unknown> {
  /** By state. */
  readonly transitions: readonly (readonly Transition<F>[])[];
  /** What there is to cover. */
  readonly items: readonly Item[];
  /** What is covered before anything happens. */
  readonly atStart: readonly number[];
  /** The states in which nothing is left to clean up. */
  readonly clean: readonly boolean[];
}
