import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DRIVERS } from '../../machines/drivers.ts';
import { compose, MODELS, modelOf, propertyOf } from '../../models/index.ts';
import { compareIn } from '../../src/audit/conformance/compare.ts';
import { check } from '../../src/engine/check/index.ts';
import { RISCV_BASE_PMU, type Verdict } from '../../src/facts/index.ts';
import {
  build,
  conform,
  conformModels,
  fullWidth,
  learnPmu,
  readSource,
  replayTogether,
  SourceAudit,
} from '../../src/subject/index.ts';
import { lengthsOf } from '../engine/check/in-short.ts';
import { needsShared, shared } from '../needs.ts';
import { CACHE, needsCompiler } from './tiny.ts';

const SEED = 'seed/perf-riscv-preliminary-support.txt';
const needsSeed = (): boolean => needsCompiler() && needsShared(SEED);
const seed = () => readSource(shared(SEED));

/** Compared only when everything is asked for (`HARTPROOF_ALL=1`): some ten seconds together. */
const LARGE = ['any-order-event', 'any-order-opens', 'three-on-two', 'group-that-cannot-fit'];
const EVERYTHING = process.env.HARTPROOF_ALL === '1';

/** A verdict in short: what a difference in it would say. */
const short = (verdict: Verdict | undefined): string =>
  verdict?.verdict === 'violated'
    ? `violated after ${lengthsOf(verdict.counterexample)} facts, ${verdict.counterexample.breaks}`
    : String(verdict?.verdict);

const test = suite('the C of the seed');

test('its audit and that of the model agree, property by property and environment by environment', async () => {
  if (!needsSeed()) return;
  const audit = new SourceAudit(build(await seed(), { cache: CACHE }));
  for (const model of MODELS.filter(({ deep, name }) => !deep && (EVERYTHING || !LARGE.includes(name))))
    for (const environment of model.environments) {
      const properties = model.properties.map(propertyOf);
      const ofModel = await check(compose(model.scope, environment, DRIVERS['as-posted']), properties);
      const ofC = await audit.decide(model, environment, properties);
      for (const { id } of properties)
        assert.is(short(ofC.verdicts.get(id)), short(ofModel.verdicts.get(id)), `${model.name}, ${environment}: ${id}`);
      for (const [id, verdict] of ofC.verdicts)
        if (verdict.verdict === 'violated' && verdict.counterexample.facts.length > 2)
          assert.ok(ofC.places.get(verdict.counterexample.facts)!.some(Boolean), `${model.name}: ${id} has a place`);
    }
  audit.close();
});

test('conforms to the model as posted, and not to the repaired one', async () => {
  if (!needsSeed()) return;
  const audit = new SourceAudit(build(await seed(), { cache: CACHE }));
  for (const model of [fullWidth(RISCV_BASE_PMU), modelOf('two-threads'), modelOf('three-threads'), modelOf('rv32')]) {
    const { covered, difference } = await conform(audit, model, '4.16', DRIVERS['as-posted']);
    assert.is(difference, undefined);
    assert.ok(covered.exhaustive);
  }
  const { difference } = await conform(audit, modelOf('two-threads'), '4.16', DRIVERS.repaired);
  assert.is(difference?.facts.length, 2);
  assert.match(difference!.c, 'active_events.inc');
  assert.match(difference!.model, 'mutex.lock');
  assert.is(difference!.place?.function, 'riscv_event_init');
  const [, , choices] = difference!.token.split(':');
  const again = replayTogether(audit, modelOf('two-threads'), '4.16', DRIVERS.repaired, choices!);
  assert.equal(
    again.map(({ fact }) => fact),
    difference!.facts,
  );
  audit.close();
});

test('conforms also where every plain access to its data is a scheduling point', async () => {
  if (!needsSeed()) return;
  const finer = new SourceAudit(build(await seed(), { cache: CACHE }), true);
  const { covered, difference } = await conform(finer, modelOf('two-threads'), '4.16', DRIVERS['as-posted']);
  assert.is(difference, undefined);
  const coarser = new SourceAudit(finer.build);
  const plain = await conform(coarser, modelOf('two-threads'), '4.16', DRIVERS['as-posted']);
  assert.ok(covered.exhaustive && covered.states > plain.covered.states);
  for (const audit of [finer, coarser]) audit.close();
});

test('a broken copy is noticed', async () => {
  if (!needsSeed()) return;
  const source = await seed();
  const audit = new SourceAudit(build(source, { cache: CACHE }));
  const models = conformModels(learnPmu(audit.build), true);
  const stop = new AbortController();
  let left = 5;
  const onTested = (): void => {
    if (--left === 0) stop.abort();
  };
  const { tested } = await compareIn({ source: audit, machine: DRIVERS['as-posted'], threads: [] }, [], {
    ...{ signal: stop.signal, onProgress: () => {}, onCompared: () => {} },
    copies: { models, settings: { cache: CACHE }, onTested },
  });
  audit.close();
  assert.is(tested.length, 5);
  for (const { outcome, mutant } of tested) assert.is(outcome, 'noticed', mutant.does);
});

test.run();
