import { DRIVERS, type DriverMachine } from '../../machines/drivers.ts';
import { compose, type Scope } from '../../models/index.ts';
import { System } from '../engine/compose/index.ts';
import { type Answer, PERF, type Pmu, plus, RISCV_BASE_PMU, type Word } from '../facts/index.ts';
import type { Stimulus } from './contract.ts';
import { Sequential } from './sequential.ts';
import type { Observation, SystemUnderTest, Scope as TestScope } from './system-under-test.ts';

/** The modelled driver as a system under test, at its real widths, with nobody who would keep it from a call. @experimental */
export class SimulatedDriver implements SystemUnderTest {
  #running: Sequential;
  #counts: Word[] = [];
  #warnings = 0;

  /** `pmu` is what differs from the seed's PMU on RV64. */
  constructor(
    readonly driver: DriverMachine = DRIVERS['as-posted'],
    readonly pmu: Partial<Pmu> = {},
  ) {
    this.#running = this.#boot(1, 0);
    this.reset({ events: 1, harts: 0 });
  }

  reset({ events, harts }: Pick<TestScope, 'events' | 'harts'>): void {
    this.#running = this.#boot(events, harts);
    this.#counts = Array.from({ length: events }, () => 0);
    this.#warnings = 0;
  }

  call(stimulus: Stimulus): Answer | undefined {
    const facts = this.#running.does(stimulus);
    for (const fact of facts) {
      if (fact.type === 'warn') this.#warnings++;
      if (fact.type === 'count.add') this.#counts[fact.event] = plus(this.#counts[fact.event]!, fact.delta, 64);
      if (fact.type === 'event.free') this.#counts[fact.event] = 0;
    }
    const returned = facts.at(-1)!;
    return 'answer' in returned ? returned.answer : undefined;
  }

  observe(): Observation {
    const { system, state } = this.#running;
    const contexts = (role: 'driver' | 'slots' | 'reservation' | 'activeEvents') =>
      system.ofRole(role).map((part) => state[part]!.context);
    return {
      activeEvents: contexts('activeEvents')[0].value,
      pmcOwner: contexts('reservation')[0].perfIrq,
      warnings: this.#warnings,
      harts: contexts('slots').map(({ nEvents, events }) => ({ nEvents, slots: events })),
      events: contexts('driver').map(({ hwState, idx, destroySet }, event) => ({
        hwState,
        idx,
        destroySet,
        count: this.#counts[event]!,
      })),
    };
  }

  /** The machines of that many events and harts, without the contract of the perf core. */
  #boot(events: number, harts: number): Sequential {
    const scope: Scope = {
      events: Array.from({ length: events }, () => []),
      harts,
      pmu: { ...RISCV_BASE_PMU, ...this.pmu },
      ticks: ['cycle', 'instret'],
      foreign: true,
      group: 0,
      oddOpens: 0,
      reopens: true,
    };
    const { parts, domains } = compose(scope, 'any-order', this.driver);
    const withoutContract = parts.filter(({ role }) => role !== 'lifecycle');
    return new Sequential(new System(PERF, withoutContract, domains));
  }
}
