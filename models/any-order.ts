import { RISCV_BASE_PMU, scaled } from '../src/facts/index.ts';
import { type Model, OF_OPENING, OF_SLOTS } from './model.ts';
import { SMALLEST } from './scope.ts';

/** With integers of three bits, `n_events` and the reference count come round within the scope. */
const pmu = { ...scaled(RISCV_BASE_PMU, 2), intBits: 3 };

export const anyOrderEvent: Model = {
  name: 'any-order-event',
  asks: 'What do the own guards of the driver catch, when any callback may come for one event in any state?',
  scope: { ...SMALLEST, events: [['cycles']], harts: 1, pmu },
  environments: ['any-order'],
  properties: [...OF_SLOTS, 'mutex-discipline', 'recovers'],
};

export const anyOrderOpens: Model = {
  name: 'any-order-opens',
  asks: 'What do opens and closes of two events in any order do to the reservation, with another owner about?',
  scope: { ...SMALLEST, events: [['cycles', 'cache-misses', 'software', 'sampling'], ['cycles']], pmu, foreign: true },
  environments: ['any-order'],
  properties: [...OF_OPENING.filter((id) => id !== 'drains'), 'foreign-owner-kept', 'busy-is-true'],
};

export const anyOrderCounting: Model = {
  ...anyOrderEvent,
  name: 'any-order-counting',
  asks: 'And while time passes?',
  scope: { ...anyOrderEvent.scope, ticks: ['cycle'] },
  deep: true,
};

export const anyOrderPair: Model = {
  name: 'any-order-pair',
  asks: 'What do callbacks of an event that was never opened do to the slots of another, all of them in any order?',
  // Counters of one bit that stand still: what they count is not asked here.
  scope: {
    ...SMALLEST,
    events: [['cycles'], []],
    harts: 1,
    pmu: { ...pmu, wordBits: 1, counterWidth: 1, xlen: 1 },
  },
  environments: ['any-order'],
  properties: OF_SLOTS,
  deep: true,
};
