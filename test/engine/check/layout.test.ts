import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FieldOverflow, Layout, layoutFor } from '../../../src/engine/check/layout.ts';

/** The widths of the fields, and a value for each that fits. */
const packed = fc
  .array(
    fc.integer({ min: 1, max: 31 }).chain((bits) => fc.tuple(fc.constant(bits), fc.nat({ max: 2 ** bits - 1 }))),
    { minLength: 1, maxLength: 12 },
  )
  .map((fields) => ({ bits: fields.map(([bits]) => bits), states: fields.map(([, value]) => value) }));

test('what is packed comes out again, at any offset, and nothing beside it is touched', () => {
  fc.assert(
    fc.property(packed, fc.nat({ max: 3 }), ({ bits, states }, offset) => {
      const layout = new Layout(bits);
      const memory = new Int32Array(offset + layout.words + 1).fill(-1);
      layout.write(states, memory, offset);
      assert.equal(
        bits.map((_, component) => layout.read(memory, offset, component)),
        states,
      );
      assert.ok(memory.every((word, at) => word === -1 || (at >= offset && at < offset + layout.words)));
    }),
  );
});

test('no word of a packed state is 0', () => {
  fc.assert(
    fc.property(packed, ({ bits, states }) => {
      const layout = new Layout(bits);
      const words = new Int32Array(layout.words);
      layout.write(states, words, 0);
      assert.ok(words.every((word) => word !== 0));
    }),
  );
});

test('a change turns one state of a component into another, and leaves the others alone', () => {
  fc.assert(
    fc.property(packed, fc.nat(), fc.nat(), ({ bits, states }, index, value) => {
      const component = index % bits.length;
      const layout = new Layout(bits);
      const next = states.with(component, value % 2 ** bits[component]!);
      const [before, after] = [new Int32Array(layout.words), new Int32Array(layout.words)];
      layout.write(states, before, 0);
      layout.write(next, after, 0);
      before[layout.fields[component]!.word]! ^= layout.change(component, states[component]!, next[component]!);
      assert.equal(before, after);
    }),
  );
});

test('no more words are used than first fit needs, and no field crosses a word', () => {
  assert.is(new Layout([6, 6, 6, 6, 6]).words, 1);
  assert.is(new Layout([31, 31]).words, 2);
  assert.is(new Layout([20, 20, 11, 11]).words, 2);
});

test('fields get room to grow where that costs no word', () => {
  assert.equal(layoutFor([64, 64, 64]).bits, [9, 9, 9]);
  assert.equal(layoutFor([2 ** 31, 2]).bits, [31, 4]);
});

test('a state that does not fit is an error', () => {
  assert.throws(
    () => new Layout([3, 2]).change(1, 0, 4),
    (error: unknown) => error instanceof FieldOverflow,
  );
});

test.run();
