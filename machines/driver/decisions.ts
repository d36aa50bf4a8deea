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
  /** The ids of the properties that hang on it; none if it is another design rather than a repair. */
  readonly properties: readonly string[];
  /** Where Linux does it so. */
  readonly precedent?: string;
}

export const DECISIONS = {
  givesReferenceBack: {
    posted:
      'event_init returns on a type that it does not take after it has counted the event, and keeps the reference',
    instead: 'event_init gives the reference back before it refuses a type',
    function: 'riscv_event_init',
    lines: [405, 408],
    properties: [
      'references-balance',
      'released-when-idle',
      'reserved-while-live',
      'init-all-or-nothing',
      'busy-is-true',
      'recovers',
      'drains',
    ],
  },
  requestsIrq: {
    posted: 'the PMC is reserved by a handler in the shared variable perf_irq',
    instead: 'the PMC is reserved by request_irq, if it has an interrupt, and by nothing if it has none',
    function: 'reserve_pmc_hardware',
    lines: [351, 361],
    properties: [],
    precedent: 'the driver as merged in Linux 4.18',
  },
  setsDestroyLast: {
    posted: 'event_init sets event->destroy before it knows whether the open succeeds, and leaves it set when it fails',
    instead: 'event_init sets event->destroy only when it succeeds',
    function: 'riscv_event_init',
    lines: [411, 415],
    properties: ['references-balance', 'released-when-idle', 'reserved-while-live', 'init-all-or-nothing', 'drains'],
    precedent: 'x86 (x86_pmu_event_init resets event->destroy when the open fails)',
  },
  countsUnderMutex: {
    posted: 'riscv_active_events changes outside pmc_reserve_mutex, so that the count and perf_irq disagree in between',
    instead: 'the count and perf_irq change together, inside pmc_reserve_mutex',
    function: 'riscv_event_init',
    lines: [389, 390],
    properties: ['busy-is-true', 'reserved-while-live'],
    precedent:
      'x86 (x86_reserve_hardware counts to one, and x86_release_hardware down to zero, under pmc_reserve_mutex)',
  },
  takesOnlyFreePmc: {
    posted: 'reserve_pmc_hardware overwrites perf_irq before anyone looks who held it',
    instead: 'reserve_pmc_hardware leaves perf_irq alone when another owner holds it',
    function: 'reserve_pmc_hardware',
    lines: [356, 357],
    properties: ['foreign-owner-kept', 'released-when-idle', 'reserved-while-live', 'init-all-or-nothing'],
    precedent: 'x86 (reserve_perfctr_nmi is a test-and-set), and the driver as merged in Linux 4.18 (request_irq)',
  },
  knowsWholeAbi: {
    posted: 'the map of hardware events ends before the ABI does, and what lies beyond is called invalid',
    instead: 'hardware events of the ABI that the map does not list are unsupported',
    function: 'riscv_map_hw_event',
    lines: [144, 145],
    properties: ['errno-contract'],
    precedent: 'ARM (its maps have PERF_COUNT_HW_MAX entries, and what they do not list is not supported)',
  },
  mapsFirst: {
    posted: 'event_init reserves the PMC before it looks whether the event is for this PMU at all',
    instead: 'event_init maps the event first, and touches shared data only for one that it takes',
    function: 'riscv_event_init',
    lines: [389, 409],
    properties: ['errno-contract'],
    precedent: 'ARM (armpmu_event_init), and RISC-V since 5.18 (riscv_pmu_event_init)',
  },
  refusesSampling: {
    posted: 'event_init admits sampling events although no interrupt can ever come',
    instead: 'event_init answers EOPNOTSUPP to a sampling event',
    function: 'riscv_event_init',
    lines: [398, 401],
    properties: ['no-admission-of-the-impossible'],
    precedent: 'RISC-V today (riscv_pmu_legacy.c says PERF_PMU_CAP_NO_INTERRUPT, and the core refuses)',
  },
  refusesModifiers: {
    posted: 'event_init admits exclusions that the counters cannot filter',
    instead: 'event_init answers EINVAL to an exclusion',
    function: 'riscv_event_init',
    lines: [398, 401],
    properties: ['no-admission-of-the-impossible'],
    precedent: "ARM (armpmu's set_event_filter), and RISC-V today (PERF_PMU_CAP_NO_EXCLUDE)",
  },
  refusesUnfitGroups: {
    posted: 'event_init does not look at the group of the event',
    instead: 'event_init answers EINVAL when the group can never be on the counters together',
    function: 'riscv_event_init',
    lines: [382, 428],
    properties: ['no-admission-of-the-impossible'],
    precedent: 'ARM (validate_group)',
  },
  choosesByCounter: {
    posted: 'add compares n_events with the number of counters, and then takes the slot of its counter, free or not',
    instead: 'add answers ENOSPC when the slot of its counter is taken',
    function: 'riscv_pmu_add',
    lines: [302, 315],
    properties: ['slots-match-count', 'slot-owner', 'enospc-iff-full'],
    precedent: 'ARM (armpmu_add), and RISC-V since 5.18 (riscv_pmu_sbi.c claims a bit of used_hw_ctrs)',
  },
  readsBothHalves: {
    posted: 'read_counter reads one register, which on RV32 is half of the counter',
    instead: 'read_counter reads cycleh and cycle on RV32',
    function: 'read_counter',
    lines: [186, 192],
    properties: ['count-exact'],
    precedent: 'RISC-V since 5.18 (riscv_pmu_sbi.c reads the upper half on 32 bits)',
  },
  readsEveryCounter: {
    posted: 'read_counter knows cycle and instret only, and answers -EINVAL as the value of any other counter',
    instead: 'read_counter reads every counter of the PMU',
    function: 'read_counter',
    lines: [186, 196],
    properties: ['index-in-bounds', 'count-exact', 'no-warning'],
    precedent: 'RISC-V since 5.18 (riscv_pmu_ctr_read_csr)',
  },
  readsOnlyRunning: {
    posted: 'read counts up to now even when the event is stopped',
    instead: 'read leaves a stopped event alone',
    function: 'riscv_pmu_read',
    lines: [221, 234],
    properties: ['count-exact'],
  },
  updatesAtEachStop: {
    posted: 'stop without PERF_EF_UPDATE does not read the counter, although it cannot hold the counter still either',
    instead: 'stop always reads the counter, since it cannot hold it still',
    function: 'riscv_pmu_stop',
    lines: [257, 260],
    properties: ['count-exact'],
    precedent: 'ARM (armpmu_stop), and RISC-V since 5.18 (riscv_pmu_stop)',
  },
  startsFresh: {
    posted:
      'start keeps a prev_count that is not zero, so that all that the counter did since counts as ticks of the event',
    instead: 'start always takes a fresh prev_count',
    function: 'riscv_pmu_start',
    lines: [290, 291],
    properties: ['count-exact'],
    precedent: 'the driver as merged in Linux 4.18',
  },
  publishesLast: {
    posted: 'start publishes the user page before it sets prev_count',
    instead: 'start publishes the user page after it has set prev_count',
    function: 'riscv_pmu_start',
    lines: [283, 291],
    properties: ['userpage-consistent'],
    precedent: 'ARM (armpmu_event_set_period), and RISC-V since 5.18 (riscv_pmu_start)',
  },
  toleratesStopped: {
    posted: 'stop warns when the event is stopped already',
    instead: 'stop copes with an event that is stopped already',
    function: 'riscv_pmu_stop',
    lines: [254, 254],
    properties: ['no-warning'],
    precedent: 'ARM (armpmu_stop)',
  },
  opensOnce: {
    posted: 'event_init of an event that is open already takes a second reference',
    instead: 'event_init of an event that is open already leaves it as it is',
    function: 'riscv_event_init',
    lines: [389, 389],
    properties: ['references-balance', 'reserved-while-live', 'released-when-idle', 'busy-is-true'],
  },
  destroysOnce: {
    posted: 'destroy gives a reference back whether the event has one or not',
    instead: 'destroy gives back the one reference of an event that is open, and clears event->destroy',
    function: 'riscv_event_destroy',
    lines: [376, 380],
    properties: [
      'references-balance',
      'reserved-while-live',
      'released-when-idle',
      'init-all-or-nothing',
      'foreign-owner-kept',
    ],
  },
  leavesIndex: {
    posted: 'event_init sets idx to -1, which callbacks that come before add use as an index',
    instead: 'event_init leaves idx alone: add chooses it',
    function: 'riscv_event_init',
    lines: [425, 425],
    properties: ['index-in-bounds', 'slot-owner', 'slots-match-count', 'no-warning'],
  },
  addsOnce: {
    posted: 'add takes an event again that is in its slot already',
    instead: 'add leaves an event alone that is in its slot already',
    function: 'riscv_pmu_add',
    lines: [302, 315],
    properties: ['slots-match-count', 'slot-owner', 'enospc-iff-full'],
  },
  deletesOnlyAdded: {
    posted: 'del empties a slot and counts down whether the event is in that slot or not',
    instead: 'del leaves an event alone that is not in its slot',
    function: 'riscv_pmu_del',
    lines: [328, 334],
    properties: ['slots-match-count', 'slot-owner', 'index-in-bounds'],
    precedent: 'x86 (x86_pmu_del looks for the event first)',
  },
  toleratesRunning: {
    posted: 'start warns when the event runs already',
    instead: 'start leaves an event alone that runs already',
    function: 'riscv_pmu_start',
    lines: [270, 271],
    properties: ['no-warning'],
  },
  givesOutCounters: {
    posted: 'an event sits on the counter that the map gives it',
    instead: 'add gives the event the first free counter that can count it, as used_mask says, and del takes it back',
    function: 'riscv_pmu_add',
    lines: [305, 313],
    properties: [],
    precedent: 'ARM (armpmu_add and its used_mask), and RISC-V since 5.18 (used_hw_ctrs)',
  },
  writesCounter: {
    posted: 'start cannot write the counter, and takes what it holds as prev_count',
    instead: 'start writes where the counter begins, and takes that as prev_count',
    function: 'riscv_pmu_start',
    lines: [285, 291],
    properties: [],
    precedent: 'ARM (armpmu_event_set_period), and RISC-V since 5.18 (riscv_pmu_start)',
  },
  handlesOverflow: {
    posted: 'the interrupt handler does nothing',
    instead:
      'the handler counts the event whose counter overflowed up to now and starts it anew, half a round before the next overflow; it leaves a stopped event alone',
    function: 'riscv_pmu_handle_irq',
    lines: [347, 349],
    properties: [],
    precedent: 'RISC-V since 5.18 (pmu_sbi_ovf_handler); x86 (x86_pmu_handle_irq) leaves alone what is stopped',
  },
} as const satisfies Record<string, Decision>;

export type DecisionName = keyof typeof DECISIONS;

/** Another design of the posted driver, which repairs nothing by itself. */
export const isDesign = (name: DecisionName): boolean => DECISIONS[name].properties.length === 0;

/**
 * The changes that make the posted driver keep every property in every environment: one of the smallest such sets.
 * `hartproof repair` finds it, and taking out any one of them violates a property.
 */
export const REPAIRS = [
  'mapsFirst',
  'knowsWholeAbi',
  'countsUnderMutex',
  'takesOnlyFreePmc',
  'refusesSampling',
  'refusesModifiers',
  'refusesUnfitGroups',
  'choosesByCounter',
  'startsFresh',
  'publishesLast',
  'updatesAtEachStop',
  'toleratesStopped',
  'readsOnlyRunning',
  'readsBothHalves',
  // What a driver can do for itself when its caller keeps no contract.
  'opensOnce',
  'destroysOnce',
  'addsOnce',
  'deletesOnlyAdded',
  'leavesIndex',
  'toleratesRunning',
] as const satisfies readonly DecisionName[];

/** The decisions in which the driver that was merged in Linux 4.18 differs from the posted one. */
export const MERGED_4_18 = ['requestsIrq', 'startsFresh'] as const satisfies readonly DecisionName[];
