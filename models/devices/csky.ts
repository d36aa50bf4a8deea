import { bit, defineDevice, type Field, set } from '../../machines/hardware/index.ts';

/** The counters are 1 to 8 and 10 to 27, with two general registers each: the lower half at 2n, the upper one behind it. */
const bank = (first: number, count: number) => ({
  ...{ count, first, bits: 48 },
  value: { in: `low${first}`, bits: 32 } as Field,
  high: { in: `high${first}`, bits: 32 } as Field,
  // HPCR: bit 0 lets all of them count, bits 2 and 3 in user and in kernel mode.
  counts: [set(bit('control', 0)), set({ in: 'control', bit: 2, bits: 2 }), set(bit('enable', first, 1))],
  select: { in: 'control', bit: 2, bits: 2 } as Field,
  overflow: {
    at: 'wrap' as const,
    status: bit('overflowed', first, 1),
    interrupts: [set(bit('interrupts', first, 1))],
  },
});
/** General registers come first in the numbers of the coprocessor, control registers 0x100 later. */
const [GENERAL, CONTROL] = [0x10000, 0x10100];
const halves = (first: number, count: number) => ({
  [`low${first}`]: { at: GENERAL + 2 * first, count, stride: 2 },
  [`high${first}`]: { at: GENERAL + 2 * first + 1, count, stride: 2 },
});

/** C-SKY's counters of 48 bits, in the registers of a coprocessor of each hart. */
export const csky = defineDevice({
  name: 'csky',
  about: "C-SKY's counters, in the coprocessor of each hart",
  fits: ['csky,csky-pmu'],
  ...{ bus: 'csr', bytes: 8, perHart: true, interrupt: 0 },
  registers: {
    ...{ control: { at: CONTROL }, start: { at: CONTROL + 1 }, end: { at: CONTROL + 2 }, soft: { at: CONTROL + 3 } },
    ...{ enable: { at: CONTROL + 4 }, interrupts: { at: CONTROL + 5 }, overflowed: { at: CONTROL + 6 } },
    ...halves(1, 8),
    ...halves(10, 18),
  },
  banks: { first: bank(1, 8), second: bank(10, 18) },
});
