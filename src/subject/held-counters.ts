import type { Present } from '../engine/check/index.ts';
import { type Counter, counterAt, type Fact, type Word } from '../facts/index.ts';

/** The counters that a hart of RISC-V can have. */
const EVERY_COUNTER = Array.from({ length: 31 }, (_, idx) => counterAt(idx));
const NONE: readonly Word[] = [];

/** What a hart holds, as the machine of it in a row says. */
interface Harts {
  partOf(role: 'hart', index: number): number | undefined;
  present(part: number, local: number): Present;
}

/** What the counters of harts hold: one list for each local state of a hart, which a command can be known by. */
export class HeldCounters {
  /** By part and local state. */
  readonly #held: (readonly Word[])[][] = [];

  constructor(readonly harts: Harts) {}

  /** What the counters of the hart hold that a fact is about, in the order of their index, up to the last that is not zero. */
  of(fact: Fact, row: Int32Array): readonly Word[] {
    const part = 'hart' in fact ? this.harts.partOf('hart', fact.hart) : undefined;
    if (part === undefined) return NONE;
    this.#held[part] ??= [];
    const held = this.#held[part];
    const local = row[part]!;
    held[local] ??= countersIn(this.harts.present(part, local).context);
    return held[local];
  }
}

function countersIn(context: Present['context']): readonly Word[] {
  const held = context as Partial<Record<Counter, Word>>;
  const counters = EVERY_COUNTER.map((counter) => held[counter] ?? 0);
  return counters.slice(0, counters.findLastIndex((value) => value !== 0) + 1);
}
