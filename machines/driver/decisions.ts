/**
 * The decisions of a driver of this family: each is a guard of the statecharts by that name, false as posted.
 * A variant of the driver is `driver.provide({ guards: { [name]: () => true } })`.
 */
export interface Decision {
  /** What the posted C does. */
  readonly posted: string;
  /** What a driver does in which this guard is true. */
  readonly instead: string;
  /** The C function, and its lines in the posted `perf_event.c`. */
  readonly function: string;
  readonly lines: readonly [number, number];
  /** The ids of the promises that hang on it. */
  readonly promises: readonly string[];
}

export const DECISIONS = {
  givesReferenceBack: {
    posted:
      'event_init returns on a type that it does not take after it has counted the event, and keeps the reference',
    instead: 'event_init gives the reference back before it refuses a type',
    function: 'riscv_event_init',
    lines: [405, 408],
    promises: [
      'references-balance',
      'released-when-idle',
      'reserved-while-live',
      'init-all-or-nothing',
      'busy-is-true',
      'recovers',
      'drains',
    ],
  },
  setsDestroyLast: {
    posted: 'event_init sets event->destroy before it knows whether the open succeeds, and leaves it set when it fails',
    instead: 'event_init sets event->destroy only when it succeeds',
    function: 'riscv_event_init',
    lines: [411, 415],
    promises: ['references-balance', 'released-when-idle', 'reserved-while-live', 'init-all-or-nothing', 'drains'],
  },
  countsUnderMutex: {
    posted: 'riscv_active_events changes outside pmc_reserve_mutex, so that the count and perf_irq disagree in between',
    instead: 'the count and perf_irq change together, inside pmc_reserve_mutex',
    function: 'riscv_event_init',
    lines: [389, 390],
    promises: ['busy-is-true', 'reserved-while-live', 'init-all-or-nothing'],
  },
  takesOnlyFreePmc: {
    posted: 'reserve_pmc_hardware overwrites perf_irq before anyone looks who held it',
    instead: 'reserve_pmc_hardware leaves perf_irq alone when another owner holds it',
    function: 'reserve_pmc_hardware',
    lines: [356, 357],
    promises: ['foreign-owner-kept', 'released-when-idle', 'reserved-while-live', 'init-all-or-nothing'],
  },
  knowsWholeAbi: {
    posted: 'the map of hardware events ends before the ABI does, and what lies beyond is called invalid',
    instead: 'hardware events of the ABI that the map does not list are unsupported',
    function: 'riscv_map_hw_event',
    lines: [144, 145],
    promises: ['errno-contract'],
  },
  mapsFirst: {
    posted: 'event_init reserves the PMC before it looks whether the event is for this PMU at all',
    instead: 'event_init maps the event first, and touches shared data only for one that it takes',
    function: 'riscv_event_init',
    lines: [389, 409],
    promises: ['errno-contract'],
  },
  refusesSampling: {
    posted: 'event_init admits sampling events although no interrupt can ever come',
    instead: 'event_init answers EOPNOTSUPP to a sampling event',
    function: 'riscv_event_init',
    lines: [398, 401],
    promises: ['no-admission-of-the-impossible'],
  },
  refusesModifiers: {
    posted: 'event_init admits exclusions that the counters cannot filter',
    instead: 'event_init answers EINVAL to an exclusion',
    function: 'riscv_event_init',
    lines: [398, 401],
    promises: ['no-admission-of-the-impossible'],
  },
  refusesUnfitGroups: {
    posted: 'event_init does not look at the group of the event',
    instead: 'event_init answers EINVAL when the group can never be on the counters together',
    function: 'riscv_event_init',
    lines: [382, 428],
    promises: ['no-admission-of-the-impossible'],
  },
  choosesByCounter: {
    posted: 'add compares n_events with the number of counters, and then takes the slot of its counter, free or not',
    instead: 'add answers ENOSPC when the slot of its counter is taken',
    function: 'riscv_pmu_add',
    lines: [302, 315],
    promises: ['slots-match-count', 'slot-owner', 'enospc-iff-full'],
  },
  readsBothHalves: {
    posted: 'read_counter reads one register, which on RV32 is half of the counter',
    instead: 'read_counter reads cycleh and cycle on RV32',
    function: 'read_counter',
    lines: [186, 192],
    promises: ['count-exact'],
  },
  readsOnlyRunning: {
    posted: 'read counts up to now even when the event is stopped',
    instead: 'read leaves a stopped event alone',
    function: 'riscv_pmu_read',
    lines: [221, 234],
    promises: ['count-exact'],
  },
  updatesAtEachStop: {
    posted: 'stop without PERF_EF_UPDATE does not read the counter, although it cannot hold the counter still either',
    instead: 'stop always reads the counter, since it cannot hold it still',
    function: 'riscv_pmu_stop',
    lines: [257, 260],
    promises: ['count-exact'],
  },
  startsFresh: {
    posted:
      'start keeps a prev_count that is not zero, so that all that the counter did since counts as ticks of the event',
    instead: 'start always takes a fresh prev_count',
    function: 'riscv_pmu_start',
    lines: [290, 291],
    promises: ['count-exact'],
  },
  publishesLast: {
    posted: 'start publishes the user page before it sets prev_count',
    instead: 'start publishes the user page after it has set prev_count',
    function: 'riscv_pmu_start',
    lines: [283, 291],
    promises: ['userpage-consistent'],
  },
  toleratesStopped: {
    posted: 'stop warns when the event is stopped already',
    instead: 'stop copes with an event that is stopped already',
    function: 'riscv_pmu_stop',
    lines: [254, 254],
    promises: ['no-warning'],
  },
} as const satisfies Record<string, Decision>;

export type DecisionName = keyof typeof DECISIONS;

/** The changes that make the posted driver keep every promise. */
export const REPAIRS = [
  'setsDestroyLast',
  'takesOnlyFreePmc',
  'countsUnderMutex',
  'mapsFirst',
  'knowsWholeAbi',
  'refusesSampling',
  'refusesModifiers',
  'refusesUnfitGroups',
  'choosesByCounter',
  'startsFresh',
  'publishesLast',
  'toleratesStopped',
  'updatesAtEachStop',
  'readsOnlyRunning',
  'readsBothHalves',
] as const satisfies readonly DecisionName[];
