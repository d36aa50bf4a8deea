import { assign, setup } from 'xstate';
import {
  type Answer,
  type Attribute,
  attributeKind,
  type Counting,
  cacheEntry,
  choices,
  counterAt,
  type Fact,
  isCounted,
  type MapEntry,
  minus,
  PERF_COUNT_HW,
  PERF_EF,
  PERF_HES,
  PERF_TYPE,
  type PmcOwner,
  type Pmu,
  plus,
  type Word,
  word,
} from '../../src/facts/index.ts';
import { DECISIONS, type DecisionName } from './decisions.ts';

/** Who called a function of the driver: nobody is named for the perf core itself. */
type Caller = 'event_init' | 'add' | 'del' | 'stop' | 'start' | 'read' | 'handle_irq';

export interface DriverContext {
  pmu: Pmu;

  // What outlives a callback: fields of `struct perf_event` and its `hw`.
  /** `hw.state`: `PERF_HES_*`. */
  hwState: number;
  idx: number;
  /** `hw.config`: what counts it. */
  config: Counting;
  /** Whether `event->destroy` is set. */
  destroySet: boolean;

  // What lives in one callback.
  attribute: Attribute | null;
  fits: boolean;
  flags: number;
  /** The functions of the driver that wait for the one that runs. */
  callers: Caller[];
  answer: Answer;
  /** `old_irq_handler`: who held `perf_irq` when this open took it. */
  oldOwner: PmcOwner;
  previous: Word;
  value: Word;

  /** What an observer of the callback keeps, for properties alone: no guard reads it, and no fact is written from it. */
  ghost: Ghost;
}

/** Ghost variables: no driver has them. */
export interface Ghost {
  /** References to `riscv_active_events` that this callback took and has not given back. */
  readonly held: number;
  /** Whether another owner held the PMC, or believed so, when this open looked. */
  readonly foreignHeld: boolean;
  /** Whether this open has written its handler over that of another owner: over its own, nothing is displaced. */
  readonly displaced: boolean;
}

export const blankEvent = { hwState: 0, idx: 0, config: 0 as Counting, destroySet: false };

export const blankCallback = {
  attribute: null,
  fits: true,
  flags: 0,
  callers: [] as Caller[],
  answer: 0 as Answer,
  oldOwner: 'nobody' as PmcOwner,
  previous: 0 as Word,
  value: 0 as Word,
  ghost: { held: 0, foreignHeld: false, displaced: false } as Ghost,
};

type DriverFact = Fact<
  | 'event_init.call'
  | 'event_init.return'
  | 'destroy.call'
  | 'destroy.return'
  | 'event.free'
  | `${'add' | 'del' | 'start' | 'stop' | 'read'}.${'call' | 'return'}`
  | 'active_events.inc'
  | 'active_events.dec'
  | 'mutex.lock'
  | 'mutex.wait'
  | 'mutex.unlock'
  | 'perf_irq.read'
  | 'perf_irq.write'
  | 'request_irq'
  | 'free_irq'
  | 'slots.read'
  | 'slots.compare'
  | 'slots.write'
  | 'n_events.inc'
  | 'n_events.dec'
  | 'csr.read'
  | 'csr.write'
  | 'used_mask.read'
  | 'used_mask.set'
  | 'used_mask.clear'
  | 'overflow.call'
  | 'overflow.return'
  | 'prev_count.read'
  | 'prev_count.set'
  | 'prev_count.cmpxchg'
  | 'count.add'
  | 'userpage.update'
  | 'warn'
  | 'pr_warn'
  | 'read_counter.default'
>;

/** Where in the posted C a state stands: the function, and its first and last line in `perf_event.c`. */
export interface Source {
  readonly function: string;
  readonly lines: readonly [number, number];
}

/** The meta of a state that stands for those lines of a C function. */
export const source = (name: string, from: number, to = from): Source => ({ function: name, lines: [from, to] });

/** Every decision as posted: none of the changes is made. */
const asPosted = Object.fromEntries(Object.keys(DECISIONS).map((name) => [name, () => false])) as Record<
  DecisionName,
  () => boolean
>;

/** `code` in `event_init`: the counter that the map gives, or the error. */
function mapped({ pmu, attribute }: DriverContext, wholeAbi: boolean): MapEntry {
  const { type, config } = attributeKind(attribute ?? 'cycles');
  switch (type) {
    case PERF_TYPE.HARDWARE:
      if (wholeAbi && config >= pmu.hwEvents.length && config <= PERF_COUNT_HW.REF_CPU_CYCLES) return 'EOPNOTSUPP';
      return pmu.hwEvents[config] ?? 'EINVAL';
    case PERF_TYPE.HW_CACHE:
      return cacheEntry(pmu, config);
    case PERF_TYPE.RAW:
      return pmu.rawEvents ?? 'EOPNOTSUPP';
    default:
      return 'ENOENT';
  }
}

