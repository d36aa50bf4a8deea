import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { generate, instantiate, type Surroundings } from '../../src/check/generate.ts';
import { Layout, PRESENT } from '../../src/check/layout.ts';
import type { Moves } from '../../src/check/moves.ts';
import { Visited } from '../../src/check/visited.ts';

/** The loops of a search over states of so many words, and a way to add states one by one. */
function loops(words: number) {
  const layout = new Layout(Array.from({ length: words }, () => 31));
  const components = layout.fields.map((_, number) => ({ name: `field${number}` }));
  const moves = { layout, components, shapes: [], urgent: [] } as unknown as Moves;
  const visited = new Visited(layout.words, 4);
  const surroundings = {
    visited,
    size: 0,
    end: 0,
    out: new Int32Array(64),
    starts: new Int32Array(64),
    numbers: new Int32Array(1 << 11),
    emitted: 0,
    about: new Int32Array(8),
    open: 0,
    insistent: 0,
    get states() {
      return visited.states;
    },
    get slots() {
      return visited.slots;
    },
    get tagShift() {
      return visited.tagShift;
    },
  };
  const inner = instantiate(generate(moves, false, 'alone'), surroundings as unknown as Surroundings);
  const add = (state: readonly number[]): number => {
    if (visited.reserve(1)) inner.fill(visited.slots, visited.states, visited.tagShift, 0, visited.size);
    surroundings.out.set([...state, 0]);
    surroundings.emitted = layout.words + 1;
    inner.add();
    visited.size = surroundings.size;
    return surroundings.numbers[0]!;
  };
  return { visited, inner, add };
}

for (const words of [1, 2, 3])
  test(`the visited states are a Map from state to number, while the table grows: ${words} words`, () => {
    const word = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.integer()).map((value) => value | PRESENT);
    const states = fc.array(fc.array(word, { minLength: words, maxLength: words }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(states, (visits) => {
        const { visited, inner, add } = loops(words);
        const expected = new Map<string, number>();
        for (const state of visits) {
          const number = add(state);
          if (!expected.has(state.join())) expected.set(state.join(), expected.size);
          assert.is(number, expected.get(state.join()));
          assert.is(inner.find(Int32Array.from(state), 0), number);
        }
        assert.is(visited.count, expected.size);
        for (const [key, number] of expected)
          assert.is(visited.states.slice(number * words, (number + 1) * words).join(), key);
      }),
      { numRuns: 30 },
    );
  });

test('the level of a state is that in whose numbers it lies', () => {
  const visited = new Visited(1);
  visited.levels.push(1, 4, 9);
  assert.equal(
    [0, 1, 3, 4, 8, 9, 100].map((state) => visited.depth(state)),
    [0, 1, 1, 2, 2, 3, 3],
  );
});

test('numbers that were taken and not given are free again at the end, and holes elsewhere', () => {
  const visited = new Visited(1);
  visited.size = 30;
  visited.leave([
    [5, 10],
    [25, 30],
    [20, 25],
  ]);
  assert.is(visited.size, 20);
  assert.is(visited.count, 15);
});

test.run();
