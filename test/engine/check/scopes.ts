import type { Scope } from '../../../models/index.ts';
import { SMALLEST } from '../../../models/scope.ts';
import { type Pmu, RISCV_BASE_PMU, scaled } from '../../../src/facts/index.ts';

/** A PMU of one-bit counters and tiny integers. */
const pmu = (intBits: number): Pmu => ({
  ...scaled(RISCV_BASE_PMU, 2),
  wordBits: 1,
  xlen: 1,
  counterWidth: 1,
  intBits,
});

/** Scopes so small that XState itself can search them, for the perf cores. */
export const OF_CORES: Readonly<Record<string, Scope>> = {
  'two threads': { ...SMALLEST, events: [['cycles'], ['cycles']] },
  'an open that is asked for twice': { ...SMALLEST, events: [['cache', 'cycles']], oddOpens: 2 },
  'another owner': { ...SMALLEST, events: [['cycles'], ['cycles']], foreign: true, reopens: false },
  'time on one hart': { ...SMALLEST, harts: 1, ticks: ['cycle'] },
  'time on two harts': { ...SMALLEST, harts: 2, pmu: pmu(2), ticks: ['cycle'], reopens: false },
  'stop and start': { ...SMALLEST, events: [['sampling']], harts: 1, pmu: pmu(2), ticks: ['cycle'], group: 1 },
  RV32: { ...SMALLEST, harts: 1, pmu: scaled(RISCV_BASE_PMU, 2, true), ticks: ['cycle'] },
  'two events of one kind': { ...SMALLEST, events: [['cycles'], ['cycles']], harts: 1, reopens: false },
};

/** The same for a caller without a contract. */
export const OF_ANY_ORDER: Readonly<Record<string, Scope>> = {
  'an event on a hart': { ...SMALLEST, harts: 1, pmu: pmu(1) },
  'an event and another owner': { ...SMALLEST, events: [['cycles', 'software']], pmu: pmu(2), foreign: true },
};

/** Larger, for searches with tables only: two events on one hart that are never opened. */
export const UNOPENED_PAIR: Scope = { ...SMALLEST, events: [[], []], harts: 1, pmu: pmu(1) };
