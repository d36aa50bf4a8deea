import fc from 'fast-check';
import { type Word, word } from '../../src/facts/index.ts';

/** A width of a machine word, in bits; the widths of real machines come often. */
export const bits = fc.oneof(fc.integer({ min: 1, max: 64 }), fc.constantFrom(1, 31, 32, 53, 63, 64));

/** A word of that many bits, often near an end of its range. */
export function wordOf(width: number): fc.Arbitrary<Word> {
  const max = 2n ** BigInt(width) - 1n;
  const near = (distance: bigint): bigint => (distance <= max ? distance : max);
  return fc
    .oneof(fc.bigInt({ min: 0n, max }), fc.bigInt({ min: 0n, max: near(4n) }), fc.bigInt({ min: max - near(4n), max }))
    .map((value) => word(value, width));
}
