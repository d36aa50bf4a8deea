import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { word } from '../../src/facts/index.ts';
import { bits, wordOf } from './words.ts';

test('a width is 1 to 64 bits', () => {
  fc.assert(fc.property(bits, (width) => assert.ok(width >= 1 && width <= 64)));
});

test('a word of a width lies in its range, in its one form', () => {
  fc.assert(
    fc.property(
      bits.chain((width) => fc.tuple(fc.constant(width), wordOf(width))),
      ([width, value]) => {
        assert.ok(BigInt(value) >= 0n && BigInt(value) < 2n ** BigInt(width));
        assert.is(word(value, width), value);
      },
    ),
  );
});

test('both ends of the range come up', () => {
  const words = fc.sample(wordOf(64), { numRuns: 200, seed: 1 }).map(BigInt);
  assert.ok(words.includes(0n));
  assert.ok(words.includes(2n ** 64n - 1n));
});

test.run();
