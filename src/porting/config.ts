import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Port } from './define-pmu.ts';
import { readModule } from './module-file.ts';

/** The file that describes a PMU and its driver, in the directory of whoever ports it. */
export const CONFIG_FILE = 'hartproof.config.ts';

/**
 * Reads a file whose default export is what `definePmu` answers. Throws a RangeError that names the file: if it is not there,
 * does not run, or describes no PMU.
 */
export async function readConfig(file: string): Promise<Port> {
  const port = await readModule(file, 'hartproof init writes one');
  if (!isPort(port)) throw new RangeError(`${file}: its default export is not what definePmu answers`);
  return port;
}

/** A digest of the text of a file, to tell later whether it has changed. */
export const configDigest = (file: string): string =>
  createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 16);

const isPort = (value: unknown): value is Port =>
  typeof value === 'object' && value !== null && 'pmu' in value && 'decisions' in value;

/** What `hartproof init` writes. */
export const CONFIG_TEXT = `import { definePmu, everyCacheEvent } from 'hartproof';

// A PMU, and the driver that was written for it: hartproof audit --config
export default definePmu({
  // A name for the reports.
  name: 'my-pmu',

  // How many counters there are beside cycle and instret; they are called hpmcounter3, hpmcounter4 and so on. Or their names.
  generalCounters: 1,

  // riscv_pmu.counter_width: how many bits of a difference between two readings count.
  counterWidth: 63,

  // How many bits one csr_read returns: 32 on RV32, where a counter has two halves. Leave it out if the driver is for both.
  xlen: 64,

  // riscv_pmu.hw_events: the counter that counts each event, or the error that event_init answers; where the driver gives
  // counters out (see allocation), a list of those that can count it, or 'general' for all but cycle and instret.
  // List every event up to the last one: what an initialiser in C leaves out is 0, and 0 is the cycle counter.
  hwEvents: {
    cycles: 'cycle',
    instructions: 'instret',
    'cache-references': 'EOPNOTSUPP',
    'cache-misses': 'hpmcounter3',
    branches: 'EOPNOTSUPP',
    'branch-misses': 'EOPNOTSUPP',
    'bus-cycles': 'EOPNOTSUPP',
  },

  // riscv_pmu.cache_events: one error for all, or a map with every row (L1D, L1I, LL, DTLB, ITLB, BPU, NODE).
  cacheEvents: everyCacheEvent('EOPNOTSUPP'),

  // What counts a raw event (perf stat -e r1a2), or the error for all of them.
  rawEvents: 'EOPNOTSUPP',

  // pmu.capabilities, of what the core refuses by itself: 'NO_INTERRUPT', 'NO_EXCLUDE'.
  capabilities: [],

  // Whether a counter that overflows raises an interrupt: riscv_pmu.irq.
  interrupt: false,

  // Whether the counters can leave out user or kernel mode.
  filters: false,

  // Whether the counters can be written: then start writes where the counter begins.
  writable: false,

  // How an event gets its counter: 'by-event' (it is the one of hwEvents), or 'bitmap' (add gives it a free one).
  allocation: 'by-event',

  // What the driver does when a counter overflows: 'none', or 'handled' (needs an interrupt, and counters that can be written).
  overflow: 'none',

  // What else your driver does otherwise than the one that was posted in 2018; hartproof repair --config tells what it should.
  // The driver as merged in Linux 4.18 is ['requestsIrq', 'startsFresh'].
  decisions: ['requestsIrq', 'startsFresh', 'readsEveryCounter'],
});
`;
