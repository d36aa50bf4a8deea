import { test } from 'uvu';
import * as assert from 'uvu/assert';
import base from '../../docs/examples/riscv-base.ts';
import { RISCV_BASE_PMU } from '../../src/facts/index.ts';
import {
  BadDescription,
  type CapabilityName,
  definePmu,
  everyCacheEvent,
  type PmuDescription,
} from '../../src/porting/index.ts';

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
  assert.equal(base.pmu, { ...RISCV_BASE_PMU, eitherXlen: true });
});

test('a map becomes indices and errors, as long as its last event', () => {
  assert.equal(definePmu(good).pmu.hwEvents, [0, 1, 2]);
  assert.is(definePmu({ ...good, cacheEvents: everyCacheEvent('EOPNOTSUPP') }).pmu.cacheEvents, 'EOPNOTSUPP');
});

test('what a driver does with its counters is said by decisions, and what they are by numbers', () => {
  const { pmu, decisions } = definePmu({
    ...good,
    generalCounters: 3,
    counterWidth: 48,
    hwEvents: { ...good.hwEvents, 'cache-references': 'general', 'cache-misses': ['hpmcounter4', 'hpmcounter3'] },
    cacheEvents: everyCacheEvent(['hpmcounter5']),
    interrupt: true,
    writable: true,
    allocation: 'bitmap',
    overflow: 'handled',
    decisions: ['startsFresh'],
  });
  assert.equal(pmu.hwEvents, [0, 1, [2, 3, 4], [3, 2]]);
  assert.equal(pmu.cacheEvents, [4]);
  assert.equal([pmu.writable, pmu.counterBits], [true, 48]);
  assert.equal(decisions, ['startsFresh', 'givesOutCounters', 'writesCounter', 'handlesOverflow']);
});

test('raw events have a counter, a choice of them or an errno, and capabilities their names', () => {
  const rawOf = (more: Partial<PmuDescription>) => definePmu({ ...good, ...more }).pmu.rawEvents;
  assert.is(rawOf({ rawEvents: 'hpmcounter3' }), 2);
  assert.is(rawOf({ rawEvents: 'EINVAL' }), 'EINVAL');
  assert.equal(rawOf({ generalCounters: 2, allocation: 'bitmap', rawEvents: 'general' }), [2, 3]);
  const capabilitiesOf = (...capabilities: CapabilityName[]) => definePmu({ ...good, capabilities }).pmu.capabilities;
  assert.equal(capabilitiesOf(), { noInterrupt: false, noExclude: false });
  assert.equal(capabilitiesOf('NO_INTERRUPT', 'NO_EXCLUDE'), { noInterrupt: true, noExclude: true });
});

test('what is left out is as posted', () => {
  const { pmu, decisions } = definePmu(good);
  assert.equal([pmu.writable, pmu.counterBits], [undefined, undefined]);
  assert.equal([pmu.rawEvents, pmu.capabilities], [undefined, undefined]);
  assert.equal(decisions, []);
});

const given = { generalCounters: 2, allocation: 'bitmap' };

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
    'a cache event on a fixed counter',
    { cacheEvents: 'instret' },
    'cacheEvents',
    /instret is a fixed counter, and counts no cache event/,
  ],
  [
    'a raw event on a fixed counter',
    { rawEvents: 'cycle' },
    'rawEvents',
    /cycle is a fixed counter, and counts no raw/,
  ],
  ['a raw event on no counter', { rawEvents: 'hpmcounter4' }, 'rawEvents', /neither a counter .* nor an errno/],
  ['a bare capability', { capabilities: 'NO_EXCLUDE' }, 'capabilities', /must be a list/],
  ['an unknown capability', { capabilities: ['NO_NMI'] }, 'capabilities', /NO_INTERRUPT or NO_EXCLUDE, not "NO_NMI"/],
  ['filters that are not there', { filters: true, capabilities: ['NO_EXCLUDE'] }, 'capabilities', /filters: true/],
  ['no interrupt, and one', { interrupt: true, capabilities: ['NO_INTERRUPT'] }, 'capabilities', /interrupt: true/],
  [
    'a list of counters without a driver that chooses one',
    { hwEvents: { cycles: 'cycle', instructions: ['instret', 'hpmcounter3'] } },
    'hwEvents.instructions',
    /more than one counter, of which only a driver with allocation: 'bitmap' chooses/,
  ],
  [
    'an empty list of counters',
    { ...given, hwEvents: { cycles: [] } },
    'hwEvents.cycles',
    /no counter is there that could count it/,
  ],
  [
    'general counters where there are none',
    { ...given, generalCounters: 0, hwEvents: { cycles: 'cycle', instructions: 'general' } },
    'hwEvents.instructions',
    /no counter is there/,
  ],
  [
    'a list with a counter that does not exist',
    { ...given, hwEvents: { cycles: ['cycle', 'hpmcounter9'] } },
    'hwEvents.cycles',
    /hpmcounter9 is neither a counter/,
  ],
  [
    'a counter twice',
    { ...given, hwEvents: { cycles: ['hpmcounter3', 'hpmcounter3'] } },
    'hwEvents.cycles',
    /names a counter twice/,
  ],
  [
    'two events on a fixed counter in a list',
    { ...given, hwEvents: { cycles: 'cycle', instructions: ['instret', 'cycle'] } },
    'hwEvents.instructions',
    /cycle is a fixed counter, and counts cycles already/,
  ],
  ['another way to give counters out', { allocation: 'random' }, 'allocation', /by-event or bitmap, not "random"/],
  ['another way to handle an overflow', { overflow: true }, 'overflow', /none or handled, not true/],
  ['a handler without an interrupt', { overflow: 'handled', writable: true }, 'overflow', /there is no interrupt/],
  [
    'a handler that cannot write the counter',
    { overflow: 'handled', interrupt: true },
    'overflow',
    /cannot write where the counter begins/,
  ],
  ['a maybe of writing', { writable: 1 }, 'writable', /true or false/],
  [
    'a decision that a field says',
    { decisions: ['givesOutCounters'] },
    'decisions',
    /givesOutCounters is what allocation: 'bitmap' says/,
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
