import type { Local, Locals } from '../engine/compose/index.ts';
import type { Fact } from '../facts/index.ts';
import type { Groups } from './groups.ts';
import type { CallbackLine } from './line.ts';

/** A fact that was inferred from a line of the trace. */
export interface Inferred {
  readonly fact: Fact;
  readonly line: CallbackLine;
  readonly before: Locals;
  readonly after: Locals;
}

/** What the calls of all CPUs share; one object for each state of it. */
export interface Shared {
  readonly id: number;
  /** `riscv_active_events`. */
  readonly active: number;
  readonly locals: Locals;
}

/** The machines of one event; one object for each state of them. */
export interface Own {
  readonly event: number;
  readonly locals: Locals;
}

/** All other machines: those of events that no call is in, and of harts; one object for each state of them. */
export interface Around {
  readonly id: number;
  /** By part. What calls share, and the events that they are in, are stale in it. */
  readonly state: Locals;
  readonly groups: Groups;
  readonly hash: number;
  /** By what a call leaves behind: what is around then. */
  readonly left: Map<Own, Around>;
}

/**
 * Calls that are alike in all that matters for what they can do: same callback, same event, and the recorder saw the same, but for
 * `riscv_active_events`.
 */
export interface CallKind {
  /** One of them, without that count. */
  readonly line: CallbackLine;
  readonly event: number;
  /** Whether what it does depends on more than its event and what all calls share. */
  readonly looksAround: boolean;
  /** Where such calls begin. */
  readonly roots: Pending[];
  /** How far such a call can have come, by a key. */
  readonly states: Map<string, Pending>;
}

/** A call of the trace. */
export interface Entered {
  readonly line: CallbackLine;
  readonly kind: CallKind;
  /** The line at which it must have returned; infinite until that is met. */
  due: number;
  /** Whether it was entered before the line from which orders are followed of which it is not known how far it had come. */
  isFromBefore?: boolean;
}

/** How far a call has come; one object for each state of it. */
export interface Pending {
  readonly kind: CallKind;
  readonly own: Own;
  /** False while what the recorder saw at the entry is still ahead. */
  readonly running: boolean;
  readonly counted: number | string;
  readonly warned: number;
  readonly isDone: boolean;
  /** A number for what it was when it last did something that others can tell. */
  readonly origin: number;
  /** How often it went on by itself since then: what it waited for has been seen. */
  readonly level: number;
  /** What it does next, by what it finds shared; and by what is around, if it looks there. */
  readonly steps: (Step | null)[];
  readonly stepsAround: Map<Around, (Step | null)[]> | undefined;
  /** Of a call of which it is not known how far it has come, returned or not: from where it may take a step. */
  readonly anywhere?: readonly Pending[];
}

/** What one call does next. */
export interface Step {
  /** `goes`: it goes on, and no call on another CPU can tell when. `may`: one step that others can tell from a later one. */
  readonly kind: 'goes' | 'may';
  /** The counts of `riscv_active_events` with which it goes together are those that the recorder saw then. */
  readonly seen: 'before' | 'after' | undefined;
  readonly facts: readonly Fact[];
  readonly shared: Shared;
  /** What is around afterwards, if it changes that. */
  readonly around: Around | undefined;
  /** The call afterwards. */
  readonly pending: Pending;
  /** What becomes of the events of other calls, if it changes them. */
  readonly others: ReadonlyMap<number, Own> | undefined;
}

/** One order of what overlapping calls did, and where it leads. It can go on as long as it explains all that was seen. */
export interface Order {
  readonly shared: Shared;
  readonly around: Around;
  /** The calls, in the order of their entries, and how far each has come. */
  readonly calls: readonly Entered[];
  readonly pending: readonly Pending[];
  /** How many steps were taken that others can tell. */
  readonly taken: number;
  /** The last line that did something that others can tell. */
  readonly latest: number;
  /** How many calls do something after a later one has. */
  readonly turned: number;
  /** The order before; undefined where the facts up to here are told. */
  before: Order | undefined;
  /** The call of it that took a step, or -1 where the next line was entered. */
  readonly by: number;
  /** The number of that line, and its call. */
  readonly line: number;
  readonly call: Entered | undefined;
}

/** The local states of some parts. */
export const isSame = (one: readonly Local[], other: readonly Local[]): boolean => {
  for (let index = 0; index < one.length; index++) if (one[index] !== other[index]) return false;
  return true;
};
