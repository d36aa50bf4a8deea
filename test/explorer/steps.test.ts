import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { valuesAfter } from '../../src/explorer/session/found.ts';
import { byTask, out, over } from '../../src/explorer/session/steps.ts';
import type { Fact } from '../../src/facts/index.ts';

/** Two opens: the second begins and ends within the first. */
const FACTS: Fact[] = [
  { type: 'event_init.call', event: 0, attribute: 'cycles' },
  { type: 'event_init.call', event: 1, attribute: 'cycles' },
  { type: 'mutex.lock', event: 0 },
  { type: 'event_init.return', event: 1, answer: 0, destroySet: false },
  { type: 'event_init.return', event: 0, answer: 0, destroySet: false },
];

test('over goes past a call with all that happens within it; else one fact further', () => {
  assert.is(over(FACTS, 0), 5);
  assert.is(over(FACTS, 1), 4);
  assert.is(over(FACTS, 2), 3);
  assert.is(over(FACTS, 5), 5);
  assert.is(over(FACTS.slice(0, 3), 0), 3);
});

test('out goes to the return of the call that is in flight; without one, nowhere', () => {
  assert.is(out(FACTS, 2), 4);
  assert.is(out(FACTS, 3), 5);
  assert.is(out(FACTS, 5), 5);
  assert.is(out(FACTS, 0), 0);
});

test('by task goes to the next fact of whoever did the last one, and back', () => {
  assert.is(byTask(FACTS, 1, 1), 3);
  assert.is(byTask(FACTS, 3, 1), 5);
  assert.is(byTask(FACTS, 5, 1), 5);
  assert.is(byTask(FACTS, 5, -1), 3);
  assert.is(byTask(FACTS, 1, -1), 0);
  assert.is(byTask(FACTS, 0, 1), 1);
});

test('what steps change is known at each of them, before it changes too', () => {
  const step = (changed: string[]) => ({
    ...{ position: 1, end: 1, who: '', what: '', where: '', violates: false },
    changed,
  });
  const steps = [step(['mutex: free → held']), step([]), step(['mutex: held → free', 'a: b: c → d'])];
  assert.equal(valuesAfter({ steps }, 0), [
    { name: 'mutex', value: 'free', before: 'free' },
    { name: 'a', value: 'b: c', before: 'b: c' },
  ]);
  assert.equal(valuesAfter({ steps }, 1)[0], { name: 'mutex', value: 'held', before: 'free' });
  assert.equal(valuesAfter({ steps }, 2)[0], { name: 'mutex', value: 'held', before: 'held' });
  assert.equal(valuesAfter({ steps }, 3)[0], { name: 'mutex', value: 'free', before: 'held' });
});

test.run();
