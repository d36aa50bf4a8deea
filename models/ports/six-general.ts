import { MERGED_4_18 } from '../../machines/driver/decisions.ts';
import { definePmu, everyCacheEvent } from '../../src/porting/index.ts';

const unsupported = everyCacheEvent('EOPNOTSUPP');

/** Six general counters and an overflow interrupt, in a driver that began as the one that was merged in Linux 4.18. */
export default definePmu({
  name: 'six-general',
  generalCounters: 6,
  counterWidth: 64,
  xlen: 64,
  hwEvents: {
    cycles: 'cycle',
    instructions: 'instret',
    'cache-references': 'hpmcounter3',
    'cache-misses': 'hpmcounter4',
    branches: 'hpmcounter5',
    'branch-misses': 'hpmcounter6',
    'bus-cycles': 'EOPNOTSUPP',
    'stalled-cycles-frontend': 'hpmcounter7',
    'stalled-cycles-backend': 'EOPNOTSUPP',
    'ref-cycles': 'EOPNOTSUPP',
  },
  cacheEvents: {
    ...unsupported,
    L1D: { ...unsupported.L1D, read: { access: 'hpmcounter8', miss: 'EOPNOTSUPP' } },
  },
  interrupt: true,
  filters: true,
  decisions: [...MERGED_4_18, 'readsEveryCounter'],
});
