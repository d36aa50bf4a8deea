import type { Fact } from '../facts/index.ts';
import type { Item } from './items.ts';

/** Facts that lead from one state to another without a choice, and what they cover. */
export interface Transition {
  readonly from: number;
  readonly to: number;
  readonly facts: readonly Fact[];
  /** The numbers of the items. */
  readonly covers: readonly number[];
}

/** Where tests can go. State 0 is where each begins. */
export interface PathGraph {
  /** By state. */
  readonly transitions: readonly (readonly Transition[])[];
  readonly items: readonly Item[];
  /** What is covered before anything happens. */
  readonly atStart: readonly number[];
  /** The states in which nothing is left to clean up. */
  readonly clean: readonly boolean[];
}
