import type { FactDefinition, RoleDefinition } from '../engine/index.ts';
import type { Attribute } from './attributes.ts';
import type { Answer, Counter } from './constants.ts';
import type { Word } from './word.ts';

/** The kinds of machine that take part in facts. @experimental */
export type Role =
  /** One per event: what the perf core believes of it, and so which call may come next. */
  | 'lifecycle'
  /** One per event: where in the driver's code its callback is. */
  | 'driver'
  /** One per event: `prev_count`, and what `count` lacks against the truth. */
  | 'count'
  /** One per hart: `cycle` and `instret`. */
  | 'hart'
  /** One per hart: `struct cpu_hw_events`. */
  | 'slots'
  /** The mutex and `perf_irq`. */
  | 'reservation'
  /** `riscv_active_events`. */
  | 'activeEvents'
  /** The members of one perf group, as the core schedules them. */
  | 'group';

/** Who holds the PMC hardware, as `perf_irq` (or the interrupt line) says: nobody, this driver's handler, or another one. */
export type PmcOwner = 'nobody' | 'driver' | 'foreign';

/** The C functions that can warn. */
export type WarnSite = 'read_counter' | 'riscv_pmu_stop' | 'riscv_pmu_start' | 'riscv_pmu_start (reload)';

export interface OfEvent {
  /** The event, numbered from 0. */
  readonly event: number;
}
export interface OnHart extends OfEvent {
  /** The hart that runs the callback, numbered from 0. */
  readonly hart: number;
}
export interface WithFlags extends OnHart {
  /** `PERF_EF_*`. */
  readonly flags: number;
}

/** Every fact type with all its fields. Which of them are indices, and who authors the others, is in {@link WIRING}. */
export interface Facts {
  // The perf core calls the driver, and the driver answers.
  'event_init.call': OfEvent & {
    readonly attribute: Attribute;
    /** Whether the event's group, with this event in it, fits the counters; absent where no group is modelled. */
    readonly fits?: boolean;
  };
  'event_init.return': OfEvent & {
    readonly answer: Answer;
    /** Whether `event->destroy` is set. */
    readonly destroySet: boolean;
  };
  'destroy.call': OfEvent;
  'destroy.return': OfEvent;
  /** The core frees the event: what is opened next is a new one, zeroed. */
  'event.free': OfEvent;
  'add.call': WithFlags;
  'add.return': OnHart & { readonly answer: Answer };
  'del.call': WithFlags;
  'del.return': OnHart;
  'start.call': WithFlags;
  'start.return': OnHart;
  'stop.call': WithFlags;
  'stop.return': OnHart;
  'read.call': OnHart;
  'read.return': OnHart;

  // Shared data of the driver.
  /** `atomic_inc_return(&riscv_active_events)`. */
  'active_events.inc': OfEvent & { readonly value: number };
  /** `atomic_dec_return(&riscv_active_events)`. */
  'active_events.dec': OfEvent & { readonly value: number };
  'mutex.lock': OfEvent;
  /** `mutex_lock` finds the mutex taken; a `mutex.lock` follows when it is free. */
  'mutex.wait': OfEvent;
  'mutex.unlock': OfEvent;
  'perf_irq.read': OfEvent & {
    readonly owner: PmcOwner;
    /** Whether another owner holds the PMC, or believes so: it may have been displaced. */
    readonly foreignHolds: boolean;
  };
  'perf_irq.write': OfEvent & { readonly owner: PmcOwner };
  /** `request_irq`, and who held the line: it is granted if nobody did. */
  request_irq: OfEvent & { readonly owner: PmcOwner; readonly foreignHolds: boolean };
  /** `free_irq`, and who held the line: the kernel warns if it is not this driver. */
  free_irq: OfEvent & { readonly owner: PmcOwner };

  // Data of one hart.
  /** `add` looks at `cpu_hw_events`. */
  'slots.read': OnHart & { readonly nEvents: number; readonly occupied: readonly boolean[] };
  /** `events[idx] == event`. */
  'slots.compare': OnHart & { readonly idx: number; readonly same: boolean };
  /** `events[idx] = event`, or `= NULL`. */
  'slots.write': OnHart & { readonly idx: number; readonly bound: boolean };
  'n_events.inc': OnHart & { readonly value: number };
  'n_events.dec': OnHart & { readonly value: number };
  /** `csr_read` of a counter: `half` is `low` for the register itself, `high` for the upper half on RV32. */
  'csr.read': OnHart & { readonly counter: Counter; readonly half: 'low' | 'high'; readonly value: Word };
  /** `add` of a driver that gives out counters looks which ones it has given out (`used_mask`). */
  'used_mask.read': OnHart & { readonly used: readonly boolean[] };
  /** `set_bit(idx, used_mask)`: the event has that counter now. */
  'used_mask.set': OnHart & { readonly idx: number };
  /** `clear_bit(idx, used_mask)`. */
  'used_mask.clear': OnHart & { readonly idx: number };
  /**
   * A counter is given the value from which it goes on, which also sets it up to overflow once more (as a counter is started
   * with an initial value through SBI).
   */
  'csr.write': OnHart & { readonly counter: Counter; readonly half: 'low' | 'high'; readonly value: Word };
  /** The interrupt of a counter that came round: the handler finds the event in the counter's slot. */
  'overflow.call': OnHart & { readonly counter: Counter };
  'overflow.return': OnHart;
  /** The same, and the handler finds the slot empty. */
  'overflow.stray': { readonly hart: number; readonly counter: Counter };
  /** A counter advances. */
  'hart.tick': { readonly hart: number; readonly counter: Counter; readonly ticks: Word };

