import { bit, defineDevice, set } from '../../../../machines/hardware/index.ts';

const [COUNTERS, BITS, ONE_FILTER_FOR_ALL] = [4, 32, 1 << 23];

/** What the performance monitors of an Arm SMMU say of themselves: four counters, and one filter for all of them. */
export const pmcg = defineDevice({
  name: 'pmcg',
  about: 'four counters of an SMMUv3 that share a filter',
  fits: [],
  ...{ bus: 'mmio', bytes: 4, interrupt: 0, others: true },
  registers: {
    count: { at: 0, count: COUNTERS, stride: 4 },
    type: { at: 0x400, count: COUNTERS },
    enabled: { at: 0, bus: 'firmware', bytes: 8 },
    enable: { at: 0xc00, bytes: 8, write: { sets: 'enabled' } },
    disable: { at: 0xc20, bytes: 8, write: { clears: 'enabled' } },
    size: { at: 0xe00, reset: ONE_FILTER_FOR_ALL | ((BITS - 1) << 8) | (COUNTERS - 1), write: 'ignored' },
    control: { at: 0xe04 },
    events: { at: 0xe20, bytes: 8, count: 2, reset: (1n << 64n) - 1n, write: 'ignored' },
  },
  banks: {
    counters: {
      ...{ count: COUNTERS, bits: BITS, value: { in: 'count' }, select: { in: 'type', bit: 0, bits: 16 } },
      counts: [set(bit('control', 0)), set(bit('enabled', 0, 1))],
    },
  },
});
