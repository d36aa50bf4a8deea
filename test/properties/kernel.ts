import type { DriverMachine } from '../../machines/drivers.ts';
import { compose } from '../../models/index.ts';
import { SMALLEST } from '../../models/scope.ts';
import { fold, initialState, type State, successors } from '../../src/engine/index.ts';
import { type Counter, type Fact, RISCV_BASE_PMU, type System, WIRING } from '../../src/facts/index.ts';

/** The events of a {@link Kernel}, and the counters that count them. */
export const EVENTS = ['cycles', 'instructions'] as const;
export const COUNTERS_OF = ['cycle', 'instret'] as const satisfies readonly Counter[];
export const HARTS = 2;

type Call = Extract<Fact, { type: `${string}.call` }>;

/** A kernel 4.16 of two 64-bit harts with a cycles and an instructions event, which makes one call after the other. */
export class Kernel {
  readonly #system: System;
  readonly #steps: readonly Fact[];
  #state: State;
  /** `event->count` of each event, modulo 2^64. */
  readonly counts: bigint[] = EVENTS.map(() => 0n);

  constructor(driver: DriverMachine) {
    const scope = { ...SMALLEST, events: EVENTS.map((kind) => [kind]), harts: HARTS, pmu: RISCV_BASE_PMU };
    this.#system = compose({ ...scope, ticks: COUNTERS_OF }, '4.16', driver);
    this.#steps = this.#system.bareFacts().filter(({ type }) => WIRING[type].participants[0] === 'driver');
    this.#state = initialState(this.#system);
  }

  /** A fact that happens by itself. Throws a RefusedFact where it cannot. */
  happen(fact: Fact): void {
    this.#state = fold(this.#system, [fact], this.#state);
  }

  /** Makes a call and lets the driver run until it answers. Throws where the core may not make it, or the driver hangs. */
  call(call: Call): Fact {
    this.happen(call);
    const { event } = call;
    for (;;) {
      const [step, other] = successors(this.#system, this.#state, this.#steps);
      if (step === undefined || other !== undefined)
        throw new Error(`after ${call.type} the driver does not go on alone`);
      const [fact, state] = step;
      this.#state = state;
      if (fact.type === 'count.add') this.counts[event] = BigInt.asUintN(64, this.counts[event]! + BigInt(fact.delta));
      if (fact.type.endsWith('.return')) return fact;
    }
  }
}
