import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DRIVERS } from '../../../machines/drivers.ts';
import { compose, modelOf, propertyOf } from '../../../models/index.ts';
import { check, type Limits, type Progress, type SearchOptions } from '../../../src/engine/check/index.ts';
import type { Outcome } from '../../../src/facts/index.ts';
import { counters, leak } from './fixtures.ts';
import { property } from './property.ts';

const EVER = leak(12);

const always = property([{ kind: 'always', own: ['activeEvents'], holds: () => true }], { id: 'always' });
const early = property(
  [{ kind: 'always', own: ['activeEvents'], holds: (view) => view.own('activeEvents').context.value !== 2 }],
  { id: 'early' },
);
const late = property(
  [{ kind: 'always', own: ['activeEvents'], holds: (view) => view.own('activeEvents').context.value !== -1 }],
  { id: 'late' },
);
const reaches = property([{ kind: 'can reach', own: ['activeEvents'], goal: () => false }], { id: 'reaches' });
const unspoken = property([{ kind: 'no deadlock' }], { id: 'unspoken', speaksOf: () => false });

const search = (options: SearchOptions): Promise<Outcome> =>
  check(EVER, [always, early, late, reaches, unspoken], options);

const aborted = (): AbortSignal => AbortSignal.abort();

const CUT: readonly [what: string, options: SearchOptions, reason: string][] = [
  ['states', { limits: { states: 100 } }, 'limit of 100 states'],
  ['bytes', { limits: { bytes: 1 } }, 'limit of 1 bytes'],
  ['time', { limits: { milliseconds: 0 } }, 'limit of 0 ms'],
  ['patience', { signal: aborted() }, 'interrupted'],
  ['what is watched', { watch: () => 'there is no more' }, 'there is no more'],
];

for (const [what, options, reason] of CUT)
  test(`a search that runs out of ${what} is bounded, and nothing holds`, async () => {
    const { covered, verdicts } = await search(options);
    assert.is(covered.exhaustive, false);
    assert.is(covered.stoppedBy, reason);
    assert.ok(covered.states < 2 ** 12);
    for (const id of ['always', 'late', 'reaches', 'unspoken'])
      assert.equal(verdicts.get(id), { verdict: 'bounded', reason });
  });

test('what was found before the limit is still a counterexample', async () => {
  const { verdicts } = await search({ limits: { states: 100 } });
  const verdict = verdicts.get('early')!;
  assert.is(verdict.verdict, 'violated');
  assert.is(verdict.verdict === 'violated' && verdict.counterexample.facts.length, 2);
});

test('a limit that is not met changes nothing', async () => {
  const limits: Limits = { states: 2 ** 13, bytes: 2 ** 30, milliseconds: 1e6 };
  const properties = [always, early, late, unspoken];
  const free = await check(counters(), properties);
  const limited = await check(counters(), properties, { limits });
  assert.equal([...limited.verdicts], [...free.verdicts]);
  assert.is(limited.covered.exhaustive, true);
});

for (const workers of [0, 2])
  test(`where memory is short, the transitions go first, and what can be reached is decided all the same: ${workers} workers`, async () => {
    const { scope } = modelOf('two-threads');
    const [first, second] = scope.events;
    const system = compose({ ...scope, events: [first!, second!, first!] }, '4.16', DRIVERS['as-posted']);
    const properties = ['recovers', 'drains', 'errno-contract'].map(propertyOf);
    const options = { workers, largeFrom: 1 << 10 };
    const free = await check(system, properties, options);
    const bare = await check(system, properties.slice(2), options);
    const between = (bare.covered.bytes + free.covered.bytes) / 2;
    assert.ok(bare.covered.bytes < between - 1000, 'the transitions count');
    const limited = await check(system, properties, { ...options, limits: { bytes: between } });
    assert.ok(limited.covered.exhaustive);
    assert.ok(limited.covered.bytes < between);
    assert.equal([...limited.verdicts], [...free.verdicts]);
  });

test('a signal stops a search that runs', async () => {
  const control = new AbortController();
  const { covered } = await search({ onProgress: () => control.abort(), signal: control.signal });
  assert.is(covered.stoppedBy, 'interrupted');
  assert.ok(covered.states > 1);
});

test('progress tells what was found and what is left, and never goes back', async () => {
  const told: Progress[] = [];
  await check(leak(6), [always], { onProgress: (progress) => told.push(progress) });
  assert.ok(told.length > 0);
  for (const [index, now] of told.entries()) {
    const before = told[index - 1];
    assert.ok(now.frontier > 0);
    assert.ok(before === undefined || (now.states >= before.states && now.transitions >= before.transitions));
  }
});

test.run();
