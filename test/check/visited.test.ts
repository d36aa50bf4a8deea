import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Visited } from '../../src/check/visited.ts';

/** Packed states of some words, few enough to come twice. */
const visits = fc.integer({ min: 1, max: 3 }).chain((words) =>
  fc.record({
    words: fc.constant(words),
    states: fc.array(
      fc.array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.integer()), { minLength: words, maxLength: words }),
      { minLength: 1, maxLength: 60 },
    ),
  }),
);

test('the visited states are a Map from state to number, while the table grows', () => {
  fc.assert(
    fc.property(visits, ({ words, states }) => {
      const visited = new Visited(words, 4);
      const expected = new Map<string, number>();
      for (const [index, state] of states.entries()) {
        const key = state.join();
        const number = visited.add(Int32Array.from(state), index - 1, index);
        if (!expected.has(key)) expected.set(key, expected.size);
        assert.is(number, expected.get(key));
      }
      assert.is(visited.size, expected.size);
      for (const [key, number] of expected)
        assert.is(visited.states.slice(number * words, (number + 1) * words).join(), key);
    }),
  );
});

test('the way to a state is the facts of its parents', () => {
  const visited = new Visited(1, 2);
  for (let state = 0; state < 10; state++) visited.add(Int32Array.of(state), (state - 1) >> 1, state * 10);
  visited.add(Int32Array.of(9), 0, 1);
  assert.equal(visited.wayTo(9), [10, 40, 90]);
  assert.is(visited.parent(9), 4);
  assert.equal(visited.wayTo(0), []);
});

test.run();