  // Data of one event.
  'prev_count.read': OfEvent & { readonly value: Word };
  'prev_count.set': OfEvent & { readonly value: Word };
  /** `local64_cmpxchg(&hwc->prev_count, expected, value)`, and what it found. */
  'prev_count.cmpxchg': OfEvent & { readonly expected: Word; readonly value: Word; readonly found: Word };
  /** `local64_add(delta, &event->count)`. */
  'count.add': OfEvent & { readonly delta: Word };
  /** `perf_event_update_userpage(event)`. */
  'userpage.update': OfEvent;

  // What a person would see.
  /** A `WARN_ON_ONCE` whose condition is true. */
  warn: OfEvent & { readonly site: WarnSite };
  /** `pr_warn("PMC hardware busy …")`. */
  pr_warn: OfEvent;
  /** `read_counter` is asked for a counter that does not exist, and answers `-EINVAL` as a counter value. */
  'read_counter.default': OfEvent & { readonly idx: number };

  // The other owner of the PMC.
  'foreign.take': object;
  'foreign.release': object;
}

export type FactType = keyof Facts;

/** One indivisible thing that happened, as plain JSON. @public */
export type Fact<T extends FactType = FactType> = { [K in T]: { readonly type: K } & Facts[K] }[T];

/** A field whose values are few and known before a search: it tells one fact of a type from another. */
export type IndexField = 'event' | 'hart' | 'attribute' | 'flags' | 'counter' | 'half' | 'ticks';

type FieldsOf<T extends FactType> = Exclude<keyof Facts[T], 'type'>;

/** How facts of a type are wired: see the engine's `FactDefinition`. Every field that is no index has one author. */
export interface Wire<T extends FactType> extends FactDefinition<Role> {
  readonly indices: readonly Extract<FieldsOf<T>, IndexField>[];
  readonly authors: { readonly [F in Exclude<FieldsOf<T>, IndexField>]: Role };
}

// A caller could call with no flags, or with the one that the callback knows.
const FLAGGED = ['event', 'hart', 'flags'] as const;
const ON_HART = ['event', 'hart'] as const;

/**
 * The wiring of the whole system: which machines take part in each fact, and who authors its data.
 * A fact happens exactly when every machine that takes part in it accepts it.
 */
