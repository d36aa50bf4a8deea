import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Batch } from '../../../src/engine/check/batch.ts';
import { compile, generate, type Surroundings } from '../../../src/engine/check/generate.ts';
import { Layout, PRESENT } from '../../../src/engine/check/layout.ts';
import { SCRATCH } from '../../../src/engine/check/linear-loops.ts';
import { isLinear, LinearMemory, sharedIntegers } from '../../../src/engine/check/linear-memory.ts';
import type { Moves } from '../../../src/engine/check/moves.ts';
import { QuotientStore, roomsIn } from '../../../src/engine/check/quotient-store.ts';
import { Sorter } from '../../../src/engine/check/sorter.ts';
import { loopsIn } from './linear-loops.ts';

/** Layouts of one word and of two, of which the components take all bits or few. */
const LAYOUTS = { '31': [31], '24': [24], '31 and 17': [31, 17], '29 and 3': [15, 14, 3], '31 and 1': [31, 1] };

/** A store, the loops over it, and ways to add states; the memory is the same for all, since it is large. */
const memory = LinearMemory.create()!;
const rooms = roomsIn(memory)!;
const scratch = memory.allocate(SCRATCH);

function loops(bits: readonly number[], allocate: (length: number) => Int32Array) {
  const layout = new Layout(bits);
  const { words } = layout;
  rooms.slots.fill(0, 0, 2 ** 24);
  rooms.states.fill(0, 0, 2 ** 20);
  const store = new QuotientStore(layout, 0, memory, rooms);
  const components = layout.fields.map((_, number) => ({ name: `field${number}` }));
  const moves = { layout, components, shapes: [], urgent: [] } as unknown as Moves;
  const surroundings = {
    ...{
      store,
      words,
      size: 0,
      end: 0,
      emitted: 0,
      about: new Int32Array(8),
      open: 0,
      insistent: 0,
      parts: store.parts,
    },
    ...new Batch(words, 64, allocate),
    states: store.states,
    get base() {
      return store.base;
    },
    get slots() {
      return store.slots;
    },
  };
  const env = surroundings as unknown as Surroundings;
  const linear = loopsIn(memory, words, store.quotient, scratch);
  const inner = linear.over(compile(generate(moves, false))(env), env, store.quotient);
  const loader = linear.ofQuotient(env, store.quotient);
  const reserve = (more: number): boolean => {
    const growth = store.reserve(more);
    for (const [first, end] of growth?.rounds ?? [])
      for (let part = first; part < end; part++) inner.move(growth!.old, part);
    growth?.free();
    return growth !== null;
  };
  const put = (state: readonly number[]): void => {
    surroundings.out.set([...state, 0]);
    surroundings.emitted = words + 1;
    surroundings.starts[1] = words + 1;
  };
  const add = (state: readonly number[]): number => {
    reserve(1);
    put(state);
    inner.add();
    store.size = surroundings.size;
    return surroundings.numbers[0]!;
  };
  const addSorted = (states: readonly (readonly number[])[]): Int32Array => {
    const sorter = new Sorter(words, 0, 8, (length) => allocate(length) as never);
    for (const state of states) {
      put(state);
      assert.is(inner.sort(sorter, 1), false);
    }
    reserve(states.length);
    for (let part = 0; part < store.parts; part++) inner.insert(sorter, part);
    store.size = surroundings.size;
    const numbers = allocate(states.length);
    inner.read(sorter, 0, states.length, numbers);
    return numbers;
  };
  const loaded = (first: number, end: number): number[][] => {
    store.replace(first, end);
    loader.load(first, end);
    return Array.from({ length: end - first }, (_, index) => [
      ...store.states.subarray(index * words, (index + 1) * words),
    ]);
  };
  return { layout, store, inner, surroundings, add, addSorted, reserve, loaded };
}

const ALLOCATORS = {
  'in the memory': (length: number) => memory.allocate(length),
  'with what is added outside of it': sharedIntegers,
  // The last, since nothing is given back.
  'when it is full': (length: number) => {
    for (let size = 2 ** 28; size > 0; size >>= 1) while (isLinear(memory.allocate(size)));
    return sharedIntegers(length);
  },
};

