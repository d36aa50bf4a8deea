import type { Property } from '../../src/facts/index.ts';
import { noSuch } from '../../src/outside/no-such.ts';
import { countExact, noWarning, userpageConsistent } from './counting.ts';
import { drains, noDeadlock, recovers } from './liveness.ts';
import { busyIsTrue, errnoContract, initAllOrNothing, noAdmissionOfTheImpossible } from './opening.ts';
import {
  foreignOwnerKept,
  mutexDiscipline,
  referencesBalance,
  releasedWhenIdle,
  reservedWhileLive,
} from './reservation.ts';
import { enospcIffFull, indexInBounds, slotOwner, slotsMatchCount } from './slots.ts';

/** Every property, in the order of a report. @public */
export const PROPERTIES = [
  noWarning,
  indexInBounds,
  slotsMatchCount,
  slotOwner,
  enospcIffFull,
  referencesBalance,
  reservedWhileLive,
  releasedWhenIdle,
  foreignOwnerKept,
  busyIsTrue,
  mutexDiscipline,
  initAllOrNothing,
  errnoContract,
  countExact,
  noAdmissionOfTheImpossible,
  userpageConsistent,
  recovers,
  drains,
  noDeadlock,
] as const satisfies readonly Property[];

/** The property of that id. Throws a RangeError that lists the ids if there is none. @public */
export function propertyOf(id: string): Property {
  const property = PROPERTIES.find((candidate) => candidate.id === id);
  if (property === undefined)
    throw new RangeError(
      noSuch(
        'property',
        id,
        PROPERTIES.map((known) => known.id),
      ),
    );
  return property;
}
