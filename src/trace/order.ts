import type { Locals } from '../compose/index.ts';
import type { Fact } from '../facts/index.ts';
import type { Call } from './call.ts';
import type { Groups } from './groups.ts';
import type { CallbackLine } from './line.ts';

/** A fact that was inferred from a line of the trace. */
export interface Inferred {
  readonly fact: Fact;
  readonly line: CallbackLine;
  readonly before: Locals;
  readonly after: Locals;
}

/** A fact of an order, and the one before it. */
export interface Logged {
  readonly fact: Fact;
  readonly line: CallbackLine;
  readonly previous: Logged | undefined;
}

/** One order of what overlapping calls did, and where it leads. It can go on as long as it explains all that was seen. */
export interface Order {
  readonly state: Locals;
  readonly groups: Groups;
  /** The calls that have not returned, in the order of their entries. */
  readonly calls: readonly Call[];
  /** What happened since the last line that only one order could explain: the last fact, and how many there are. */
  readonly log: Logged | undefined;
  readonly length: number;
}