test('a layout of three words, and one of two whose bits no slot has, has no such store', () => {
  assert.is(QuotientStore.fits(new Layout([31, 31, 1]), 0), false);
  assert.is(QuotientStore.fits(new Layout([31, 31]), 0), false);
  assert.is(QuotientStore.fits(new Layout([31, 17]), 2 ** 27), true);
  // More slots than first words: some would never be where a search starts.
  assert.is(QuotientStore.fits(new Layout([20]), 0), false);
});

test('there is room for no more states than slots, and than words of the last levels', () => {
  const few = { ...rooms, slots: memory.allocate(2 ** 22), states: memory.allocate(2 ** 10) };
  const store = new QuotientStore(new Layout([31, 17]), 0, memory, few);
  assert.is(store.hasRoomFor(500), true);
  assert.is(store.hasRoomFor(2 ** 10), false);
  const long = new QuotientStore(new Layout([31, 17]), 0, memory, { ...few, states: rooms.states });
  assert.is(long.hasRoomFor(2 ** 20), true);
  assert.is(long.hasRoomFor(2 ** 21), false);
});

test('the words of the last two levels are kept', () => {
  const { store, add } = loops([31], ALLOCATORS['in the memory']);
  for (let value = 0; value < 10; value++) add([value | PRESENT]);
  store.levels.push(3, 10);
  store.slide();
  assert.is(store.base, 3);
  assert.ok(store.has(3, 10) && !store.has(2, 10));
  assert.equal(
    [...store.states.subarray(0, 7)],
    [3, 4, 5, 6, 7, 8, 9].map((value) => value | PRESENT),
  );
  assert.is(add([77 | PRESENT]), 10);
  assert.is(store.states[store.at(10)], 77 | PRESENT);
  // Numbers that no worker gave are known by an empty word.
  store.leave([[8, 9]]);
  assert.is(store.states[store.at(8)], 0);
  assert.is(store.bytes, 10 * 4 + store.slots.byteLength);
});

for (const [where, allocate] of Object.entries(ALLOCATORS))
  for (const [name, bits] of Object.entries(LAYOUTS))
    test(`states are found again, and their words come out, also after the table grew: ${name} bits, ${where}`, () => {
      const { layout, store, inner, add, addSorted, reserve, loaded } = loops(bits, allocate);
      const field = bits.map((width) =>
        fc.oneof(fc.nat({ max: 2 ** width - 1 }), fc.nat({ max: Math.min(9, 2 ** width - 1) })),
      );
      const values = fc.sample(fc.tuple(...field), { numRuns: 3000, seed: 7 });
      const packed = values.map((value) => {
        const state = new Int32Array(layout.words);
        layout.write(value, state, 0);
        return [...state];
      });
      const known = new Map<string, number>();
      const expect = (state: readonly number[], number: number): void => {
        const key = state.join();
        if (known.has(key)) assert.is(number, known.get(key));
        else known.set(key, number);
      };
      for (const state of packed.slice(0, 500)) expect(state, add(state));
      const rest = packed.slice(400);
      for (const [index, number] of addSorted(rest).entries()) expect(rest[index]!, number);
      assert.is(known.size, store.size);
      assert.equal(
        [...known.values()].sort((a, b) => a - b),
        [...known.values()].map((_, index) => index),
      );
      for (const grows of [false, true]) {
        if (grows) assert.ok(reserve(store.capacity + 1));
        for (const [key, number] of known)
          assert.is(inner.find(Int32Array.from(key.split(',').map(Number)), 0), number);
        const words = new Map([...known].map(([key, number]) => [number, key]));
        for (const [first, end] of [
          [0, store.size],
          [7, 300],
        ] as const)
          for (const [index, state] of loaded(first, end).entries()) assert.is(state.join(), words.get(first + index));
      }
    });

test.run();
