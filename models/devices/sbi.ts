import { bit, type DeviceDescription, defineDevice, SHARED, set } from '../../machines/hardware/index.ts';

/** What is the same for every counter: firmware says whether it runs, and for which event. */
const counters = (first: number, count: number, csr: string, only?: number) => ({
  ...{ count, first, bits: 64, value: { in: csr } },
  counts: [set(bit('running', first, 1))],
  select: { in: csr === 'hpmcounter' ? 'event' : `event${first}` },
  overflow: {
    at: 'wrap' as const,
    status: bit('scountovf', first, 1),
    interrupts: [set(bit('sie', 13))],
    pending: bit('sip', 13),
  },
  firmware: { runs: bit('running', first, 1), taken: bit('taken', first, 1), ...(only !== undefined && { only }) },
});

/**
 * RISC-V's firmware with SBI's PMU extension: cycles (counter 0) and instret (2) for their own events, four more for any, which
 * are read as CSRs; and two of what firmware itself does, which a call reads. Whether a counter runs, and for what, firmware keeps.
 */
const withoutSnapshots = {
  name: 'sbi-1',
  about: "RISC-V's firmware with the PMU extension of SBI 1.0, and the counters of Sscofpmf",
  fits: [],
  ...{ bus: 'csr', bytes: 8, perHart: true, calls: 'sbi-pmu', interrupt: 13 },
  registers: {
    ...{ sie: { at: 0x104 }, sip: { at: 0x144 }, scounteren: { at: 0x106 } },
    scountovf: { at: 0xda0, write: 'ignored' },
    ...{ cycle: { at: 0xc00, write: 'ignored' }, instret: { at: 0xc02, write: 'ignored' } },
    hpmcounter: { at: 0xc03, count: 4, write: 'ignored' },
    ...{ running: { at: 0, bus: 'firmware' }, taken: { at: 1, bus: 'firmware' } },
    ...{ event0: { at: 2, bus: 'firmware' }, event2: { at: 4, bus: 'firmware' } },
    event: { at: 5, count: 4, bus: 'firmware' },
    ...{ own: { at: 10, count: 2, bus: 'firmware' }, ownEvent: { at: 12, count: 2, bus: 'firmware' } },
  },
  banks: {
    cycle: counters(0, 1, 'cycle', 1),
    instret: counters(2, 1, 'instret', 2),
    general: counters(3, 4, 'hpmcounter'),
    firmware: {
      ...{ count: 2, first: 7, bits: 64, value: { in: 'own' } },
      counts: [set(bit('running', 7, 1))],
      select: { in: 'ownEvent' },
      firmware: { runs: bit('running', 7, 1), taken: bit('taken', 7, 1) },
    },
  },
} as const satisfies DeviceDescription;

/** The same without snapshots. */
export const sbi1 = defineDevice(withoutSnapshots);

/** With those of SBI 2.0: what firmware writes to memory that it shares with each hart when counters stop. */
export const sbi = defineDevice({
  ...withoutSnapshots,
  name: 'sbi',
  about: "RISC-V's firmware with the PMU extension of SBI 2.0 and its snapshots, and the counters of Sscofpmf",
  fits: ['__sbi_ecall', 'sbi_ecall'],
  registers: { ...withoutSnapshots.registers, shared: { at: SHARED, bus: 'firmware' } },
});
