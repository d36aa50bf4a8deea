import {
  type Answer,
  type Attribute,
  answersOn,
  attributeKind,
  type Counter,
  countersOf,
  type Fact,
  isImpossible,
  PERF_EF,
  PERF_HES,
  PERF_TYPE,
  type PmcOwner,
  type Pmu,
  RISCV_BASE_PMU,
  type Word,
} from '../facts/index.ts';

/** What a caller, or the world around the driver, does in one step of a path test. */
export type Stimulus = Fact<
  | 'event_init.call'
  | 'destroy.call'
  | 'event.free'
  | 'add.call'
  | 'del.call'
  | 'start.call'
  | 'stop.call'
  | 'read.call'
  | 'hart.tick'
  | 'foreign.take'
  | 'foreign.release'
>;

const STIMULI: readonly string[] = ['event.free', 'hart.tick', 'foreign.take', 'foreign.release'];

/** Whether a fact is done to the driver, and not by it. An interrupt is nobody's stimulus: when it comes, the counter says. */
export const isStimulus = (fact: Fact): fact is Stimulus =>
  fact.type !== 'overflow.call' && (fact.type.endsWith('.call') || STIMULI.includes(fact.type));

/** Something that the contract wants after a step, to be looked at from outside. */
export type Expectation = { readonly property: string } & (
  | { readonly what: 'answer'; readonly oneOf: readonly Answer[] }
  | { readonly what: 'warnings'; readonly is: 0 }
  | { readonly what: 'active events'; readonly is: number }
  | { readonly what: 'PMC owner'; readonly is: PmcOwner }
  | { readonly what: 'destroy set'; readonly event: number; readonly is: boolean }
  | { readonly what: 'n_events'; readonly hart: number; readonly is: number }
  /** The events that are found at `events[idx]` of their own index, and no others. */
  | { readonly what: 'slots'; readonly hart: number; readonly is: readonly number[] }
  /** Bits of `hw.state` that are set, and bits that are not. */
  | { readonly what: 'hw.state'; readonly event: number; readonly has: number; readonly lacks: number }
  /**
   * `event->count`, in ticks of that counter (null: one that the driver writes, so that it tells nobody else); a decimal string,
   * since it has 64 bits.
   */
  | { readonly what: 'count'; readonly event: number; readonly counter: Counter | null; readonly is: string }
);

interface EventState {
  attribute: Attribute | null;
  /** The counter that it has: the only one that can count it, or the first of several that was free. */
  counter: Counter | null;
  live: boolean;
  /** The hart on which it is added. */
  hart: number | null;
  running: boolean;
  /** Ticks of its counter while it ran. */
  ticks: bigint;
}

/**
 * The contract of a PMU driver as its callers see it, one call after the other: what each call must answer, and what must be
 * seen after it. It follows from what was done and from nothing that a driver did, so that a driver which breaks
 * a property is found at the step in which it does.
 */
export class Contract {
  readonly #events: EventState[];
  #foreign = false;

