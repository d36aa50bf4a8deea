import { rerun } from '../audit/rerun.ts';
import { type Fact, type System, word } from '../facts/index.ts';
import { type Defect, wide } from './defects.ts';

/** Where an event is while a counter advances. */
export type During = 'before' | 'running' | 'running elsewhere' | 'stopped' | 'out';

/** One interval of time on one hart: by how much the event's counter advances there between two callbacks. */
export interface Interval {
  readonly hart: number;
  readonly during: During;
  /** How many facts of the log come before it. */
  readonly position: number;
  /** How many times the count has it; and how many times it should. */
  readonly counted: bigint;
  readonly ran: bigint;
}

/** What else is added to a count, in a situation: a multiple of a power of two, modulo 2^64. */
export interface Jump {
  readonly value: bigint;
  readonly situation: Situation;
}

export type Situation =
  /** Nothing has to happen. */
  | { readonly kind: 'always' }
  /** The event is read on a hart whose counter is behind that of the hart where prev_count was taken. */
  | { readonly kind: 'behind' }
  /** The counter, or the half of it that is read, comes round while the event runs. */
  | { readonly kind: 'comes round'; readonly bits: number }
  /** More is counted between two updates than the mask holds. */
  | { readonly kind: 'too long'; readonly bits: number }
  /** Something sets the counter back while the event runs. */
  | { readonly kind: 'set back' };

/** What a count comes to along a log, whatever the counters do: found by running the machines at full width. */
export interface Response {
  readonly intervals: readonly Interval[];
  readonly jumps: readonly Jump[];
}

/** The widths of the PMU: `counterWidth` is what the driver's mask keeps, `counterBits` what the counter has. */
export interface Widths {
  readonly counterWidth: number;
  readonly counterBits?: number;
}

/** How large the intervals are where nothing comes round: no two are alike. */
const USUAL = 1_000n;
const FAR = 1_000_000_000n;

/** The count of the log's event, as a function of how far the counters advance between its callbacks. */
export function responseOf(defect: Defect, widths: Widths): Response {
  const { harts, pmu } = wide(defect.model.scope, widths);
  const run = new Run(defect, widths);
  const usual = run.intervals.map((_, index) => USUAL + BigInt(index * index));
  const base = run.with(usual);
  const intervals = run.intervals.map((interval, index): Interval => {
    const more = run.with(usual.with(index, usual[index]! + 1n));
    return { ...interval, counted: BigInt.asIntN(64, more.count - base.count), ran: more.ran - base.ran };
  });
  const jumps: Jump[] = [];
  const note = (situation: Situation, amounts: readonly bigint[]): void => {
    const linear = intervals.reduce((sum, { counted }, index) => sum + counted * amounts[index]!, 0n);
    const value = BigInt.asUintN(64, run.with(amounts).count - linear);
    if (value !== 0n && !jumps.some((jump) => jump.value === value)) jumps.push({ situation, value });
  };
  /** The amounts with one more, and the counter of its hart at `before` when the interval begins. */
  const from = (index: number, before: bigint, amount: bigint): bigint[] => {
    const { hart } = intervals[index]!;
    const start = intervals.findIndex((interval) => interval.hart === hart);
    const earlier = usual.reduce(
      (sum, one, other) => (other > start && other < index && intervals[other]!.hart === hart ? sum + one : sum),
      0n,
    );
    return usual.with(index, amount).with(start, before - earlier);
  };
  note({ kind: 'always' }, usual);
  const running = intervals.findIndex(({ ran }) => ran === 1n);
  if (running < 0) return { intervals, jumps };
  if (harts > 1)
    for (let hart = 0; hart < harts; hart++) {
      const start = intervals.findIndex((interval) => interval.hart === hart);
      note({ kind: 'behind' }, usual.with(start, FAR));
    }
  for (const bits of new Set([pmu.xlen, pmu.counterBits ?? 64].filter((bits) => bits < 64)))
    note({ kind: 'comes round', bits }, from(running, 2n ** BigInt(bits) - USUAL / 2n, USUAL));
  // What a narrow mask loses is no fault of another defect.
  const masks = defect.board === undefined ? [pmu.xlen] : [pmu.counterBits ?? 64, pmu.counterWidth];
  for (const bits of new Set(masks.filter((bits) => bits < 63)))
    note({ kind: 'too long', bits }, from(running, FAR, 2n ** BigInt(bits) + USUAL));
  if (defect.board === 'sound') note({ kind: 'set back' }, from(running, FAR, -USUAL));
  return { intervals, jumps };
}

/** A log that can be run again with other amounts of time between its callbacks. */
class Run {
  readonly intervals: readonly Omit<Interval, 'counted' | 'ran'>[];
  readonly #system: System;
  readonly #log: readonly Fact[];
  readonly #counter: Fact<'hart.tick'>['counter'];

  constructor(defect: Defect, widths: Widths) {
    const { scope } = defect.model;
    this.#system = defect.systemOf(wide(scope, widths));
    this.#log = defect.log.filter(({ type }) => type !== 'hart.tick');
    this.#counter = scope.ticks[0]!;
    this.intervals = intervalsOf(this.#log, scope.harts);
  }

  /** What is counted, and what ran, with these amounts; a negative one sets the counter back. */
  with(amounts: readonly bigint[]): { count: bigint; ran: bigint } {
    const facts: Fact[] = [];
    let next = 0;
    for (let position = 0; position <= this.#log.length; position++) {
      for (; this.intervals[next]?.position === position; next++)
        facts.push({
          type: 'hart.tick',
          hart: this.intervals[next]!.hart,
          counter: this.#counter,
          ticks: word(amounts[next]!, 64),
        });
      if (position < this.#log.length) facts.push(this.#log[position]!);
    }
    const part = this.#system.partOf('count', 0)!;
    let count = 0n;
    let ran = 0n;
    for (const { fact, before, after } of rerun(this.#system, facts)) {
      if (fact.type === 'count.add') count += BigInt(fact.delta);
      if (fact.type === 'hart.tick' && before[part] !== after[part]) ran += BigInt.asIntN(64, BigInt(fact.ticks));
    }
    return { count, ran };
  }
}

/** Where between callbacks time can pass, for each hart. */
function intervalsOf(log: readonly Fact[], harts: number): Omit<Interval, 'counted' | 'ran'>[] {
  const all: Omit<Interval, 'counted' | 'ran'>[] = [];
  let on: number | undefined;
  let state: 'before' | 'running' | 'stopped' | 'out' = 'before';
  const pass = (position: number): void => {
    for (let hart = 0; hart < harts; hart++) {
      const during = state === 'running' && hart !== on ? 'running elsewhere' : state;
      all.push({ hart, during, position });
    }
  };
  pass(0);
  for (const [index, fact] of log.entries()) {
    if (fact.type === 'add.return' && fact.answer === 0) [state, on] = ['running', fact.hart];
    else if (fact.type === 'start.return') state = 'running';
    else if (fact.type === 'stop.return') state = 'stopped';
    else if (fact.type === 'del.return') state = 'out';
    else continue;
    if (index < log.length - 1) pass(index + 1);
  }
  return all;
}
