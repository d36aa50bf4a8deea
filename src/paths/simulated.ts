import { DRIVERS, type DriverMachine } from '../../machines/drivers.ts';
import { compose, type Scope } from '../../models/index.ts';
import { append, author, initialState, isRefusal, type State, System } from '../compose/index.ts';
import { type Answer, type Fact, type Pmu, plus, RISCV_BASE_PMU, WIRING, type Word } from '../facts/index.ts';
import type { Deed } from './contract.ts';
import type { Observation, Subject, Scope as TestScope } from './subject.ts';

/** The modelled driver as a subject, at its real widths, with nobody who would keep it from a call. */
export class SimulatedDriver implements Subject {
  #system: System;
  #offers: readonly Fact[] = [];
  #state: State = [];
  #counts: Word[] = [];
  #warnings = 0;

  /** `pmu` is what differs from the seed's PMU on RV64. */
  constructor(
    readonly driver: DriverMachine = DRIVERS['as-posted'],
    readonly pmu: Partial<Pmu> = {},
  ) {
    this.#system = this.#compose(1, 0);
    this.reset({ events: 1, harts: 0 });
  }

  reset({ events, harts }: Pick<TestScope, 'events' | 'harts'>): void {
    this.#system = this.#compose(events, harts);
    this.#offers = this.#system.bareFacts().filter(({ type }) => WIRING[type].participants[0] === 'driver');
    this.#state = initialState(this.#system);
    this.#counts = Array.from({ length: events }, () => 0);
    this.#warnings = 0;
  }

  call(deed: Deed): Answer | undefined {
    let fact: Fact = this.#happens(deed);
    if (!deed.type.endsWith('.call')) return undefined;
    const returns = deed.type.replace('.call', '.return');
    while (fact.type !== returns) fact = this.#driverStep((deed as Fact<'add.call'>).event, returns);
    return 'answer' in fact ? fact.answer : undefined;
  }

  observe(): Observation {
    const contexts = (role: 'driver' | 'slots' | 'reservation' | 'activeEvents') =>
      this.#system.ofRole(role).map((part) => this.#state[part]!.context);
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
  #compose(events: number, harts: number): System {
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
    return new System(
      parts.filter(({ role }) => role !== 'lifecycle'),
      domains,
    );
  }

  #driverStep(event: number, returns: string): Fact {
    for (const offer of this.#offers) {
      if (!('event' in offer) || offer.event !== event) continue;
      if (offer.type.endsWith('.return') && offer.type !== returns) continue;
      const fact = author(this.#system, this.#state, offer);
      const next = append(this.#system, this.#state, fact);
      if (isRefusal(next)) continue;
      return this.#took(fact, next);
    }
    throw new Error(`the driver of event ${event} is stuck before ${returns}`);
  }

  #happens(deed: Deed): Fact {
    const fact = author(this.#system, this.#state, deed);
    const next = append(this.#system, this.#state, fact);
    if (isRefusal(next)) throw new Error(`${deed.type} cannot happen now: the ${next.refusedBy} refuses it`);
    return this.#took(fact, next);
  }

  #took(fact: Fact, next: State): Fact {
    this.#state = next;
    if (fact.type === 'warn') this.#warnings++;
    if (fact.type === 'count.add') this.#counts[fact.event] = plus(this.#counts[fact.event]!, fact.delta, 64);
    if (fact.type === 'event.free') this.#counts[fact.event] = 0;
    return fact;
  }
}
