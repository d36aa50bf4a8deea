import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkTrace } from '../../src/trace/index.ts';
import { needsShared } from '../needs.ts';
import { recorded, reportOf } from './excerpt.ts';

const test = suite('whole traces of booted kernels');

const SEED = 'v4.19.71-seed.jsonl';
const OFFSET = 'v4.19.71-seed-hart-offset.jsonl';
const ONE_HART = 'v4.19.71-seed-icount-1hart.jsonl';
const MERGED = 'v5.10.7-merged.jsonl';

/** What the posted driver can break under a perf core that keeps its contract, of what a log can show. */
const BREAKABLE = [
  'slots-match-count',
  'slot-owner',
  'enospc-iff-full',
  'references-balance',
  'reserved-while-live',
  'released-when-idle',
  'foreign-owner-kept',
  'busy-is-true',
  'init-all-or-nothing',
  'errno-contract',
  'count-exact',
  'no-admission-of-the-impossible',
  'userpage-consistent',
];

const brokenIn = (file: string): Set<string> => new Set(reportOf(file).broken.map(({ property }) => property));

for (const [file, callbacks] of [
  [SEED, 4467],
  [OFFSET, 84],
  [ONE_HART, 234],
] as const)
  test(`${file} is what the posted driver does, from the first line to the last`, () => {
    if (!needsShared(`kernel-traces/${file}`)) return;
    const report = reportOf(file);
    assert.is(report.refused, undefined);
    assert.is(report.callbacks, callbacks);
    for (const property of brokenIn(file)) assert.ok(BREAKABLE.includes(property), property);
    assert.ok(brokenIn(file).has('count-exact'));
  });

test('the 57 scenarios break what they were made to break', () => {
  if (!needsShared(`kernel-traces/${SEED}`)) return;
  const broken = brokenIn(SEED);
  for (const property of ['enospc-iff-full', 'slot-owner', 'slots-match-count', 'no-admission-of-the-impossible'])
    assert.ok(broken.has(property), property);
  for (const property of ['references-balance', 'released-when-idle', 'init-all-or-nothing', 'errno-contract'])
    assert.ok(broken.has(property), property);
});

test('calls of two CPUs needed another order than that of their entries', () => {
  if (!needsShared(`kernel-traces/${SEED}`)) return;
  const { overlapping } = reportOf(SEED).orders;
  assert.ok(overlapping >= 14 && overlapping < 20, `${overlapping}`);
});

test('on harts whose counters are 2^40 apart, a count is off by as much, and by 2^63 after the way back', () => {
  if (!needsShared(`kernel-traces/${OFFSET}`)) return;
  const errors = reportOf(OFFSET).broken.flatMap(({ ticks }) => (ticks === undefined ? [] : [BigInt(ticks)]));
  const near = (value: bigint) => (error: bigint) => value <= error && error < value + (1n << 30n);
  assert.ok(errors.some(near(1n << 40n)));
  assert.ok(errors.some(near(1n << 63n)));
});

test('the merged driver is another one: it takes a fresh prev_count at each start', () => {
  if (!needsShared(`kernel-traces/${MERGED}`)) return;
  const { refused } = checkTrace(recorded(MERGED), { environment: '5.10' });
  assert.is(refused?.line, 77);
  assert.is(refused?.callback, 'add of event 4');
  assert.is(refused?.machine, 'count of event 4');
  assert.is(refused?.what, 'prev_count after the callback');
});

test(`${MERGED} is what the merged driver does, from the first line to the last`, () => {
  if (!needsShared(`kernel-traces/${MERGED}`)) return;
  const { refused, held } = checkTrace(recorded(MERGED), { driver: 'merged-4.18', environment: '5.10' });
  assert.is(refused, undefined);
  assert.ok(held.includes('count-exact'));
});

test.run();
