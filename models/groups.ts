import { CORES_ONLY, type Model, OF_OPENING, OF_SLOTS } from './model.ts';
import { SMALLEST } from './scope.ts';

const properties = [...new Set([...OF_SLOTS, ...OF_OPENING])];

export const groupOfTwo: Model = {
  name: 'group-of-two',
  asks: 'Can a group of two events that fit be counted together?',
  scope: { ...SMALLEST, events: [['cycles'], ['instructions']], harts: 1, group: 2 },
  environments: CORES_ONLY,
  properties: properties.filter((id) => id !== 'init-all-or-nothing'),
};

export const groupThatCannotFit: Model = {
  name: 'group-that-cannot-fit',
  asks: 'What does a group of three do on two counters?',
  scope: { ...SMALLEST, events: [['cycles'], ['instructions'], ['cycles']], harts: 1, group: 3 },
  environments: CORES_ONLY,
  properties,
};
