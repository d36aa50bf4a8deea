/** Bits of a fingerprint, and how many of them the upper part holds. */
const FINGERPRINT_BITS = 47;
const UPPER_BITS = 15;
/** The bit that tells a fingerprint from an empty place. */
const PRESENT = 1 << UPPER_BITS;
const FULL = 0.8;
/**
 * States of which only a fingerprint is kept, in an open hash table: where the table says that a state is known, it may be
 * another one with the same fingerprint, and near the same place.
 *
 * The place and the fingerprint come from hashes that know nothing of each other. So two different states that are compared
 * look the same with probability of 1 to 2 to the power of the bits, and a state is only ever compared with those between its own place
 * and the next empty one (U. Stern and D. L. Dill, _Improved probabilistic verification by hash compaction_, 1995).
 */
export class Fingerprints {
  readonly #lower: Int32Array;
  readonly #upper: Uint16Array;
  readonly #lowerMask: number;
  readonly #upperMask: number;
  /** How many states are kept. */
  count = 0;
  /** How often a state that was taken for new was compared with another. */
  compared = 0;

  /** A table of so many places. Fewer `bits`, from 1 on, are for tests. Throws a RangeError for more than there are. */
  constructor(
    readonly length: number,
    readonly bits = FINGERPRINT_BITS,
  ) {
    if (!Number.isInteger(bits) || bits < 1 || bits > FINGERPRINT_BITS)
      throw new RangeError(`a fingerprint has 1 to ${FINGERPRINT_BITS} bits, not ${bits}`);
    this.#lower = new Int32Array(length);
    this.#upper = new Uint16Array(length);
    this.#lowerMask = bits >= 32 ? -1 : 2 ** bits - 1;
    this.#upperMask = bits > 32 ? 2 ** (bits - 32) - 1 : 0;
  }

  /** Bytes of a place. */
  static readonly bytes = 6;

  get bytes(): number {
    return this.length * Fingerprints.bytes;
  }

  get isFull(): boolean {
    return this.count >= this.length * FULL;
  }

  /**
   * The probability that a state was taken for another, at most: what was kept was told apart that often, and each time it could have
   * failed to.
   */
  get missProbability(): number {
    return Math.min(1, this.compared / 2 ** this.bits);
  }

  /** Keeps the state whose words start at `at`; answers whether it is new, as far as its fingerprint says. */
  add(packed: Int32Array, at: number, words: number): boolean {
    const lower = hash(packed, at, words, 0x2545f491) & this.#lowerMask;
    const upper = (hash(packed, at, words, 0x6c078965) & this.#upperMask) | PRESENT;
    let place = ((hash(packed, at, words, 0x1b873593) >>> 0) * (this.length / 2 ** 32)) | 0;
    for (let met = 0; ; met++) {
      const known = this.#upper[place]!;
      if (known === 0) {
        this.#upper[place] = upper;
        this.#lower[place] = lower;
        this.count++;
        this.compared += met;
        return true;
      }
      if (known === upper && this.#lower[place] === lower) return false;
      if (++place === this.length) place = 0;
    }
  }
}

/** The words of a state, well mixed, in a way that the seed decides. */
function hash(packed: Int32Array, at: number, words: number, seed: number): number {
  let mixed = seed;
  for (let word = 0; word < words; word++) {
    mixed = Math.imul(mixed ^ packed[at + word]!, 0x85ebca6b ^ (seed << 1));
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0xc2b2ae35);
    mixed ^= mixed >>> 13;
  }
  mixed = Math.imul(mixed, 0x27d4eb2f);
  return mixed ^ (mixed >>> 16);
}
