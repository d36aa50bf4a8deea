import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Environment, modelIn, propertyOf } from '../../models/index.ts';
import { CACHE_CONFIGS } from '../../src/facts/index.ts';
import { modelsFor } from '../../src/porting/index.ts';
import { learnPmu, SourceAudit, type SourceOutcome } from '../../src/subject/index.ts';
import { built, needsCompiler } from './tiny.ts';

/** What came of a port in some models, whose PMU is learnt by asking it. */
async function ask(
  defines: readonly string[],
  models: readonly string[],
  environments: readonly Environment[] = ['4.16'],
): Promise<SourceOutcome[]> {
  const build = built('port', defines);
  const known = modelsFor(learnPmu(build));
  const audit = new SourceAudit(build);
  const outcomes: SourceOutcome[] = [];
  for (const model of models.map((name) => modelIn(known, name)))
    for (const environment of environments)
      outcomes.push(await audit.decide(model, environment, model.properties.map(propertyOf)));
  audit.close();
  return outcomes;
}

const broken = (outcomes: readonly SourceOutcome[]): string[] => [
  ...new Set(
    outcomes.flatMap(({ verdicts }) =>
      [...verdicts].flatMap(([id, { verdict }]) => (verdict === 'violated' ? [id] : [])),
    ),
  ),
];

const test = suite('ports in C that nobody described');

test('what can be learnt of a PMU is learnt by asking its driver', () => {
  if (!needsCompiler()) return;
  const pmu = learnPmu(built('port', ['CAPABILITIES']));
  assert.equal(pmu.hwEvents.slice(0, 4), [0, 1, 'EOPNOTSUPP', [2, 3]]);
  assert.equal(pmu.capabilities, { noInterrupt: true, noExclude: true });
  assert.is(pmu.numCounters, 4);
  // Instructions that are read from another fixed counter are not learnt: that is wrong.
  assert.equal(learnPmu(built('port', ['BREAKS_COUNTER'])).hwEvents.slice(0, 2), [0, 1]);
});

const SOUND = ['', 'WRITES', 'BY_NUMBER', 'BY_POINTER', 'BY_ARRAY', 'IN_PMU', 'CAPABILITIES'];
for (const variant of SOUND)
  test(`a sound port has no finding, its slots are seen and its counts are asked: ${variant || 'as it stands'}`, async () => {
    if (!needsCompiler()) return;
    const models = ['refused-open-cache-misses', 'refused-open-sampling', 'two-of-a-kind', 'migration'];
    const outcomes = await ask(variant === '' ? [] : [variant], models);
    assert.equal(broken(outcomes), []);
    assert.is(outcomes[2]?.verdicts.get('slot-owner')?.verdict, 'holds');
    assert.is(outcomes[3]?.verdicts.get('count-exact')?.verdict, 'holds');
  });

test('what a capability excludes the core refuses by itself, and exclusions only since 5.1', async () => {
  if (!needsCompiler()) return;
  const refusals = ['refused-open-sampling', 'refused-open-exclude-kernel'];
  assert.equal(broken(await ask(['CAPABILITIES'], refusals, ['5.10', 'current'])), []);
  assert.equal(broken(await ask(['CAPABILITIES'], refusals, ['4.16'])), ['no-admission-of-the-impossible']);
});

test('a register that is not known leaves open what hangs on it, and is named', async () => {
  if (!needsCompiler()) return;
  const [outcome] = await ask(['NOT_KNOWN'], ['counter-hpmcounter4']);
  const verdict = outcome!.verdicts.get('count-exact');
  assert.equal(verdict, { verdict: 'bounded', reason: 'not known here: the register 0x7c0' });
  assert.equal(broken([outcome!]), []);
});

test('an event whose counter nobody knows is opened, and its answer is right; cache events are learnt one by one', async () => {
  if (!needsCompiler()) return;
  const defines = ['NONE_KNOWN'];
  assert.equal(learnPmu(built('port', defines)).hwEvents[3], []);
  const [outcome] = await ask(defines, ['refused-open-cache-misses']);
  assert.is(outcome!.verdicts.get('errno-contract')?.verdict, 'holds');
  const pmu = learnPmu(built('port', ['TLB_MISSES']));
  assert.equal(pmu.cacheMap, { [CACHE_CONFIGS['DTLB-read-miss']]: [2, 3] });
  assert.ok(modelsFor(pmu).some(({ name }) => name === 'counters-given-out'));
});

test('a counter that is programmed anew under its first user is found', async () => {
  if (!needsCompiler()) return;
  assert.ok(broken(await ask(['BREAKS_SHARED', 'FEW_STEPS'], ['two-alike'])).includes('count-exact'));
});

const FAULTS: readonly (readonly [fault: string, model: string, properties: readonly string[]])[] = [
  ['COUNTER', 'instructions', ['count-exact']],
  ['SHARED', 'two-of-a-kind', ['slots-match-count', 'slot-owner', 'enospc-iff-full']],
  ['FULL', 'counters-given-out', ['slots-match-count', 'slot-owner', 'enospc-iff-full']],
];
for (const [fault, model, properties] of FAULTS)
  test(`broken, it breaks exactly what its fault breaks: ${fault}`, async () => {
    if (!needsCompiler()) return;
    assert.equal(broken(await ask([`BREAKS_${fault}`], [model])), properties);
    assert.equal(broken(await ask([], [model])), []);
  });

test.run();
