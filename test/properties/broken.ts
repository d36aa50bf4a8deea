import { assign } from 'xstate';
import { DRIVERS, type DriverMachine, withDecisions } from '../../machines/drivers.ts';
import type { Environment } from '../../models/index.ts';
import { beginAt, mutant, repairsBut, retarget, skip } from '../mutants.ts';

/** One way to violate a property, and where it shows. */
export interface Broken {
  readonly property: string;
  /** Which of the property's clauses it breaks; any, if it is left out. */
  readonly clause?: number;
  /** What is wrong with the driver. */
  readonly but: string;
  readonly model: string;
  readonly environment: Environment;
  readonly driver: DriverMachine;
  /** The driver without that mistake; the repaired one, if it is left out. */
  readonly unbroken?: DriverMachine;
}

const { repaired } = DRIVERS;

/** The repaired driver with one guard that always answers alike. */
const with_ = (guard: 'last' | 'slotTaken' | 'wasHeld' | 'isBaseCounter', answer: boolean): DriverMachine =>
  repaired.provide({ guards: { [guard]: () => answer } });

const keepsMutex = mutant(retarget('destroy.release.clear', 'perf_irq.write', '#destroy.out'));

/** For every property, a driver that is right but for one mistake. */
export const BROKEN: readonly Broken[] = [
  {
    property: 'no-warning',
    but: 'stop warns when the event is stopped already',
    model: 'stop-and-start',
    environment: 'current',
    driver: withDecisions(repairsBut('toleratesStopped')),
  },
  {
    property: 'index-in-bounds',
    clause: 0,
    but: 'add leaves idx at -1',
    model: 'two-of-a-kind',
    environment: '4.16',
    driver: withDecisions(repairsBut('leavesIndex')).provide({ actions: { takeConfigAsIndex: assign({}) } }),
    unbroken: withDecisions(repairsBut('leavesIndex')),
  },
  {
    property: 'index-in-bounds',
    clause: 1,
    but: 'read_counter knows no counter',
    model: 'context-switch',
    environment: '4.16',
    driver: with_('isBaseCounter', false),
  },
  {
    property: 'slots-match-count',
    but: 'del leaves n_events alone',
    model: 'two-of-a-kind',
    environment: '4.16',
    driver: mutant(retarget('del.unbind', 'slots.write', 'stop')),
  },
  {
    property: 'slot-owner',
    clause: 0,
    but: 'add takes no slot',
    model: 'two-of-a-kind',
    environment: '4.16',
    driver: mutant(skip('add.bind', 'slots.write')),
  },
  {
    property: 'slot-owner',
    clause: 1,
    but: 'del leaves the event in its slot',
    model: 'two-of-a-kind',
    environment: '4.16',
    driver: mutant(beginAt('del', 'count')),
  },
  {
    property: 'enospc-iff-full',
    clause: 0,
    but: 'add lets everybody in',
    model: 'two-of-a-kind',
    environment: '4.16',
    driver: with_('slotTaken', false),
  },
  {
    property: 'enospc-iff-full',
    clause: 1,
    but: 'add lets nobody in',
    model: 'two-of-a-kind',
    environment: '4.16',
    driver: with_('slotTaken', true),
  },
  {
    property: 'references-balance',
    but: 'destroy does not count the event out',
    model: 'two-threads',
    environment: '4.16',
    driver: mutant(retarget('destroy.release.lock', 'mutex.lock', 'unlock')),
  },
  {
    property: 'reserved-while-live',
    but: 'destroy always releases the PMC',
    model: 'two-threads',
    environment: '4.16',
    driver: with_('last', true),
  },
  {
    property: 'released-when-idle',
    but: 'destroy never releases the PMC',
    model: 'two-threads',
    environment: '4.16',
    driver: with_('last', false),
  },
  {
    property: 'foreign-owner-kept',
    but: 'event_init takes the PMC from whoever holds it',
    model: 'foreign-owner',
    environment: '4.16',
    driver: withDecisions(repairsBut('takesOnlyFreePmc')),
  },
  {
    property: 'busy-is-true',
    but: 'event_init is busy whenever it reserves the PMC',
    model: 'foreign-owner-two-threads',
    environment: '4.16',
    driver: with_('wasHeld', true),
  },
  {
    property: 'mutex-discipline',
    clause: 0,
    but: 'destroy unlocks what it did not lock',
    model: 'two-threads',
    environment: '4.16',
    driver: mutant(retarget('destroy.enter', 'always', '#destroy.count')),
  },
  {
    property: 'mutex-discipline',
    clause: 1,
    but: 'event_init locks twice',
    model: 'two-threads',
    environment: '4.16',
    driver: mutant(retarget('event_init.count', 'active_events.inc', 'reserve.lock')),
  },
  {
    property: 'mutex-discipline',
    clause: 2,
    but: 'destroy never unlocks',
    model: 'two-threads',
    environment: '4.16',
    driver: keepsMutex,
  },
  {
    property: 'init-all-or-nothing',
    but: 'event_init keeps its reference when it is busy',
    model: 'foreign-owner',
    environment: '4.16',
    driver: mutant(retarget('event_init.reserve.look', 'perf_irq.read', 'unlock')),
  },
  {
    property: 'init-all-or-nothing',
    but: 'event_init displaces another owner, and fails',
    model: 'foreign-owner',
    environment: '4.16',
    driver: withDecisions(repairsBut('takesOnlyFreePmc')),
  },
  {
    property: 'init-all-or-nothing',
    but: 'event_init sets destroy, and fails',
    model: 'refused-open-cache-misses',
    environment: '4.16',
    driver: withDecisions(repairsBut('mapsFirst', 'destroysOnce')),
    unbroken: withDecisions([...repairsBut('mapsFirst', 'destroysOnce'), 'setsDestroyLast']),
  },
  {
    property: 'errno-contract',
    but: 'event_init calls invalid what the ABI knows',
    model: 'refused-open-stalled-cycles',
    environment: '4.16',
    driver: withDecisions(repairsBut('knowsWholeAbi')),
  },
  {
    property: 'count-exact',
    but: 'start keeps an old prev_count',
    model: 'context-switch',
    environment: '4.16',
    driver: withDecisions(repairsBut('startsFresh')),
  },
  {
    property: 'count-exact',
    but: 'on RV32, read_counter reads half of the counter',
    model: 'rv32',
    environment: '4.16',
    driver: withDecisions(repairsBut('readsBothHalves')),
  },
  {
    property: 'no-admission-of-the-impossible',
    but: 'event_init admits sampling',
    model: 'refused-open-sampling',
    environment: '4.16',
    driver: withDecisions(repairsBut('refusesSampling')),
  },
  {
    property: 'no-admission-of-the-impossible',
    but: 'event_init admits exclusions',
    model: 'refused-open-exclude-kernel',
    environment: '4.16',
    driver: withDecisions(repairsBut('refusesModifiers')),
  },
  {
    property: 'no-admission-of-the-impossible',
    but: 'event_init admits a group that cannot fit',
    model: 'group-that-cannot-fit',
    environment: '4.16',
    driver: withDecisions(repairsBut('refusesUnfitGroups')),
  },
  {
    property: 'userpage-consistent',
    but: 'start publishes the page too early',
    model: 'context-switch',
    environment: '4.16',
    driver: withDecisions(repairsBut('publishesLast')),
  },
  {
    property: 'recovers',
    but: 'destroy never unlocks',
    model: 'two-threads',
    environment: '4.16',
    driver: keepsMutex,
  },
  {
    property: 'drains',
    but: 'destroy never releases the PMC',
    model: 'two-threads',
    environment: '4.16',
    driver: with_('last', false),
  },
  {
    property: 'no-deadlock',
    but: 'destroy never unlocks',
    model: 'two-threads',
    environment: '4.16',
    driver: keepsMutex,
  },
];
