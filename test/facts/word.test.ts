import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { minus, plus, signed, type Word, word, wrapInt } from '../../src/facts/index.ts';
import { bits, wordOf } from '../arbitraries/words.ts';

const mod = (value: bigint, width: number): bigint =>
  ((value % 2n ** BigInt(width)) + 2n ** BigInt(width)) % 2n ** BigInt(width);
const twoOf = bits.chain((width) => fc.tuple(fc.constant(width), wordOf(width), wordOf(width)));

test('a word is its value modulo 2^bits, whatever form the value had', () => {
  fc.assert(
    fc.property(bits, fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }), (width, value) => {
      const expected = mod(value, width);
      assert.is(BigInt(word(value, width)), expected);
      assert.is(BigInt(word(value.toString(), width)), expected);
      const small = Number(BigInt.asIntN(53, value));
      assert.is(BigInt(word(small, width)), mod(BigInt(small), width));
    }),
  );
});

test('one value has one form: === compares words, and JSON keeps them', () => {
  fc.assert(
    fc.property(twoOf, ([width, a, b]) => {
      assert.is(a === b, BigInt(a) === BigInt(b));
      assert.is(JSON.parse(JSON.stringify(a)), a);
      assert.is(word(a, width), a);
    }),
  );
});

test('plus and minus are addition and subtraction modulo 2^bits', () => {
  fc.assert(
    fc.property(twoOf, ([width, a, b]) => {
      assert.is(BigInt(plus(a, b, width)), mod(BigInt(a) + BigInt(b), width));
      assert.is(BigInt(minus(a, b, width)), mod(BigInt(a) - BigInt(b), width));
      assert.is(minus(plus(a, b, width), b, width), a);
    }),
  );
});

test('signed reads two’s complement', () => {
  fc.assert(
    fc.property(twoOf, ([width, a]) => {
      const value = signed(a, width);
      assert.ok(value >= -(2n ** BigInt(width - 1)) && value < 2n ** BigInt(width - 1));
      assert.is(word(value, width), a);
    }),
  );
});

test('an int wraps at its width, upwards and downwards', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 32 }), fc.integer(), fc.integer({ min: -2, max: 2 }), (width, seed, step) => {
      const value = Number(BigInt.asIntN(width, BigInt(seed)));
      assert.is(BigInt(wrapInt(value, step, width)), BigInt.asIntN(width, BigInt(value) + BigInt(step)));
    }),
  );
  assert.is(wrapInt(2 ** 31 - 1, 1, 32), -(2 ** 31));
  assert.is(wrapInt(-4, -1, 3), 3);
});

test('the words at the edge of a JSON number are exact', () => {
  const edges: [bigint, Word][] = [
    [2n ** 53n - 1n, 2 ** 53 - 1],
    [2n ** 53n, '9007199254740992'],
    [2n ** 64n - 1n, '18446744073709551615'],
    [2n ** 64n, 0],
    [-22n, '18446744073709551594'],
  ];
  for (const [value, expected] of edges) assert.is(word(value, 64), expected);
});

test.run();
