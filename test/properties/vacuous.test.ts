import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DRIVERS } from '../../machines/drivers.ts';
import { compose, PROPERTIES } from '../../models/index.ts';
import { SMALLEST } from '../../models/scope.ts';
import { check } from '../../src/engine/index.ts';

test('where nothing is ever opened, no property holds: each is vacuous, or broken', async () => {
  const system = compose({ ...SMALLEST, events: [[]], harts: 1, ticks: ['cycle'] }, '4.16', DRIVERS.repaired);
  const { verdicts } = await check(system, PROPERTIES);
  const broken = [...verdicts].filter(([, { verdict }]) => verdict === 'violated').map(([id]) => id);
  // Time alone is no progress, and nothing can be opened.
  assert.equal(broken, ['recovers', 'no-deadlock']);
  for (const [id, { verdict }] of verdicts) assert.is(verdict, broken.includes(id) ? 'violated' : 'vacuous', id);
});

test('where no event runs and no other owner comes, properties of them are vacuous while those of opening hold', async () => {
  const { verdicts } = await check(compose(SMALLEST, '4.16', DRIVERS.repaired), PROPERTIES);
  const holds = [...verdicts].filter(([, { verdict }]) => verdict === 'holds').map(([id]) => id);
  assert.equal(holds, [
    'references-balance',
    'reserved-while-live',
    'released-when-idle',
    'mutex-discipline',
    'errno-contract',
    'no-admission-of-the-impossible',
    'recovers',
    'drains',
    'no-deadlock',
  ]);
  for (const [id, { verdict }] of verdicts) assert.is(verdict, holds.includes(id) ? 'holds' : 'vacuous', id);
});

test.run();
