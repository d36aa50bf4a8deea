import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { suggestionsFor } from '../../src/explorer/session/questions.ts';
import { worldOf } from '../../src/explorer/session/world.ts';
import { reach, readQuestion } from '../../src/reach/reach.ts';
import { THREADS } from './worlds.ts';

test('every suggestion can be asked of the world that it is made for', async () => {
  for (const world of [THREADS, worldOf({ model: 'two-harts', environment: '4.16', driver: 'as-posted' })]) {
    const all = [...'abcdefghijklmnopqrstuvwxyz0'].flatMap((letter) => suggestionsFor(world, letter));
    assert.ok(new Set(all).size > 40);
    for (const text of new Set(all)) await reach(world.system, readQuestion(text), { depth: 0 });
  }
});

test('what begins as it was typed comes first, and what stands before it is kept', () => {
  assert.is(suggestionsFor(THREADS, 'b')[0], 'event_init returns EBUSY');
  assert.is(suggestionsFor(THREADS, 'mutex.w')[0], 'mutex.wait');
  assert.is(suggestionsFor(THREADS, 'mutex')[0], 'mutex != free');
  assert.is(suggestionsFor(THREADS, 'warn then event 0 is inac')[0], 'warn then event 0 is inactive');
  assert.equal(suggestionsFor(THREADS, 'zzz'), []);
});

test.run();
