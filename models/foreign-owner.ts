import { CORES_ONLY, type Model, OF_OPENING } from './model.ts';
import { SMALLEST } from './scope.ts';

const properties = [...OF_OPENING, 'foreign-owner-kept', 'busy-is-true'];

export const foreignOwner: Model = {
  name: 'foreign-owner',
  asks: 'What becomes of another owner of the PMC when an event is opened, and of the event?',
  scope: { ...SMALLEST, foreign: true },
  environments: CORES_ONLY,
  properties: properties.filter((id) => id !== 'no-admission-of-the-impossible'),
};

export const foreignOwnerOtherPmu: Model = {
  name: 'foreign-owner-other-pmu',
  asks: 'Can events of other PMUs still be opened while another owner holds the PMC?',
  scope: { ...SMALLEST, events: [['software', 'cycles']], foreign: true },
  environments: ['4.16'],
  properties,
};

export const foreignOwnerTwoThreads: Model = {
  name: 'foreign-owner-two-threads',
  asks: 'And when two threads open and close at once?',
  scope: { ...SMALLEST, events: [['cycles'], ['cycles']], foreign: true },
  environments: CORES_ONLY,
  properties: properties.filter((id) => id !== 'no-admission-of-the-impossible'),
};

export const foreignOwnerThreeThreads: Model = {
  ...foreignOwnerTwoThreads,
  name: 'foreign-owner-three-threads',
  asks: 'And three?',
  scope: { ...SMALLEST, events: [['cycles'], ['cycles'], ['cycles']], foreign: true },
  deep: true,
};
