import { bpftraceScript } from './bpftrace.ts';
import type { TracedDriver } from './driver.ts';
import { kprobeEvents, type Offsets } from './kprobes.ts';
import { perfProbes } from './perf.ts';

export { driverIn, POSTED, type TracedDriver } from './driver.ts';
export { parseOffsets } from './kprobes.ts';

/** What can be set up, by name: each makes a script that records a driver's callbacks. */
export const SETUPS: Record<'bpftrace' | 'kprobes' | 'perf', (driver: TracedDriver, offsets?: Offsets) => string> = {
  bpftrace: bpftraceScript,
  kprobes: kprobeEvents,
  perf: perfProbes,
};
