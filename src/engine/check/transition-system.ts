import type { AnyFact, Vocabulary } from '../vocabulary.ts';
import type { Present } from './property.ts';

/**
 * A system that is searched by asking it what can happen next. A state is a row of whole numbers; each machine (or what is
 * observed in place of one) is a `part`, whose state has a number within its part.
 *
 * @experimental
 */
export interface TransitionSystem<F extends AnyFact = AnyFact, R extends string = string> {
  readonly vocabulary: Vocabulary<F, R>;
  readonly width: number;
  readonly initial: Int32Array;
  /** Every fact met so far, by its number. */
  readonly facts: readonly F[];
  /** How many values an index has. */
  countOf(index: string): number;
  /** The number of the part of a role that an index selects; undefined if there is none. */
  partOf(role: R, index: number): number | undefined;
  /** The number of a part's state in a row, and how a state of that number looks. */
  local(part: number, row: Int32Array): number;
  present(part: number, local: number): Present;
  /** Told of each row before its successors are asked, most of them some time before: what takes long can be begun. */
  ahead?(row: Int32Array): void;
  /**
   * Calls `visit` for every fact that can happen, with its number, and the row after it (valid during the call). Throws
   * `Undecided` where that is not known.
   */
  successors(row: Int32Array, visit: (fact: number, next: Int32Array) => void): void;
}
