/**
 * Unsigned machine words of any width up to 64 bits, as plain JSON.
 *
 * A fact must survive `JSON.parse(JSON.stringify(fact))`, and a 64-bit counter does not fit into a JSON number:
 * a word is a number while that is exact, and a decimal string beyond. One value has one form, so `===` compares words.
 */
export type Word = number | string;

/** How many words there are. */
const WORDS = 2n ** 64n;

/** The word of a value, taken modulo 2^bits (bits: 1 to 64). */
export function word(value: bigint | number | string, bits: number): Word {
  if (typeof value === 'number' && bits < 32 && Number.isSafeInteger(value)) {
    const modulus = 2 ** bits;
    return ((value % modulus) + modulus) % modulus;
  }
  if (bits === 64 && typeof value === 'number' && value >= 0 && Number.isSafeInteger(value)) return value;
  const wrapped = BigInt.asUintN(bits, BigInt(value));
  return wrapped <= Number.MAX_SAFE_INTEGER ? Number(wrapped) : wrapped.toString();
}

/** Whether a value is a word, in the form that {@link word} gives it. */
export function isWord(value: unknown): value is Word {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0;
  if (typeof value !== 'string' || !/^[1-9]\d{15,19}$/.test(value)) return false;
  return !Number.isSafeInteger(Number(value)) && BigInt(value) < WORDS;
}

/** `a + b` modulo 2^bits. */
export function plus(a: Word, b: Word, bits: number): Word {
  if (bits < 32) return word(Number(a) + Number(b), bits);
  // What is a number and far from 2^64 needs no more.
  if (bits === 64 && typeof a === 'number' && typeof b === 'number' && Number.isSafeInteger(a + b)) return a + b;
  return word(BigInt(a) + BigInt(b), bits);
}

/** `a - b` modulo 2^bits. */
export function minus(a: Word, b: Word, bits: number): Word {
  if (bits < 32) return word(Number(a) - Number(b), bits);
  if (bits === 64 && typeof a === 'number' && typeof b === 'number' && a >= b) return a - b;
  return word(BigInt(a) - BigInt(b), bits);
}

/** The word read as a two's complement number of that many bits. */
export function signed(value: Word, bits: number): bigint {
  return BigInt.asIntN(bits, BigInt(value));
}

/** An `int` of that many bits after adding `step`: it wraps as the hardware does. */
export function wrapInt(value: number, step: number, bits: number): number {
  return Number(BigInt.asIntN(bits, BigInt(value + step)));
}
