import { definePmu } from '../../src/porting/index.ts';

/** One general counter, which can be written and three events share; the driver was copied from the posted one, and its `read_counter` forgotten. */
export default definePmu({
  name: 'shared-slot',
  generalCounters: 1,
  counterWidth: 64,
  xlen: 32,
  hwEvents: {
    cycles: 'cycle',
    instructions: 'instret',
    'cache-references': 'hpmcounter3',
    'cache-misses': 'hpmcounter3',
    branches: 'EOPNOTSUPP',
    'branch-misses': 'EOPNOTSUPP',
    'bus-cycles': 'EOPNOTSUPP',
    'stalled-cycles-frontend': 'hpmcounter3',
    'stalled-cycles-backend': 'EOPNOTSUPP',
    'ref-cycles': 'EOPNOTSUPP',
  },
  cacheEvents: 'ENOENT',
  interrupt: false,
  filters: false,
  writable: true,
  decisions: ['startsFresh'],
});
