import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Batch } from '../../../src/engine/check/batch.ts';
import { compile, generate, type Surroundings } from '../../../src/engine/check/generate.ts';
import { Layout, PRESENT } from '../../../src/engine/check/layout.ts';
import { LinearMemory } from '../../../src/engine/check/linear-memory.ts';
import type { Moves } from '../../../src/engine/check/moves.ts';
import { Sorter } from '../../../src/engine/check/sorter.ts';
import { StateStore } from '../../../src/engine/check/state-store.ts';
import { loopsIn } from './linear-loops.ts';

/**
 * The loops of a search over states of so many words, and two ways to add states; in WebAssembly where there are so many integers of
 * room, else in JavaScript.
 */
function loops(words: number, room: number) {
  const memory = room > 0 ? LinearMemory.create()! : null;
  memory?.allocate(memory.memory.buffer.byteLength / 4 - 2 ** 10 - room);
  const layout = new Layout(Array.from({ length: words }, () => 31));
  const components = layout.fields.map((_, number) => ({ name: `field${number}` }));
  const moves = { layout, components, shapes: [], urgent: [] } as unknown as Moves;
  const store = new StateStore(layout.words, 4, memory);
  const surroundings = {
    store,
    words,
    base: 0,
    size: 0,
    end: 0,
    ...new Batch(words, 64, store.allocate),
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
  const env = surroundings as unknown as Surroundings;
  const generated = compile(generate(moves, false))(env);
  const inner = memory === null ? generated : loopsIn(memory, words).over(generated, env, null);
  const reserve = (more: number): void => {
    const growth = store.reserve(more);
    for (const [first, end] of growth?.rounds ?? [])
      for (let part = first; part < end; part++) inner.move(growth!.old, part);
    growth?.free();
  };
  /** Adds them together, sorted by the parts of a table that is divided; answers their numbers, read in two pieces. */
  const addSorted = (added: readonly (readonly number[])[]): Int32Array => {
    const sorter = new Sorter(words, 0, 1, store.allocate);
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
    const numbers = store.allocate(added.length);
    const half = added.length >> 1;
    inner.read(sorter, 0, half, numbers);
    inner.read(sorter, half, added.length, numbers.subarray(half));
    return numbers;
  };
  const add = (state: readonly number[]): number => {
    reserve(1);
    surroundings.out.set([...state, 0]);
    surroundings.emitted = layout.words + 1;
    inner.add();
    store.size = surroundings.size;
    return surroundings.numbers[0]!;
  };
  return { store, inner, surroundings, add, addSorted, reserve };
}

/** With little room, the sorter lies outside of the memory, or what the table grows to does. */
const WAYS = {
  JavaScript: 0,
  WebAssembly: 2 ** 29,
  'WebAssembly, as long as there is room': 10_000_000,
  'WebAssembly, with room for little': 4_000_000,
} as const;

for (const words of [1, 2, 3])
  test(`the store states are a Map from state to number, while the table grows: ${words} words`, () => {
    const word = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.integer()).map((value) => value | PRESENT);
    const states = fc.array(fc.array(word, { minLength: words, maxLength: words }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(states, (visits) => {
        const { store, inner, add } = loops(words, WAYS.JavaScript);
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

for (const [way, room] of Object.entries(WAYS))
  for (const words of room === 0 || room === 2 ** 29 ? [1, 2, 4] : [2]) {
    /** Some differ in their last word only. */
    const state = (value: number): number[] =>
      Array.from({ length: words }, (_, word) => (word === words - 1 ? value : value >> 3) | PRESENT);

    test(`sorted states are found again, whoever came before, also after the table grew: ${way}, ${words} words`, () => {
      const { store, inner, add, addSorted, reserve } = loops(words, room);
      const numbers = Array.from({ length: 1000 }, (_, value) => add(state(value)));
      store.divide();
      inner.fill(store.states, 0, store.size);
      const values = Array.from({ length: 5000 }, (_, index) => (index * 13) % 3000);
      const given = addSorted(values.map(state));
      assert.is(store.count, 3000);
      for (const [index, value] of values.entries()) {
        if (value < 1000) assert.is(given[index], numbers[value]);
        assert.is(inner.find(Int32Array.from(state(value)), 0), given[index]);
      }
      const { slots } = store;
      reserve(store.capacity);
      assert.is.not(store.slots, slots);
      assert.ok(values.every((value, index) => inner.find(Int32Array.from(state(value)), 0) === given[index]));
      assert.is(inner.find(Int32Array.from(state(4000)), 0), -1);
    });

    test(`numbers come from a range and then from another, and each new state is asked about: ${way}, ${words} words`, () => {
      const { store, inner, surroundings, addSorted } = loops(words, room);
      store.divide();
      const asked: number[] = [];
      Object.assign(surroundings, {
        end: 100,
        open: 5,
        ask: (number: number, invariants: number) => asked.push(number, invariants),
        refill: () => Object.assign(surroundings, { size: surroundings.end + 50, end: surroundings.end + 150 }),
      });
      const given = addSorted(Array.from({ length: 1000 }, (_, value) => state(value % 250)));
      const expected = [...new Set(given)].slice(0, 250);
      assert.is(new Set(expected).size, 250);
      assert.ok(expected.every((number) => number < 100 || number % 150 < 100));
      assert.equal(
        asked.filter((_, index) => index % 2 === 0),
        expected.toSorted((a, b) => a - b),
      );
      assert.ok(asked.every((what, index) => index % 2 === 0 || what === 5));
      for (const [value, number] of given.slice(0, 250).entries())
        assert.is(inner.find(Int32Array.from(state(value)), 0), number);
    });
  }

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
