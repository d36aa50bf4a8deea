import { RISCV_BASE_PMU, scaled } from '../src/facts/index.ts';
import { CORES_ONLY, type Model, OF_COUNTING } from './model.ts';
import { SMALLEST } from './scope.ts';

export const contextSwitch: Model = {
  name: 'context-switch',
  asks: 'Does an event count what ran, and only that, when its task is switched out and in on one hart?',
  scope: { ...SMALLEST, harts: 1, pmu: scaled(RISCV_BASE_PMU, 3), ticks: ['cycle'] },
  environments: CORES_ONLY,
  properties: OF_COUNTING,
};

export const migration: Model = {
  name: 'migration',
  asks: 'And when its task moves to another hart, whose counters are unrelated?',
  scope: { ...SMALLEST, harts: 2, ticks: ['cycle'] },
  environments: CORES_ONLY,
  properties: OF_COUNTING,
};

export const stopAndStart: Model = {
  name: 'stop-and-start',
  asks: 'And when it is stopped and started in place: by the tick of a sampling event, or by a throttled group?',
  scope: { ...SMALLEST, events: [['sampling', 'cycles']], harts: 1, ticks: ['cycle'], group: 1 },
  environments: CORES_ONLY,
  properties: OF_COUNTING,
};

export const rv32: Model = {
  name: 'rv32',
  asks: 'And on RV32, where one CSR read is half of a counter?',
  scope: { ...SMALLEST, harts: 1, pmu: scaled(RISCV_BASE_PMU, 4, true), ticks: ['cycle'] },
  environments: CORES_ONLY,
  properties: OF_COUNTING,
};

/** Each counter is read in a scope in which it alone advances: a driver that reads another one counts nothing. */
export const instructions: Model = {
  ...contextSwitch,
  name: 'instructions',
  asks: 'Does an event of instructions count the counter of instructions, and no other?',
  scope: { ...SMALLEST, events: [['instructions']], harts: 1, ticks: ['instret'] },
};

export const rv32Instructions: Model = {
  ...rv32,
  name: 'rv32-instructions',
  asks: 'And on RV32, both halves of it?',
  scope: { ...rv32.scope, events: [['instructions']], ticks: ['instret'] },
};

export const twoAlike: Model = {
  name: 'two-alike',
  asks: 'Do two events of one kind on one hart each count what they should, and only that?',
  scope: { ...SMALLEST, events: [['cycles'], ['cycles']], harts: 1, ticks: ['cycle'], reopens: false },
  environments: CORES_ONLY,
  properties: OF_COUNTING,
};

export const twoCounting: Model = {
  name: 'two-counting',
  asks: 'Do two events on one hart count side by side?',
  scope: { ...SMALLEST, events: [['cycles'], ['instructions']], harts: 1, ticks: ['cycle', 'instret'] },
  environments: CORES_ONLY,
  properties: OF_COUNTING,
  deep: true,
};
