import { CORES_ONLY, type Model, OF_OPENING } from './model.ts';
import { SMALLEST } from './scope.ts';

const properties = [...OF_OPENING.filter((id) => id !== 'no-admission-of-the-impossible'), 'busy-is-true'];

export const twoThreads: Model = {
  name: 'two-threads',
  asks: 'Do two threads that open and close events at once keep the reference count and the reservation together?',
  scope: { ...SMALLEST, events: [['cycles'], ['cycles']] },
  environments: CORES_ONLY,
  properties,
};

export const threeThreads: Model = {
  name: 'three-threads',
  asks: 'And three threads?',
  scope: { ...SMALLEST, events: [['cycles'], ['cycles'], ['cycles']] },
  environments: CORES_ONLY,
  properties,
};

export const fourThreads: Model = {
  name: 'four-threads',
  asks: 'And four, one of which also opens what is refused?',
  scope: { ...SMALLEST, events: [['cycles', 'raw'], ['cycles'], ['cycles'], ['cycles']] },
  environments: CORES_ONLY,
  properties,
  deep: true,
};
