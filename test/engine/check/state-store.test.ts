import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { generate, instantiate, type Surroundings } from '../../../src/engine/check/generate.ts';
import { Layout, PRESENT } from '../../../src/engine/check/layout.ts';
import type { Moves } from '../../../src/engine/check/moves.ts';
import { Sorter } from '../../../src/engine/check/sorter.ts';
import { StateStore } from '../../../src/engine/check/state-store.ts';

/** The loops of a search over states of so many words, and two ways to add states. */
function loops(words: number) {
  const layout = new Layout(Array.from({ length: words }, () => 31));
  const components = layout.fields.map((_, number) => ({ name: `field${number}` }));
  const moves = { layout, components, shapes: [], urgent: [] } as unknown as Moves;
  const store = new StateStore(layout.words, 4);
  const surroundings = {
    store,
    size: 0,
    end: 0,
    out: new Int32Array(64),
    starts: new Int32Array(64),
    numbers: new Int32Array(1 << 11),
    mixes: new Int32Array(1 << 11),
    emitted: 0,
    about: new Int32Array(8),
    open: 0,
    insistent: 0,
    get states() {
      return store.states;
    },
    get slots() {
      return store.slots;
    },
    get tagShift() {
      return store.tagShift;
    },
    get parts() {
      return store.parts;
    },
  };
  const inner = instantiate(generate(moves, false), surroundings as unknown as Surroundings);
  const reserve = (more: number): void => {
    const { slots, tagShift } = store;
    if (store.reserve(more)) for (let part = 0; part < store.parts; part++) inner.move(slots, tagShift, part);
  };
  /** Adds them together, sorted by the parts of a table that is divided; answers their numbers. */
  const addSorted = (added: readonly (readonly number[])[]): Int32Array => {
    const sorter = new Sorter(words, 0);
    for (const [index, state] of added.entries()) {
      surroundings.out.set([...state, 0]);
      surroundings.emitted = words + 1;
      surroundings.starts[1] = words + 1;
      assert.is(inner.sort(sorter, 1), false);
      assert.is(sorter.count, index + 1);
    }
    reserve(added.length);
    for (let part = 0; part < store.parts; part++) inner.insert(sorter, part);
    store.size = surroundings.size;
    return sorter.numbers;
  };
  const add = (state: readonly number[]): number => {
    reserve(1);
    surroundings.out.set([...state, 0]);
    surroundings.emitted = layout.words + 1;
    inner.add();
    store.size = surroundings.size;
    return surroundings.numbers[0]!;
  };
  return { store, inner, add, addSorted };
}

for (const words of [1, 2, 3])
  test(`the store states are a Map from state to number, while the table grows: ${words} words`, () => {
    const word = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.integer()).map((value) => value | PRESENT);
    const states = fc.array(fc.array(word, { minLength: words, maxLength: words }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(states, (visits) => {
        const { store, inner, add } = loops(words);
        const expected = new Map<string, number>();
        for (const state of visits) {
          const number = add(state);
          if (!expected.has(state.join())) expected.set(state.join(), expected.size);
          assert.is(number, expected.get(state.join()));
          assert.is(inner.find(Int32Array.from(state), 0), number);
        }
        assert.is(store.count, expected.size);
        for (const [key, number] of expected)
          assert.is(store.states.slice(number * words, (number + 1) * words).join(), key);
      }),
      { numRuns: 30 },
    );
  });

test('sorted states are found again, whoever came before, also after the table grew', () => {
  const { store, inner, add, addSorted } = loops(2);
  const state = (value: number): number[] => [value | PRESENT, (value * 7) | PRESENT];
  const numbers = Array.from({ length: 1000 }, (_, value) => add(state(value)));
  store.divide();
  inner.fill(0, store.size);
  const values = Array.from({ length: 5000 }, (_, index) => (index * 13) % 3000);
  const given = addSorted(values.map(state));
  assert.is(store.count, 3000);
  for (const [index, value] of values.entries()) {
    if (value < 1000) assert.is(given[index], numbers[value]);
    assert.is(inner.find(Int32Array.from(state(value)), 0), given[index]);
  }
  const { slots, tagShift, parts } = store;
  assert.ok(store.reserve(store.capacity));
  for (let part = 0; part < parts; part++) inner.move(slots, tagShift, part);
  assert.ok(values.every((value, index) => inner.find(Int32Array.from(state(value)), 0) === given[index]));
  assert.is(inner.find(Int32Array.from(state(4000)), 0), -1);
});

test('the level of a state is that in whose numbers it lies', () => {
  const store = new StateStore(1);
  store.levels.push(1, 4, 9);
  assert.equal(
    [0, 1, 3, 4, 8, 9, 100].map((state) => store.depth(state)),
    [0, 1, 1, 2, 2, 3, 3],
  );
});

test('numbers that were taken and not given are free again at the end, and holes elsewhere', () => {
  const store = new StateStore(1);
  store.size = 30;
  store.leave([
    [5, 10],
    [25, 30],
    [20, 25],
  ]);
  assert.is(store.size, 20);
  assert.is(store.count, 15);
});

test.run();
