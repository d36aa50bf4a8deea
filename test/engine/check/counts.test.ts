import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { check, type SearchOptions } from '../../../src/engine/check/index.ts';
import type { System } from '../../../src/facts/index.ts';
import { clock, counters, dining, leak, once, patient, trap } from './fixtures.ts';
import { interpreted } from './interpreted.ts';

/** Counted by hand. */
const COUNTED: readonly [what: string, system: System, states: number, transitions: number, depth: number][] = [
  ['three events that count themselves in and out', counters(), 8, 24, 3],
  ['three events on an atomic that wraps at two', counters(2), 8, 24, 3],
  ['an event that leaks into an atomic of three bits', leak(3), 8, 8, 7],
  ['two threads with two locks', dining(), 10, 14, 4],
  ['a clock of four bits', clock(4), 16, 16, 15],
  ['an event that is opened once', once(true), 4, 3, 3],
  ['an event that waits without changing', patient(), 2, 2, 1],
  ['an event that walks into a trap', trap(), 4, 6, 3],
];

for (const [what, system, states, transitions, depth] of COUNTED)
  test(`${what}: ${states} states, ${transitions} transitions, ${depth} deep`, async () => {
    const found = interpreted(system);
    assert.equal([found.states.size, found.transitions, found.depth], [states, transitions, depth]);
    for (const reduce of [true, false]) {
      const { covered } = await check(system, [], { reduce } satisfies SearchOptions);
      assert.equal([covered.states, covered.transitions, covered.depth], [states, transitions, depth]);
      assert.is(covered.exhaustive, true);
    }
  });

test('a machine may have more local states than a search expects of one', async () => {
  const { covered } = await check(leak(9), []);
  assert.equal([covered.states, covered.transitions, covered.depth], [512, 512, 511]);
});

test.run();