export const WIRING: { readonly [T in FactType]: Wire<T> } = {
  'event_init.call': {
    participants: ['lifecycle', 'driver', 'count', 'group'],
    indices: ['event', 'attribute'],
    authors: { fits: 'group' },
  },
  'event_init.return': {
    participants: ['driver', 'lifecycle', 'group'],
    indices: ['event'],
    authors: { answer: 'driver', destroySet: 'driver' },
  },
  'destroy.call': { participants: ['lifecycle', 'driver', 'group'], indices: ['event'], authors: {} },
  'destroy.return': { participants: ['driver', 'lifecycle'], indices: ['event'], authors: {} },
  'event.free': { participants: ['lifecycle', 'driver', 'count'], indices: ['event'], authors: {} },
  'add.call': {
    participants: ['lifecycle', 'driver', 'hart', 'count', 'group'],
    indices: FLAGGED,
    authors: {},
    values: { flags: [0, 1] },
  },
  'add.return': {
    participants: ['driver', 'lifecycle', 'hart', 'count', 'group'],
    indices: ON_HART,
    authors: { answer: 'driver' },
  },
  'del.call': {
    participants: ['lifecycle', 'driver', 'hart', 'count', 'group'],
    indices: FLAGGED,
    authors: {},
    values: { flags: [0] },
  },
  'del.return': { participants: ['driver', 'lifecycle', 'hart'], indices: ON_HART, authors: {} },
  'start.call': {
    participants: ['lifecycle', 'driver', 'hart'],
    indices: FLAGGED,
    authors: {},
    values: { flags: [0, 2] },
  },
  'start.return': { participants: ['driver', 'lifecycle', 'hart', 'count'], indices: ON_HART, authors: {} },
  'stop.call': {
    participants: ['lifecycle', 'driver', 'hart', 'count'],
    indices: FLAGGED,
    authors: {},
    values: { flags: [0, 4] },
  },
  'stop.return': { participants: ['driver', 'lifecycle', 'hart'], indices: ON_HART, authors: {} },
  'read.call': { participants: ['lifecycle', 'driver', 'hart'], indices: ON_HART, authors: {} },
  'read.return': { participants: ['driver', 'lifecycle', 'hart'], indices: ON_HART, authors: {} },

  'active_events.inc': {
    participants: ['driver', 'activeEvents'],
    indices: ['event'],
    authors: { value: 'activeEvents' },
  },
  'active_events.dec': {
    participants: ['driver', 'activeEvents'],
    indices: ['event'],
    authors: { value: 'activeEvents' },
  },
  'mutex.lock': { participants: ['driver', 'reservation'], indices: ['event'], authors: {} },
  'mutex.wait': { participants: ['driver', 'reservation'], indices: ['event'], authors: {} },
  'mutex.unlock': { participants: ['driver', 'reservation'], indices: ['event'], authors: {} },
  'perf_irq.read': {
    participants: ['driver', 'reservation'],
    indices: ['event'],
    authors: { owner: 'reservation', foreignHolds: 'reservation' },
  },
  'perf_irq.write': { participants: ['driver', 'reservation'], indices: ['event'], authors: { owner: 'driver' } },
  request_irq: {
    participants: ['driver', 'reservation'],
    indices: ['event'],
    authors: { owner: 'reservation', foreignHolds: 'reservation' },
  },
  free_irq: { participants: ['driver', 'reservation'], indices: ['event'], authors: { owner: 'reservation' } },

  'slots.read': {
    participants: ['driver', 'hart', 'slots'],
    indices: ON_HART,
    authors: { nEvents: 'slots', occupied: 'slots' },
  },
  'slots.compare': {
    participants: ['driver', 'hart', 'slots'],
    indices: ON_HART,
    authors: { idx: 'driver', same: 'slots' },
  },
  'slots.write': {
    participants: ['driver', 'hart', 'slots'],
    indices: ON_HART,
    authors: { idx: 'driver', bound: 'driver' },
  },
  'n_events.inc': { participants: ['driver', 'hart', 'slots'], indices: ON_HART, authors: { value: 'slots' } },
  'n_events.dec': { participants: ['driver', 'hart', 'slots'], indices: ON_HART, authors: { value: 'slots' } },
  'csr.read': {
    participants: ['driver', 'hart'],
    indices: ['event', 'hart', 'counter', 'half'],
    authors: { value: 'hart' },
  },
  'used_mask.read': { participants: ['driver', 'hart', 'slots'], indices: ON_HART, authors: { used: 'slots' } },
  'used_mask.set': { participants: ['driver', 'hart', 'slots', 'count'], indices: ON_HART, authors: { idx: 'driver' } },
  'used_mask.clear': { participants: ['driver', 'hart', 'slots'], indices: ON_HART, authors: { idx: 'driver' } },
  'csr.write': {
    participants: ['driver', 'hart'],
    indices: ['event', 'hart', 'counter', 'half'],
    authors: { value: 'driver' },
    values: { counter: 'writableCounters' },
  },
  'overflow.call': {
    participants: ['hart', 'slots', 'driver'],
    indices: ['event', 'hart', 'counter'],
    authors: {},
    values: { counter: 'overflowingCounters' },
  },
  'overflow.return': { participants: ['driver', 'hart'], indices: ON_HART, authors: {} },
  'overflow.stray': {
    participants: ['hart', 'slots'],
    indices: ['hart', 'counter'],
    authors: {},
    values: { counter: 'overflowingCounters' },
  },
  'hart.tick': {
    participants: ['hart'],
    everyone: ['count'],
    indices: ['hart', 'counter', 'ticks'],
    authors: {},
    values: { counter: 'tickingCounters' },
    background: true,
  },

  'prev_count.read': { participants: ['driver', 'count'], indices: ['event'], authors: { value: 'count' } },
  'prev_count.set': { participants: ['driver', 'count'], indices: ['event'], authors: { value: 'driver' } },
  'prev_count.cmpxchg': {
    participants: ['driver', 'count'],
    indices: ['event'],
    authors: { expected: 'driver', value: 'driver', found: 'count' },
  },
  'count.add': { participants: ['driver', 'count'], indices: ['event'], authors: { delta: 'driver' } },
  'userpage.update': { participants: ['driver', 'count'], indices: ['event'], authors: {} },

  warn: { participants: ['driver'], indices: ['event'], authors: { site: 'driver' } },
  pr_warn: { participants: ['driver'], indices: ['event'], authors: {} },
  'read_counter.default': { participants: ['driver'], indices: ['event'], authors: { idx: 'driver' } },

  'foreign.take': { participants: ['reservation'], indices: [], authors: {}, background: true },
  'foreign.release': { participants: ['reservation'], indices: [], authors: {}, background: true },
};

export const FACT_TYPES = Object.keys(WIRING) as readonly FactType[];

/** What indexes the machines of a role, and what their tags mean. */
export const ROLES: { readonly [R in Role]: RoleDefinition & { readonly indexedBy?: 'event' | 'hart' } } = {
  lifecycle: { indexedBy: 'event', final: 'final', exclusive: { tag: 'in callback', on: 'hart' } },
  driver: { indexedBy: 'event', quiescent: 'idle' },
  count: { indexedBy: 'event' },
  hart: { indexedBy: 'hart' },
  slots: { indexedBy: 'hart' },
  reservation: {},
  activeEvents: {},
  group: { orders: 'event' },
};
