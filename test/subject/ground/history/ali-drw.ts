import { bit, defineDevice, type Field, set } from '../../../../machines/hardware/index.ts';

/** Four counters whose selects share a register. */
const bank = (number: number) => ({
  ...{ count: 4, bits: 32, value: { in: `counter${number}` } as Field },
  select: { in: `select${number}`, bit: 0, bits: 6, step: 8 },
  counts: [set(bit('control', 0)), set(bit(`select${number}`, 7, 8))],
  overflow: {
    at: 'wrap' as const,
    status: bit('overflowed', 8 + 4 * number, 1),
    interrupts: [set(bit('enabled', 8 + 4 * number, 1))],
  },
});
const banks = [0, 1, 2, 3];

/**
 * The overflow of Alibaba's DDR PMU: sixteen counters, a status of one bit each, cleared by ones elsewhere. How a counter is
 * set to a value is left out, so that no count is judged with it.
 */
export const aliDrw = defineDevice({
  name: 'ali-drw',
  about: "the overflow of the DDR PMU of Alibaba's T-Head Yitian",
  fits: [],
  ...{ bus: 'mmio', bytes: 4, interrupt: 0, others: true },
  registers: {
    control: { at: 0xc00 },
    ...Object.fromEntries(banks.map((n) => [`select${n}`, { at: 0xc68 + 4 * n }])),
    ...Object.fromEntries(banks.map((n) => [`counter${n}`, { at: 0xc78 + 16 * n, count: 4 }])),
    enable: { at: 0xcb8, write: { sets: 'enabled' } },
    disable: { at: 0xcbc, write: { clears: 'enabled' } },
    enabled: { at: 0xcc0, write: 'ignored' },
    clear: { at: 0xcc4, write: { clears: 'overflowed' } },
    overflowed: { at: 0xcc8, write: 'ignored' },
  },
  banks: Object.fromEntries(banks.map((n) => [`counters${n}`, bank(n)])),
});
