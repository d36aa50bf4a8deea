import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { withDecisions } from '../../machines/drivers.ts';
import { compose, type Model, propertyOf } from '../../models/index.ts';
import { check } from '../../src/engine/check/index.ts';
import {
  BadDescription,
  type CapabilityName,
  definePmu,
  everyCacheEvent,
  modelsFor,
  type PmuDescription,
  type Port,
} from '../../src/porting/index.ts';

const none = everyCacheEvent('EOPNOTSUPP');
const good: PmuDescription = {
  name: 'a-port',
  generalCounters: 0,
  counterWidth: 64,
  xlen: 64,
  hwEvents: { cycles: 'cycle', instructions: 'instret' },
  cacheEvents: 'ENOENT',
  interrupt: false,
  filters: false,
  decisions: ['startsFresh'],
};

async function verdictOf({ pmu, decisions }: Port, model: string, property: string): Promise<string> {
  const { scope, environments } = modelsFor(pmu).find(({ name }) => name === model)!;
  const { verdicts } = await check(compose(scope, environments[0]!, withDecisions(decisions)), [propertyOf(property)]);
  return verdicts.get(property)!.verdict;
}

const namesOf = (port: Port): string[] => modelsFor(port.pmu).map(({ name }: Model) => name);

test('a counter that only one cache or branch event has is scheduled', async () => {
  const events = {
    'cache events': {
      cacheEvents: { ...none, DTLB: { ...none.DTLB, read: { access: 'EOPNOTSUPP', miss: 'hpmcounter4' } } },
    },
    'branch events': {
      hwEvents: { ...good.hwEvents, 'cache-references': 'ENOENT', 'cache-misses': 'ENOENT', branches: 'hpmcounter4' },
    },
  };
  for (const [what, more] of Object.entries(events)) {
    const described = { ...good, generalCounters: 2, ...more };
    assert.is(await verdictOf(definePmu(described), 'counter-hpmcounter4', 'index-in-bounds'), 'violated', what);
    const mended = definePmu({ ...described, decisions: ['startsFresh', 'readsEveryCounter'] });
    assert.is(await verdictOf(mended, 'counter-hpmcounter4', 'index-in-bounds'), 'holds', what);
    assert.not.ok(namesOf(mended).includes('counter-hpmcounter3'), 'no map names it');
  }
});

test('a counter that only raw events have is scheduled', async () => {
  const described: PmuDescription = { ...good, generalCounters: 2, rawEvents: 'hpmcounter4' };
  assert.is(await verdictOf(definePmu(described), 'counter-hpmcounter4', 'index-in-bounds'), 'violated');
  const mended = definePmu({ ...described, decisions: ['startsFresh', 'readsEveryCounter'] });
  assert.is(await verdictOf(mended, 'counter-hpmcounter4', 'index-in-bounds'), 'holds');
  assert.is(await verdictOf(mended, 'refused-open-raw', 'references-balance'), 'holds');
  // As posted, what is not counted is counted as open for ever.
  assert.is(await verdictOf(definePmu(good), 'refused-open-raw', 'references-balance'), 'violated');
  const given = definePmu({ ...described, allocation: 'bitmap', rawEvents: 'general' });
  assert.ok(namesOf(given).includes('counters-given-out'));
});

test('what a capability excludes the core refuses by itself', async () => {
  const sampled = (...capabilities: CapabilityName[]) =>
    verdictOf(definePmu({ ...good, capabilities }), 'refused-open-sampling', 'no-admission-of-the-impossible');
  assert.is(await sampled(), 'violated');
  assert.is(await sampled('NO_INTERRUPT'), 'holds');
});

test('one event stands for all with the same counters', () => {
  const map = { ...none, LL: everyCacheEvent('hpmcounter3').LL };
  const models = modelsFor(definePmu({ ...good, generalCounters: 1, cacheEvents: map }).pmu);
  const [own, ...others] = models.filter(({ name }) => name.startsWith('counter-'));
  assert.equal(others, []);
  assert.equal(own!.scope.events, [['LL-read-access'], ['LL-read-access']]);
});

