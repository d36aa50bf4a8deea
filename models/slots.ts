import { CORES_ONLY, type Model, OF_SLOTS } from './model.ts';
import { SMALLEST } from './scope.ts';

export const twoOfAKind: Model = {
  name: 'two-of-a-kind',
  asks: 'What happens to the slots when two events want the same counter of a hart?',
  scope: { ...SMALLEST, events: [['cycles'], ['cycles']], harts: 1 },
  environments: CORES_ONLY,
  properties: OF_SLOTS,
};

export const threeOnTwo: Model = {
  name: 'three-on-two',
  asks: 'Who gets in when three events want two counters?',
  scope: { ...SMALLEST, events: [['cycles'], ['cycles'], ['instructions']], harts: 1, reopens: false },
  environments: CORES_ONLY,
  properties: OF_SLOTS,
};

export const twoHarts: Model = {
  name: 'two-harts',
  asks: 'Do the slots of two harts stay apart while two events move between them?',
  scope: { ...SMALLEST, events: [['cycles'], ['instructions']], harts: 2, reopens: false },
  environments: CORES_ONLY,
  properties: OF_SLOTS,
};
