import { bpftraceScript } from './bpftrace.ts';
import type { TracedDriver } from './driver.ts';
import { fentryScript } from './fentry.ts';
import { kprobeEvents, type Offsets } from './kprobes.ts';
import { perfProbes } from './perf.ts';

export { driverIn, POSTED, type TracedDriver, withoutSlots } from './driver.ts';
export { parseOffsets } from './kprobes.ts';

/** What can be set up, by name: each makes a script that records a driver's callbacks. */
export const SETUPS: Record<
  'bpftrace' | 'fentry' | 'kprobes' | 'perf',
  (driver: TracedDriver, offsets?: Offsets) => string
> = {
  bpftrace: bpftraceScript,
  fentry: fentryScript,
  kprobes: kprobeEvents,
  perf: perfProbes,
};