test('RV32 is asked of a PMU of 32 bits, and of one that does not say', async () => {
  const { xlen: _, ...either } = good;
  assert.not.ok(namesOf(definePmu(good)).includes('rv32'));
  assert.ok(namesOf(definePmu({ ...good, xlen: 32 })).includes('rv32'));
  assert.ok(namesOf(definePmu(either)).includes('rv32'));
  assert.is(await verdictOf(definePmu(either), 'rv32', 'count-exact'), 'violated');
});

test('a PMU that counts cycles elsewhere, or not at all, has no false finding', async () => {
  const decisions: PmuDescription['decisions'] = ['startsFresh', 'readsEveryCounter', 'publishesLast', 'mapsFirst'];
  const elsewhere = definePmu({
    ...good,
    generalCounters: 1,
    hwEvents: { cycles: 'hpmcounter3', instructions: 'instret' },
    decisions,
  });
  const nowhere = definePmu({ ...good, hwEvents: { cycles: 'EOPNOTSUPP', instructions: 'instret' }, decisions });
  for (const port of [elsewhere, nowhere]) {
    assert.is(await verdictOf(port, 'context-switch', 'count-exact'), 'holds');
    assert.is(await verdictOf(port, 'refused-open-raw', 'recovers'), 'holds');
    assert.is(await verdictOf(port, 'refused-open-raw', 'errno-contract'), 'holds');
  }
  const wrong = definePmu({
    ...good,
    generalCounters: 1,
    hwEvents: { cycles: 'hpmcounter3', instructions: 'instret' },
  });
  assert.is(await verdictOf(wrong, 'context-switch', 'count-exact'), 'violated');
});

test('counters of several widths come round where they are narrow, and only there', async () => {
  const described: PmuDescription = {
    ...good,
    generalCounters: 1,
    hwEvents: { ...good.hwEvents, 'cache-references': 'ENOENT', 'cache-misses': 'hpmcounter3' },
    decisions: ['startsFresh', 'readsEveryCounter'],
  };
  const port = definePmu({ ...described, counterWidth: { base: 64, general: 40 } });
  assert.is(await verdictOf(port, 'context-switch', 'count-exact'), 'holds');
  assert.is(await verdictOf(port, 'counter-hpmcounter3', 'count-exact'), 'violated');
  const narrow = definePmu({ ...described, counterWidth: { base: 40, hpmcounter3: 64 } });
  assert.is(await verdictOf(narrow, 'context-switch', 'count-exact'), 'violated');
  assert.is(await verdictOf(narrow, 'counter-hpmcounter3', 'count-exact'), 'holds');
  assert.equal(definePmu({ ...described, counterWidth: { base: 64, general: 64 } }).pmu.widths, undefined);
});

test('there may be gaps between the counters', () => {
  const { pmu } = definePmu({ ...good, generalCounters: ['hpmcounter9', 'hpmcounter3'], cacheEvents: 'hpmcounter9' });
  assert.equal([pmu.numCounters, pmu.cacheEvents], [9, 8]);
});

const REFUSED: readonly [Partial<PmuDescription>, RegExp][] = [
  [{ generalCounters: ['hpmcounter2'] }, /generalCounters: "hpmcounter2" is no general counter/],
  [{ generalCounters: ['hpmcounter3', 'hpmcounter3'] }, /generalCounters: names a counter twice/],
  [{ generalCounters: ['hpmcounter5'], cacheEvents: 'hpmcounter3' }, /cacheEvents: hpmcounter3 is neither a counter/],
  [{ counterWidth: { base: 64, generel: 40 } }, /counterWidth.generel: there is no such counter/],
  [{ counterWidth: { general: 40 } }, /counterWidth: the width of cycle is missing/],
  [{ counterWidth: { base: 0, general: 40 } }, /counterWidth.base: must be a whole number from 1 to 64/],
  [{ xlen: 16 as 32 }, /xlen: must be 32 or 64/],
];

test('what cannot be right is refused with its field', () => {
  for (const [wrong, says] of REFUSED)
    assert.throws(
      () => definePmu({ ...good, ...wrong }),
      (error: unknown) => error instanceof BadDescription && says.test(error.message),
    );
});

test.run();
