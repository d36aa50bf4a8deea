import type { DecisionName } from '../../../../machines/driver/decisions.ts';
import {
  publishesLast,
  readsOnlyRunning,
  startsFresh,
  toleratesRunning,
  toleratesStopped,
  updatesAtEachStop,
} from './counting.ts';
import { refusesUnfitGroups } from './groups.ts';
import { knowsWholeAbi } from './mapping.ts';
import {
  destroysOnce,
  givesReferenceBack,
  leavesIndex,
  mapsFirst,
  opensOnce,
  refusesModifiers,
  refusesSampling,
  setsDestroyLast,
} from './opening.ts';
import { readsBothHalves } from './read-counter.ts';
import { countsUnderMutex, takesOnlyFreePmc } from './reservation.ts';
import type { Rule } from './rule.ts';
import { addsOnce, choosesByCounter, deletesOnlyAdded } from './slots.ts';

/** The rule for each change that can be made in a driver's C, in the order in which they are made. */
export const RULES: ReadonlyMap<DecisionName, Rule> = new Map(
  Object.entries({
    mapsFirst,
    givesReferenceBack,
    setsDestroyLast,
    refusesSampling,
    refusesModifiers,
    refusesUnfitGroups,
    opensOnce,
    countsUnderMutex,
    takesOnlyFreePmc,
    destroysOnce,
    leavesIndex,
    knowsWholeAbi,
    readsBothHalves,
    readsOnlyRunning,
    updatesAtEachStop,
    toleratesStopped,
    startsFresh,
    publishesLast,
    toleratesRunning,
    choosesByCounter,
    addsOnce,
    deletesOnlyAdded,
  } satisfies Partial<Record<DecisionName, Rule>>) as [DecisionName, Rule][],
);

/** Why the C of a driver alone does not say how to make a change. */
export const NOT_IN_C: Partial<Record<DecisionName, string>> = {
  readsEveryCounter: 'which register holds which counter is for the port to say',
  requestsIrq: 'which interrupt the PMU has is for the port to say',
  givesOutCounters: 'which counters can count what is for the port to say',
  writesCounter: 'how a counter is written is for the port to say',
  handlesOverflow: 'how an overflow is told, and ended, is for the port to say',
};

/** What a change cannot be made without in C, or makes things worse without. */
export const NEEDS: Partial<Record<DecisionName, readonly DecisionName[]>> = {
  // Where event_init reserves first, every refusal has a reservation to undo, which is what mapsFirst mends.
  refusesSampling: ['mapsFirst'],
  refusesModifiers: ['mapsFirst'],
  refusesUnfitGroups: ['mapsFirst'],
  // An open that failed leaves destroy set, and looks like one that succeeded.
  opensOnce: ['mapsFirst'],
};
