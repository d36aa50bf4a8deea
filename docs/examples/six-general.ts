import { MERGED_4_18 } from '../../machines/driver/decisions.ts';
import { definePmu, everyCacheEvent } from '../../src/porting/index.ts';

const unsupported = everyCacheEvent('EOPNOTSUPP');

/**
 * Six general counters of 48 bits, which a bitmap gives out and whose overflow interrupts, in a driver that began as the one
 * that was merged in Linux 4.18. Most events can be on any of the six; stalls on two, and cache reads on the last alone.
 */
export default definePmu({
  name: 'six-general',
  generalCounters: 6,
  counterWidth: 48,
  xlen: 64,
  hwEvents: {
    cycles: 'cycle',
    instructions: 'instret',
    'cache-references': 'general',
    'cache-misses': 'general',
    branches: 'general',
    'branch-misses': 'general',
    'bus-cycles': 'EOPNOTSUPP',
    'stalled-cycles-frontend': ['hpmcounter3', 'hpmcounter4'],
    'stalled-cycles-backend': 'EOPNOTSUPP',
    'ref-cycles': 'EOPNOTSUPP',
  },
  cacheEvents: {
    ...unsupported,
    L1D: { ...unsupported.L1D, read: { access: 'hpmcounter8', miss: 'EOPNOTSUPP' } },
  },
  interrupt: true,
  filters: true,
  writable: true,
  allocation: 'bitmap',
  overflow: 'handled',
  decisions: [...MERGED_4_18, 'readsEveryCounter'],
});
