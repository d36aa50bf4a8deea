import type { Present } from '../engine/check/index.ts';
import { type Counter, counterAt, type Fact, type Word } from '../facts/index.ts';
import type { Call, Code } from './code.ts';

/** The counters that a hart of RISC-V can have. */
const EVERY_COUNTER = Array.from({ length: 31 }, (_, idx) => counterAt(idx));
const NONE: readonly Word[] = [];
/** In place of the part of a hart: a fact is about none. */
const NO_HART = -1;

/** The machines that call the C: the facts that they know by number, and their harts. */
interface Callers {
  readonly facts: readonly Fact[];
  partOf(role: 'hart', index: number): number | undefined;
  present(part: number, local: number): Present;
}

/** What facts of the environment are to the C: each by its number, and by the state of the hart that it is about. */
export class Calls {
  /** By number of a fact: the part of its hart; and by the state of that: the call, or null where the C takes no part in it. */
  readonly #harts: number[] = [];
  readonly #calls: (Call | null)[][] = [];
  /** By part and local state: what the counters of a hart hold. */
  readonly #held: (readonly Word[])[][] = [];

  /** `reaches`: whether the C takes part in a fact. */
  constructor(
    readonly code: Code,
    readonly callers: Callers,
    readonly reaches: (fact: Fact) => boolean,
  ) {}

  /** The call that a fact is in a row; null where the C takes no part in it. */
  of(number: number, row: Int32Array): Call | null {
    this.#harts[number] ??= this.#hartOf(this.callers.facts[number]!);
    const hart = this.#harts[number];
    const local = hart === NO_HART ? 0 : row[hart]!;
    this.#calls[number] ??= [];
    const calls = this.#calls[number];
    let call = calls[local];
    if (call === undefined) {
      const fact = this.callers.facts[number]!;
      call = this.reaches(fact) ? this.code.callOf(fact, this.#countersOf(hart, local)) : null;
      calls[local] = call;
    }
    return call;
  }

  #hartOf(fact: Fact): number {
    return ('hart' in fact ? this.callers.partOf('hart', fact.hart) : undefined) ?? NO_HART;
  }

  /** What the counters of a hart hold, in the order of their index, up to the last that is not zero: one list for each state. */
  #countersOf(hart: number, local: number): readonly Word[] {
    if (hart === NO_HART) return NONE;
    this.#held[hart] ??= [];
    const held = this.#held[hart];
    held[local] ??= countersIn(this.callers.present(hart, local).context);
    return held[local];
  }
}

function countersIn(context: Present['context']): readonly Word[] {
  const held = context as Partial<Record<Counter, Word>>;
  const counters = EVERY_COUNTER.map((counter) => held[counter] ?? 0);
  return counters.slice(0, counters.findLastIndex((value) => value !== 0) + 1);
}