/** Whether the driver looks up events of this type in a map: raw ones only where it takes them. */
const isMapped = ({ pmu, attribute }: DriverContext): boolean => {
  const { type } = attributeKind(attribute ?? 'cycles');
  return (
    type === PERF_TYPE.HARDWARE || type === PERF_TYPE.HW_CACHE || (type === PERF_TYPE.RAW && isCounted(pmu.rawEvents))
  );
};

/**
 * Marks a guard that the posted driver never passes (see {@link DECISIONS}): who reads the posted function takes what stands
 * beside it, and leaves out what is only reached through it.
 */
export const variant = <Name extends DecisionName>(name: Name): Name => name;

/** The parts that the driver's statecharts name: one `setup` for all functions of the driver. */
export const driverSetup = setup({
  types: {
    context: {} as DriverContext,
    events: {} as DriverFact,
    input: {} as { pmu: Pmu },
    meta: {} as Source,
    tags: {} as 'idle',
  },
  guards: {
    ...asPosted,

    // event_init and destroy
    first: ({ event }) => (event as Fact<'active_events.inc'>).value === 1,
    last: ({ event }) => (event as Fact<'active_events.dec'>).value === 0,
    isOpen: ({ context }) => context.destroySet,
    hasInterrupt: ({ context }) => context.pmu.interrupt,
    othersHandler: ({ event }) => (event as Fact<'perf_irq.read' | 'request_irq'>).owner !== 'nobody',
    wasHeld: ({ context }) => context.oldOwner !== 'nobody',
    typeNotTaken: ({ context }) => !isMapped(context),
    mapRefuses: ({ context }) => typeof mapped(context, false) === 'string',
    beyondMap: ({ context }) => mapped(context, false) !== mapped(context, true),
    samplesInVain: ({ context }) =>
      attributeKind(context.attribute ?? 'cycles').sampling === true && !context.pmu.interrupt,
    modifiesInVain: ({ context }) =>
      attributeKind(context.attribute ?? 'cycles').modifier === true && !context.pmu.filters,
    groupUnfit: ({ context }) => !context.fits,

    // add and del
    inItsSlot: ({ event }) => (event as Fact<'slots.compare'>).same,
    indexInside: ({ context }) => context.idx >= 0 && context.idx < context.pmu.maxCounters,
    countersFull: ({ context, event }) => (event as Fact<'slots.read'>).nEvents === context.pmu.numCounters,
    slotTaken: ({ context, event }) => (event as Fact<'slots.read'>).occupied[choices(context.config)[0]!] === true,
    noneFree: ({ context, event }) => firstFree(context, event as Fact<'used_mask.read'>) === undefined,
    withStart: ({ context }) => (context.flags & PERF_EF.START) !== 0,

    // start, stop and read
    isStopped: ({ context }) => (context.hwState & PERF_HES.STOPPED) !== 0,
    isUpToDate: ({ context }) => (context.hwState & PERF_HES.UPTODATE) !== 0,
    reloads: ({ context }) => (context.flags & PERF_EF.RELOAD) !== 0,
    updates: ({ context }) => (context.flags & PERF_EF.UPDATE) !== 0,
    previousIsZero: ({ event }) => (event as Fact<'prev_count.read'>).value === 0,
    isBaseCounter: ({ context }) => context.idx === 0 || context.idx === 1,
    isCounterOfPmu: ({ context }) => context.idx >= 0 && context.idx < context.pmu.numCounters,
    indexIsAbsurd: ({ context }) => context.idx < 0 || context.idx > context.pmu.maxCounters,
    itsCounterLow: ({ context, event }) => isItsRegister(context, event as Fact<'csr.read' | 'csr.write'>, 'low'),
    itsCounterHigh: ({ context, event }) => isItsRegister(context, event as Fact<'csr.read' | 'csr.write'>, 'high'),
    hasHighHalf: ({ context }) => context.pmu.xlen < context.pmu.wordBits,
    exchanged: ({ event }) => {
      const { expected, found } = event as Fact<'prev_count.cmpxchg'>;
      return expected === found;
    },

    calledByInit: ({ context }) => context.callers.at(-1) === 'event_init',
    calledByAdd: ({ context }) => context.callers.at(-1) === 'add',
    calledByDel: ({ context }) => context.callers.at(-1) === 'del',
    calledByStop: ({ context }) => context.callers.at(-1) === 'stop',
    calledByStart: ({ context }) => context.callers.at(-1) === 'start',
    calledByRead: ({ context }) => context.callers.at(-1) === 'read',
    calledByHandler: ({ context }) => context.callers.at(-1) === 'handle_irq',
  },
  actions: {
    finish: assign(blankCallback),
    free: assign({ ...blankEvent, ...blankCallback }),
    keepFlags: assign({ flags: ({ event }) => (event as Fact<'add.call'>).flags }),
    /** Calls another function of the driver; it comes back to the caller named last. */
    callFrom: assign({ callers: ({ context }, caller: Caller) => [...context.callers, caller] }),
    comeBack: assign({ callers: ({ context }) => context.callers.slice(0, -1) }),
    answer: assign({ answer: (_, answer: Answer) => answer }),
    setFlags: assign({ flags: (_, flags: number) => flags }),

    // event_init and destroy
    keepAttribute: assign(({ event }) => {
      const { attribute, fits } = event as Fact<'event_init.call'>;
      return { attribute, fits: fits !== false };
    }),
    hold: assign({ ghost: ({ context: { ghost } }) => ({ ...ghost, held: ghost.held + 1 }) }),
    drop: assign({ ghost: ({ context: { ghost } }) => ({ ...ghost, held: ghost.held - 1 }) }),
    keepOldHandler: assign(({ context, event }) => {
      const { owner, foreignHolds } = event as Fact<'perf_irq.read' | 'request_irq'>;
      return { oldOwner: owner, ghost: { ...context.ghost, foreignHeld: foreignHolds } };
    }),
    noteDisplaced: assign({
      ghost: ({ context: { ghost, oldOwner } }) => ({ ...ghost, displaced: oldOwner === 'foreign' }),
    }),
    answerOfMap: assign({ answer: ({ context }) => mapped(context, false) as Answer }),
    setDestroy: assign({ destroySet: true }),
    clearDestroy: assign({ destroySet: false }),
    accept: assign(({ context }) => ({
      destroySet: true,
      config: mapped(context, false) as Counting,
      answer: 0 as const,
    })),

    clearIndex: assign({ idx: -1 }),

    // add, del, start, stop and read
    takeConfigAsIndex: assign({ idx: ({ context }) => choices(context.config)[0]! }),
    takeFirstFree: assign({ idx: ({ context, event }) => firstFree(context, event as Fact<'used_mask.read'>) ?? -1 }),
    markStopped: assign({ hwState: ({ context }) => context.hwState | PERF_HES.STOPPED }),
    markUpToDate: assign({ hwState: ({ context }) => context.hwState | PERF_HES.UPTODATE }),
    markAdded: assign({ hwState: PERF_HES.STOPPED | PERF_HES.UPTODATE }),
    markRunning: assign({ hwState: 0 }),
    keepPrevious: assign({ previous: ({ event }) => (event as Fact<'prev_count.read'>).value }),
    keepValue: assign({ value: ({ event }) => (event as Fact<'csr.read'>).value }),
    keepUpperHalf: assign({
      value: ({ context, event }) =>
        word(BigInt((event as Fact<'csr.read'>).value) << BigInt(context.pmu.xlen), context.pmu.wordBits),
    }),
    joinLowerHalf: assign({
      value: ({ context, event }) => plus(context.value, (event as Fact<'csr.read'>).value, context.pmu.wordBits),
    }),
    startAtZero: assign({ value: 0 }),
    startAtPeriod: assign({ value: ({ context }) => minusPeriod(context.pmu) }),
    takeErrnoAsValue: assign({ value: ({ context }) => word(-22, context.pmu.wordBits) }),
  },
});

/** The first counter that can count the event and is not given out. */
function firstFree({ config }: DriverContext, { used }: Fact<'used_mask.read'>): number | undefined {
  return choices(config).find((idx) => !used[idx]);
}

function isItsRegister({ idx }: DriverContext, fact: Fact<'csr.read' | 'csr.write'>, half: 'low' | 'high'): boolean {
  return fact.counter === counterAt(idx) && fact.half === half;
}

/** Where a counter begins that is to overflow after half a round, so that a late interrupt still finds less than a whole one. */
function minusPeriod({ counterWidth }: Pmu): Word {
  return word(1n - 2n ** BigInt(counterWidth - 1), counterWidth);
}

/** The half of the value that goes into one register of a counter. */
export function halfOf({ pmu, value }: DriverContext, half: 'low' | 'high'): Word {
  return half === 'low' ? word(value, pmu.xlen) : word(BigInt(value) >> BigInt(pmu.xlen), pmu.wordBits);
}

/** `delta` in `read`: what `counter_width` bits keep of the difference. */
export function delta({ pmu, value, previous }: DriverContext): Word {
  return word(minus(value, previous, pmu.wordBits), pmu.counterWidth);
}
