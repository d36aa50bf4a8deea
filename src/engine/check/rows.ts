/** The states of a search in the order in which they were found, as rows of whole numbers, and the path to each. */
export class Rows {
  size = 0;
  readonly #width: number;
  #rows: Int32Array;
  #parents: Int32Array;
  #facts: Int32Array;
  /** Open addressing: the number of a row plus one, or 0. */
  #slots: Int32Array;
  readonly #shown: Int32Array;

  constructor(width: number, capacity = 1 << 10) {
    this.#width = width;
    this.#rows = new Int32Array(capacity * width);
    this.#parents = new Int32Array(capacity);
    this.#facts = new Int32Array(capacity);
    this.#slots = new Int32Array(capacity * 2);
    this.#shown = new Int32Array(width);
  }

  get bytes(): number {
    return this.#rows.byteLength + this.#parents.byteLength + this.#facts.byteLength + this.#slots.byteLength;
  }

  /** A row, valid until another one is asked for. */
  row(number: number): Int32Array {
    const from = number * this.#width;
    for (let at = 0; at < this.#width; at++) this.#shown[at] = this.#rows[from + at]!;
    return this.#shown;
  }

  /** The number of a row; it is added, with where it was reached from, when it is new. */
  add(row: Int32Array, parent: number, fact: number): number {
    if (this.size === this.#parents.length) this.#grow();
    const slot = this.#find(row);
    if (this.#slots[slot] !== 0) return this.#slots[slot]! - 1;
    const number = this.size++;
    this.#slots[slot] = number + 1;
    const from = number * this.#width;
    for (let at = 0; at < this.#width; at++) this.#rows[from + at] = row[at]!;
    this.#parents[number] = parent;
    this.#facts[number] = fact;
    return number;
  }

  /** The numbers of the facts on the shortest path to a row. */
  pathTo(number: number): number[] {
    const facts: number[] = [];
    for (let at = number; this.#parents[at]! >= 0; at = this.#parents[at]!) facts.push(this.#facts[at]!);
    return facts.reverse();
  }

  /** How many facts that path has. */
  depth(number: number): number {
    let depth = 0;
    for (let at = number; this.#parents[at]! >= 0; at = this.#parents[at]!) depth++;
    return depth;
  }

  /** The slot of the row that begins in `row` at `from`: where it is, or would be. */
  #find(row: Int32Array, from = 0): number {
    const width = this.#width;
    const mask = this.#slots.length - 1;
    let mixed = 0x9e3779b9;
    for (let at = 0; at < width; at++) {
      mixed = Math.imul(mixed ^ row[from + at]!, 0x85ebca6b);
      mixed ^= mixed >>> 15;
    }
    for (let slot = (mixed ^ (mixed >>> 13)) & mask; ; slot = (slot + 1) & mask) {
      const entry = this.#slots[slot]!;
      if (entry === 0) return slot;
      let at = 0;
      while (at < width && this.#rows[(entry - 1) * width + at] === row[from + at]) at++;
      if (at === width) return slot;
    }
  }

  #grow(): void {
    const capacity = this.#parents.length * 2;
    const larger = (array: Int32Array, length: number): Int32Array => {
      const copy = new Int32Array(length);
      copy.set(array);
      return copy;
    };
    this.#rows = larger(this.#rows, capacity * this.#width);
    this.#parents = larger(this.#parents, capacity);
    this.#facts = larger(this.#facts, capacity);
    this.#slots = new Int32Array(capacity * 2);
    for (let number = 0; number < this.size; number++)
      this.#slots[this.#find(this.#rows, number * this.#width)] = number + 1;
  }
}
