import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FieldOverflow, Packing } from '../../src/check/packing.ts';

/** The widths of the fields, and a value for each that fits. */
const packed = fc
  .array(
    fc.integer({ min: 1, max: 31 }).chain((bits) => fc.tuple(fc.constant(bits), fc.nat({ max: 2 ** bits - 1 }))),
    { minLength: 1, maxLength: 12 },
  )
  .map((fields) => ({ bits: fields.map(([bits]) => bits), state: Int32Array.from(fields, ([, value]) => value) }));

test('what is packed comes out again, at any offset, and nothing beside it is touched', () => {
  fc.assert(
    fc.property(packed, fc.nat({ max: 3 }), ({ bits, state }, offset) => {
      const packing = new Packing(bits);
      const memory = new Int32Array(offset + packing.words + 1).fill(-1);
      packing.pack(state, memory, offset);
      const out = new Int32Array(state.length);
      packing.unpack(memory, offset, out);
      assert.equal(out, state);
      assert.ok(memory.every((word, at) => word === -1 || (at >= offset && at < offset + packing.words)));
    }),
  );
});

test('two states are packed alike only if they are one', () => {
  fc.assert(
    fc.property(packed, packed, ({ bits, state }, { state: other }) => {
      const packing = new Packing(bits);
      const second = state.map((value, part) => (other[part] ?? value) & (2 ** bits[part]! - 1));
      const [one, two] = [state, second].map((local) => {
        const words = new Int32Array(packing.words);
        packing.pack(local, words, 0);
        return words.join();
      });
      assert.is(one === two, state.join() === second.join());
    }),
  );
});

test('no more words are used than first fit needs, and no field crosses a word', () => {
  assert.is(new Packing([6, 6, 6, 6, 6]).words, 1);
  assert.is(new Packing([31, 31]).words, 2);
  assert.is(new Packing([20, 20, 12, 12]).words, 2);
});

test('a local state that does not fit is an error that names the part', () => {
  const packing = new Packing([3, 2]);
  const pack = () => packing.pack(Int32Array.of(7, 4), new Int32Array(1), 0);
  assert.throws(pack, (error: unknown) => error instanceof FieldOverflow && error.part === 1 && error.local === 4);
});

test.run();
