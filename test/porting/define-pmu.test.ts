import { test } from 'uvu';
import * as assert from 'uvu/assert';
import base from '../../models/ports/riscv-base.ts';
import { RISCV_BASE_PMU } from '../../src/facts/index.ts';
import { BadDescription, definePmu, everyCacheEvent, type PmuDescription } from '../../src/porting/index.ts';

const good: PmuDescription = {
  name: 'good',
  generalCounters: 1,
  counterWidth: 64,
  xlen: 64,
  hwEvents: { cycles: 'cycle', instructions: 'instret', 'cache-references': 'hpmcounter3' },
  cacheEvents: 'ENOENT',
  interrupt: false,
  filters: false,
  decisions: [],
};

test('the description of the seed is its PMU', () => {
  assert.equal(base.pmu, RISCV_BASE_PMU);
});

test('a map becomes indices and errors, as long as its last event', () => {
  assert.equal(definePmu(good).pmu.hwEvents, [0, 1, 2]);
  assert.is(definePmu({ ...good, cacheEvents: everyCacheEvent('EOPNOTSUPP') }).pmu.cacheEvents, 'EOPNOTSUPP');
});

/** Each is refused with the field and the reason. */
const BAD: readonly (readonly [string, object, string, RegExp])[] = [
  ['no name', { name: '' }, 'name', /must be a word/],
  ['too many counters', { generalCounters: 30 }, 'generalCounters', /0 to 29, not 30/],
  ['half a counter', { generalCounters: 0.5 }, 'generalCounters', /whole number/],
  ['a width over 64', { counterWidth: 65 }, 'counterWidth', /1 to 64, not 65/],
  ['a width of nothing', { counterWidth: 0 }, 'counterWidth', /1 to 64, not 0/],
  ['another xlen', { xlen: 128 }, 'xlen', /32 or 64/],
  ['a maybe', { interrupt: 'yes' }, 'interrupt', /true or false/],
  ['an unknown decision', { decisions: ['isPerfect'] }, 'decisions', /no decision isPerfect; there are /],
  ['no map', { hwEvents: undefined }, 'hwEvents', /must be a map/],
  ['an empty map', { hwEvents: {} }, 'hwEvents', /lists no event/],
  ['an unknown event', { hwEvents: { cycels: 'cycle' } }, 'hwEvents.cycels', /no such event; there are cycles,/],
  [
    'an entry beyond the counters',
    { hwEvents: { cycles: 'cycle', instructions: 'hpmcounter4' } },
    'hwEvents.instructions',
    /hpmcounter4 is neither a counter \(cycle, instret, hpmcounter3\) nor an errno/,
  ],
  [
    'a hole in the map',
    { hwEvents: { cycles: 'cycle', 'cache-references': 'EOPNOTSUPP' } },
    'hwEvents.instructions',
    /is missing: .* 0 is the cycle counter/,
  ],
  [
    'two events on a fixed counter',
    { hwEvents: { cycles: 'cycle', instructions: 'cycle' } },
    'hwEvents.instructions',
    /cycle is a fixed counter, and counts cycles already/,
  ],
  [
    'the wrong event on a fixed counter',
    { hwEvents: { cycles: 'instret', instructions: 'EOPNOTSUPP' } },
    'hwEvents.cycles',
    /instret is a fixed counter, and counts instructions only/,
  ],
  [
    'a cache row that is missing',
    { cacheEvents: { ...everyCacheEvent('ENOENT'), NODE: undefined } },
    'cacheEvents.NODE',
    /is missing: .* 0 is the cycle counter/,
  ],
  [
    'a cache result that is missing',
    {
      cacheEvents: {
        ...everyCacheEvent('ENOENT'),
        LL: { ...everyCacheEvent('ENOENT').LL, read: { access: 'ENOENT' } },
      },
    },
    'cacheEvents.LL.read.miss',
    /is missing/,
  ],
  [
    'an unknown cache',
    { cacheEvents: { ...everyCacheEvent('ENOENT'), L4: 'ENOENT' } },
    'cacheEvents.L4',
    /no such row/,
  ],
  ['an unknown errno', { cacheEvents: 'ENOTHING' }, 'cacheEvents', /neither a counter/],
];

for (const [what, change, field, reason] of BAD)
  test(`${what} is refused, with the field and the reason`, () => {
    try {
      definePmu({ ...good, ...change } as PmuDescription);
    } catch (error) {
      assert.instance(error, BadDescription);
      assert.is((error as BadDescription).field, field);
      assert.match((error as BadDescription).reason, reason);
      return;
    }
    assert.unreachable('it was taken');
  });

test.run();
