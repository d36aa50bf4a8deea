import type { Present } from '../engine/check/index.ts';
import type { Fact } from '../facts/index.ts';

/** A moment of a log: the fact that happens (none before the first), and the state after it. */
export interface Moment {
  readonly fact: Fact | undefined;
  present(part: number): Present;
  /** What stands for the state of a part: the same for the same state. */
  local(part: number): unknown;
}

/** Whether something is true at a moment. */
export type Test = (moment: Moment) => boolean;
