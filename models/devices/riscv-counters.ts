import { defineDevice } from '../../machines/hardware/index.ts';

/** `cycle` and `instret` of each hart: they always count, and supervisors cannot write them. */
export const riscvCounters = defineDevice({
  name: 'riscv-counters',
  about: 'cycle and instret of a hart whose firmware has no PMU extension',
  fits: ['riscv-pmu-legacy'],
  ...{ bus: 'csr', bytes: 8, perHart: true },
  registers: {
    cycle: { at: 0xc00, write: 'ignored' },
    instret: { at: 0xc02, write: 'ignored' },
  },
  banks: {
    cycle: { count: 1, bits: 64, value: { in: 'cycle' }, counts: [] },
    instret: { count: 1, first: 2, bits: 64, value: { in: 'instret' }, counts: [] },
  },
});
