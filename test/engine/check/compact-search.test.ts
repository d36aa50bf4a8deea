import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DRIVERS } from '../../../machines/drivers.ts';
import { compose, MODELS, modelOf, propertyOf } from '../../../models/index.ts';
import { Fingerprints } from '../../../src/engine/check/fingerprints.ts';
import { check } from '../../../src/engine/check/index.ts';
import { fold } from '../../../src/engine/compose/index.ts';
import type { Outcome } from '../../../src/facts/index.ts';
import { leak } from './fixtures.ts';
import { inShort } from './in-short.ts';
import { property } from './property.ts';

const kept = property([{ kind: 'always', own: ['activeEvents'], holds: () => true }], { id: 'kept' });
const early = property(
  [{ kind: 'always', own: ['activeEvents'], holds: (view) => view.own('activeEvents').context.value !== 2 }],
  { id: 'early' },
);
const reaches = property([{ kind: 'can reach', own: ['activeEvents'], goal: () => true }], { id: 'reaches' });

const lengths = ({ verdicts }: Outcome): [string, string][] =>
  [...verdicts].map(([id, verdict]) => [id, inShort(verdict)]);

test('with fingerprints, models have the same states, depths, breaks and shortest lengths; what holds is probable', async () => {
  for (const { name, scope, properties, environments } of MODELS.filter(({ deep }) => !deep).slice(0, 12)) {
    const system = compose(scope, environments.at(-1)!, DRIVERS['as-posted']);
    const asked = properties.map(propertyOf).filter(({ clauses }) => clauses.every(({ kind }) => kind !== 'can reach'));
    const exact = await check(system, asked);
    const compact = await check(system, asked, { compact: true });
    for (const count of ['states', 'transitions', 'depth'] as const)
      assert.is(compact.covered[count], exact.covered[count], `${count} of ${name}`);
    assert.equal(
      lengths(compact),
      lengths(exact).map(([id, verdict]) => [id, verdict === 'holds' ? 'probable' : verdict]),
    );
    assert.is(compact.covered.exhaustive, false);
    assert.ok(compact.covered.missProbability! >= 0 && compact.covered.missProbability! < 1e-6);
    for (const verdict of compact.verdicts.values())
      if (verdict.verdict === 'violated') fold(system, verdict.counterexample.facts);
  }
});

test('nothing holds, and what can be reached is not decided', async () => {
  const { verdicts } = await check(leak(6), [kept, early, reaches], { compact: true });
  assert.is(verdicts.get('kept')!.verdict, 'probable');
  assert.is(verdicts.get('early')!.verdict, 'violated');
  assert.equal(verdicts.get('reaches'), {
    verdict: 'bounded',
    reason: 'what can be reached is not decided where only fingerprints are kept',
  });
});

test('a fingerprint that is too short misses states, and the probability say so', async () => {
  const model = modelOf('foreign-owner-two-threads');
  const system = compose(model.scope, model.environments[0]!, DRIVERS['as-posted']);
  const { covered: exact } = await check(system, [kept]);
  const { covered, verdicts } = await check(system, [kept], { compact: 3 });
  assert.ok(covered.states < exact.states, `${covered.states} of ${exact.states} states`);
  assert.ok(covered.missProbability! > 0.5, `probability of ${covered.missProbability}`);
  const verdict = verdicts.get('kept')!;
  assert.ok(verdict.verdict === 'probable' && verdict.missProbability === covered.missProbability);
});

test('the probability are what happens: of many tables with short fingerprints, no more miss a state than they say', () => {
  const bits = 16;
  const tables = 400;
  let missProbability = 0;
  let missing = 0;
  for (let table = 0; table < tables; table++) {
    const fingerprints = new Fingerprints(500, bits);
    for (let state = 0; state < 380; state++)
      fingerprints.add(Int32Array.of(table * 1_000_003 + state, state * 7), 0, 2);
    missProbability += fingerprints.missProbability;
    if (fingerprints.count < 380) missing++;
  }
  // Three standard deviations above what is expected.
  assert.ok(
    missing <= missProbability + 3 * Math.sqrt(missProbability),
    `${missing} missed a state, ${missProbability.toFixed(1)} were to be expected`,
  );
  assert.ok(missing > 0);
});

test('a search with fingerprints stops at the limits too, and what it found is a counterexample', async () => {
  for (const limits of [{ states: 100 }, { bytes: 1 }, { milliseconds: 0 }]) {
    const { covered, verdicts } = await check(leak(20), [kept], { compact: true, limits });
    assert.is(verdicts.get('kept')!.verdict, 'bounded');
    assert.is.not(covered.stoppedBy, undefined);
  }
  const { verdicts } = await check(leak(20), [early], { compact: true, limits: { states: 100 } });
  assert.is(verdicts.get('early')!.verdict, 'violated');
});

test('a table that is full is replaced by a larger one, and the search begins again', async () => {
  const { scope } = modelOf('three-threads');
  const system = compose(scope, '4.16', DRIVERS['as-posted']);
  const [exact, compact] = [await check(system, []), await check(system, [], { compact: true })];
  assert.ok(exact.covered.states > 2 ** 12);
  assert.equal(
    [compact.covered.states, compact.covered.transitions],
    [exact.covered.states, exact.covered.transitions],
  );
  assert.throws(() => new Fingerprints(10, 48), /1 to 47 bits, not 48/);
});

test.run();
