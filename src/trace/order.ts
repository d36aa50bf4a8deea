import type { Local, Locals } from '../engine/compose/index.ts';
import type { Fact } from '../facts/index.ts';
import type { Call } from './call.ts';
import type { Groups } from './groups.ts';
import type { CallbackLine } from './line.ts';
import type { Disagreement } from './refusal.ts';

/** A fact that was inferred from a line of the trace. */
export interface Inferred {
  readonly fact: Fact;
  readonly line: CallbackLine;
  readonly before: Locals;
  readonly after: Locals;
}

/** What one call did at once, and what was done before it. */
export interface Logged {
  /** None once they are told. */
  facts: readonly Fact[];
  readonly line: CallbackLine;
  /** Undefined where what was before is told. */
  previous: Logged | undefined;
  /** How many of these there are up to here. */
  readonly length: number;
}

/** What the calls of all CPUs share; one object for each state of it. */
export interface Shared {
  readonly id: number;
}

/** A call, and how far it has come; one object for each state of it. */
export interface Pending extends Call {
  readonly isDone: boolean;
  /** A number for what it was when it last did something that others can tell. */
  readonly origin: number;
  /** How often it went on by itself since then: what it waited for has been seen. */
  readonly level: number;
  /** What it does next, by what it finds shared. */
  readonly steps: Map<Shared, Step>;
}

/** What one call does next. */
export interface Step {
  /**
   * `goes`: it goes on, and no call on another CPU can tell when. `may`: one step that others can tell from a later one.
   * `waits`: it cannot go on until another call does something.
   */
  readonly kind: 'goes' | 'may' | 'waits';
  readonly facts: readonly Fact[];
  /** By part: what it is afterwards. */
  readonly changed: readonly (readonly [part: number, local: Local])[];
  readonly shared: Shared;
  /** The groups that it was made of, and what becomes of them. */
  readonly from: Groups;
  readonly groups: Groups;
  /** The call afterwards. */
  readonly call: Pending;
  /** Whether it changes what other calls look at, beside what all share. */
  readonly disturbs: boolean;
  /** Why it cannot go on. */
  readonly why?: Disagreement;
}

/** One order of what overlapping calls did, and where it leads. It can go on as long as it explains all that was seen. */
export interface Order {
  /** The state that was last looked at, and what changed since. */
  state: Locals;
  changes: Changes | undefined;
  readonly shared: Shared;
  readonly groups: Groups;
  /** The calls, in the order of their entries: all of which some order has it that they have not returned. */
  readonly calls: readonly Pending[];
  /** What happened since the facts that are told. */
  readonly log: Logged | undefined;
  /** How many steps were taken that others can tell. */
  readonly taken: number;
  /** The last line that did something that others can tell. */
  readonly latest: number;
  /** How many calls do something after a later one has. */
  readonly turned: number;
}

/** The changes of a step, and those before it. */
export interface Changes {
  readonly changed: Step['changed'];
  readonly previous: Changes | undefined;
}
