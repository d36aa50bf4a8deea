/** A local state does not fit into the bits that its part was given: the search starts again with more. */
export class FieldOverflow extends Error {
  constructor(
    readonly part: number,
    readonly local: number,
  ) {
    super(`local state ${local} of part ${part} does not fit`);
  }
}

/** How the local states of all parts lie in as few 32-bit words as they need; no field crosses a word. */
export class Packing {
  readonly words: number;
  readonly #word: Int32Array;
  readonly #shift: Int32Array;
  readonly #mask: Int32Array;
  readonly #parts: number;

  /** `bits[part]` is the width of a part's field, 1 to 31. */
  constructor(bits: readonly number[]) {
    this.#parts = bits.length;
    this.#word = new Int32Array(bits.length);
    this.#shift = new Int32Array(bits.length);
    this.#mask = new Int32Array(bits.length);
    // First fit, widest first: the fields are few.
    const free: number[] = [];
    for (const part of bits.map((_, index) => index).sort((a, b) => bits[b]! - bits[a]!)) {
      const width = bits[part]!;
      let word = free.findIndex((left) => left >= width);
      if (word === -1) word = free.push(32) - 1;
      this.#word[part] = word;
      this.#shift[part] = 32 - free[word]!;
      this.#mask[part] = 2 ** width - 1;
      free[word]! -= width;
    }
    this.words = free.length;
  }

  /** Writes the packed state at `offset`. Throws {@link FieldOverflow}. */
  pack(state: Int32Array, into: Int32Array, offset: number): void {
    for (let word = 0; word < this.words; word++) into[offset + word] = 0;
    for (let part = 0; part < this.#parts; part++) {
      const local = state[part]!;
      if (local > this.#mask[part]!) throw new FieldOverflow(part, local);
      into[offset + this.#word[part]!]! |= local << this.#shift[part]!;
    }
  }

  unpack(from: Int32Array, offset: number, state: Int32Array): void {
    for (let part = 0; part < this.#parts; part++)
      state[part] = (from[offset + this.#word[part]!]! >>> this.#shift[part]!) & this.#mask[part]!;
  }
}
