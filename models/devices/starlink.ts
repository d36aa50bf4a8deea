import { bit, defineDevice, set } from '../../machines/hardware/index.ts';

/** The control register lets all counters count; what an event counter counts is what it selects. */
const running = set(bit('control', 0));
const overflow = (number: number, step: number) =>
  ({
    at: 'wrap',
    status: bit('overflowed', number, step),
    interrupts: [set(bit('interrupts', number, step))],
  }) as const;

/** StarFive's StarLink: sixteen counters of 64 bits and one for cycles. */
export const starlink = defineDevice({
  name: 'starlink',
  about: "the PMU of StarFive's StarLink cache",
  fits: ['starfive,jh8100-starlink-pmu'],
  ...{ bus: 'mmio', bytes: 8, interrupt: 0 },
  registers: {
    control: { at: 0x40 },
    overflowed: { at: 0x48, write: 'clears' },
    interrupts: { at: 0x50 },
    cycles: { at: 0x58 },
    select: { at: 0x60, count: 16 },
    counter: { at: 0x160, count: 16 },
  },
  banks: {
    events: {
      ...{ count: 16, bits: 64, value: { in: 'counter' }, select: { in: 'select' } },
      counts: [running],
      overflow: overflow(0, 1),
    },
    cycles: {
      ...{ count: 1, first: 63, bits: 64, value: { in: 'cycles' } },
      counts: [running],
      overflow: overflow(63, 0),
    },
  },
});