  /** `reserves` says whether the driver has anything to reserve of this PMU. */
  constructor(
    events: number,
    readonly harts: number,
    readonly pmu: Pmu = RISCV_BASE_PMU,
    readonly reserves = true,
  ) {
    this.#events = Array.from({ length: events }, () => ({
      attribute: null,
      counter: null,
      live: false,
      hart: null,
      running: false,
      ticks: 0n,
    }));
  }

  /** What the contract says of this step, and of what can be seen after it. */
  after(stimulus: Stimulus): Expectation[] {
    const own = this.#does(stimulus);
    const live = this.#events.filter((event) => event.live).length;
    const owner: PmcOwner = this.#foreign ? 'foreign' : live > 0 && this.reserves ? 'driver' : 'nobody';
    const broken =
      owner === 'foreign' ? 'foreign-owner-kept' : owner === 'driver' ? 'reserved-while-live' : 'released-when-idle';
    const harts = Array.from({ length: this.harts }, (_, hart) => hart).flatMap((hart): Expectation[] => {
      const there = this.#events.flatMap((event, number) => (event.hart === hart ? [number] : []));
      return [
        { property: 'slots-match-count', what: 'n_events', hart, is: there.length },
        { property: 'slot-owner', what: 'slots', hart, is: there },
      ];
    });
    return [
      ...own,
      { property: 'no-warning', what: 'warnings', is: 0 },
      { property: 'references-balance', what: 'active events', is: live },
      { property: broken, what: 'PMC owner', is: owner },
      ...harts,
    ];
  }

  /** Time passes: what runs there is to count it. */
  passes(hart: number, counter: Counter, ticks: Word): void {
    for (const event of this.#events)
      if (event.running && event.hart === hart && event.counter === counter) event.ticks += BigInt(ticks);
  }

  #does(stimulus: Stimulus): Expectation[] {
    switch (stimulus.type) {
      case 'foreign.take':
        this.#foreign = true;
        return [];
      case 'foreign.release':
        this.#foreign = false;
        return [];
      case 'hart.tick':
        this.passes(stimulus.hart, stimulus.counter, stimulus.ticks);
        return [];
      case 'event_init.call':
        return this.#opens(stimulus);
      case 'destroy.call':
        this.#events[stimulus.event]!.live = false;
        return [];
      case 'event.free':
        Object.assign(this.#events[stimulus.event]!, { attribute: null, live: false, ticks: 0n });
        return [];
      case 'add.call':
        return this.#adds(stimulus);
      case 'del.call': {
        const { event } = stimulus;
        Object.assign(this.#events[event]!, { hart: null, running: false });
        return [this.#stopped(event, PERF_HES.STOPPED | PERF_HES.UPTODATE), this.#counted(event)];
      }
      case 'start.call':
        this.#events[stimulus.event]!.running = true;
        return [{ property: 'no-warning', what: 'hw.state', event: stimulus.event, has: 0, lacks: PERF_HES.STOPPED }];
      case 'stop.call': {
        const { event, flags } = stimulus;
        this.#events[event]!.running = false;
        const updates = (flags & PERF_EF.UPDATE) !== 0;
        const has = updates ? PERF_HES.STOPPED | PERF_HES.UPTODATE : PERF_HES.STOPPED;
        return [this.#stopped(event, has), ...(updates ? [this.#counted(event)] : [])];
      }
      case 'read.call':
        return [this.#counted(stimulus.event)];
    }
  }

  #opens({ event, attribute, fits }: Fact<'event_init.call'>): Expectation[] {
    const { type } = attributeKind(attribute);
    const ours = type === PERF_TYPE.HARDWARE || type === PERF_TYPE.HW_CACHE || type === PERF_TYPE.RAW;
    const possible: readonly Answer[] = fits === false ? ['EINVAL'] : answersOn(this.pmu, attribute);
    const busy = this.#foreign && ours;
    // A PMC that another owner has is no reason to admit anything; what is refused anyway may be refused as such.
    const oneOf: Answer[] = busy ? [...possible.filter((answer) => answer !== 0), 'EBUSY'] : [...possible];
    const admitted = oneOf.includes(0);
    Object.assign(this.#events[event]!, { attribute, live: admitted, ticks: 0n });
    const impossible = isImpossible(this.pmu, attribute) || fits === false;
    const property = impossible ? 'no-admission-of-the-impossible' : 'errno-contract';
    return [
      { property, what: 'answer', oneOf },
      { property: 'init-all-or-nothing', what: 'destroy set', event, is: admitted },
    ];
  }

  #adds({ event, hart, flags }: Fact<'add.call'>): Expectation[] {
    const own = this.#events[event]!;
    const taken = this.#events.map((other) => (other !== own && other.hart === hart ? other.counter : null));
    const counter = countersOf(this.pmu, own.attribute!).find((one) => !taken.includes(one));
    if (counter === undefined) return [{ property: 'enospc-iff-full', what: 'answer', oneOf: ['ENOSPC'] }];
    const starts = (flags & PERF_EF.START) !== 0;
    Object.assign(own, { counter, hart, running: starts });
    return [
      { property: 'enospc-iff-full', what: 'answer', oneOf: [0] },
      starts
        ? { property: 'no-warning', what: 'hw.state', event, has: 0, lacks: PERF_HES.STOPPED }
        : this.#stopped(event, PERF_HES.STOPPED),
    ];
  }

  #stopped(event: number, has: number): Expectation {
    // What the core's next start asks of it, or else warns.
    return { property: 'no-warning', what: 'hw.state', event, has, lacks: 0 };
  }

  #counted(event: number): Expectation {
    const { counter, ticks } = this.#events[event]!;
    return {
      property: 'count-exact',
      what: 'count',
      event,
      counter: this.pmu.interrupt ? null : counter,
      is: String(ticks),
    };
  }
}
