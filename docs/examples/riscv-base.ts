import { definePmu } from '../../src/porting/index.ts';

/** The PMU of the patch, as its author would describe it. */
export default definePmu({
  name: 'riscv-base',
  generalCounters: 0,
  counterWidth: 63,
  hwEvents: {
    cycles: 'cycle',
    instructions: 'instret',
    'cache-references': 'EOPNOTSUPP',
    'cache-misses': 'EOPNOTSUPP',
    branches: 'EOPNOTSUPP',
    'branch-misses': 'EOPNOTSUPP',
    'bus-cycles': 'EOPNOTSUPP',
  },
  cacheEvents: 'ENOENT',
  interrupt: false,
  filters: false,
  decisions: [],
});
