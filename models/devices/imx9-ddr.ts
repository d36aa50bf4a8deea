import { bit, clear, defineDevice, type Field, set } from '../../machines/hardware/index.ts';

/** A counter counts unless it, or all, are frozen; when its highest bit becomes 1 it interrupts, and all are frozen. */
const counters = (first: number, count: number) => ({
  ...{ count, first, value: { in: `counter${first}` } as Field },
  counts: [clear(bit('control', 31)), clear({ in: `local${first}`, bit: 31, bits: 1 })],
  select: { in: `local${first}`, bit: 16, bits: 7 } as Field,
  overflow: {
    at: 'half' as const,
    interrupts: [set(bit('control', 30)), set(bit('control', 29)), set({ in: `local${first}`, bit: 26, bits: 1 })],
    freezes: bit('control', 31),
  },
});

/** The DDR PMU of i.MX93: a counter of 64 bits for cycles, and ten of 32 bits for other events. */
export const imx9Ddr = defineDevice({
  name: 'imx9-ddr',
  about: 'the DDR PMU of NXP i.MX9',
  fits: ['fsl,imx93-ddr-pmu', 'fsl,imx95-ddr-pmu'],
  ...{ bus: 'mmio', bytes: 4, interrupt: 0 },
  registers: {
    config: { at: 0x0, count: 6 },
    control: { at: 0x40 },
    ...{ local0: { at: 0x50 }, localB0: { at: 0x54 }, counter0: { at: 0x58 }, high0: { at: 0x5c } },
    local1: { at: 0x60, count: 10, stride: 0x10 },
    localB1: { at: 0x64, count: 10, stride: 0x10 },
    counter1: { at: 0x68, count: 10, stride: 0x10 },
  },
  banks: {
    cycles: { ...counters(0, 1), bits: 64, high: { in: 'high0' } },
    events: { ...counters(1, 10), bits: 32 },
  },
});
