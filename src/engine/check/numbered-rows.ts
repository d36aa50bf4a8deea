/** Rows of whole numbers, each as wide as all: equal rows have one number, in the order in which they came. */
export class NumberedRows {
  size = 0;
  #rows: Int32Array;
  /** Open addressing: the number of a row plus one, or 0. */
  #slots: Int32Array;
  readonly #shown: Int32Array;

  /** `capacity`: so many rows, a power of two, are there room for at first. */
  constructor(
    readonly width: number,
    capacity = 1 << 10,
  ) {
    this.#rows = new Int32Array(capacity * width);
    this.#slots = new Int32Array(capacity * 2);
    this.#shown = new Int32Array(width);
  }

  /** How many rows there is room for, before it grows. */
  get capacity(): number {
    return this.#slots.length / 2;
  }

  get bytes(): number {
    return this.#rows.byteLength + this.#slots.byteLength;
  }

  /** A row, valid until another one is asked for. */
  row(number: number): Int32Array {
    const from = number * this.width;
    for (let at = 0; at < this.width; at++) this.#shown[at] = this.#rows[from + at]!;
    return this.#shown;
  }

  /** One number of a row. */
  at(number: number, place: number): number {
    return this.#rows[number * this.width + place]!;
  }

  /** The number of a row; one that is new gets the next. */
  number(row: Int32Array): number {
    if (this.size === this.capacity) this.#grow();
    const slot = this.#find(row);
    if (this.#slots[slot] !== 0) return this.#slots[slot]! - 1;
    const number = this.size++;
    this.#slots[slot] = number + 1;
    const from = number * this.width;
    for (let at = 0; at < this.width; at++) this.#rows[from + at] = row[at]!;
    return number;
  }

  /** The slot of the row that begins in `row` at `from`: where it is, or would be. */
  #find(row: Int32Array, from = 0): number {
    const { width } = this;
    const [rows, slots] = [this.#rows, this.#slots];
    const mask = slots.length - 1;
    let mixed = 0x9e3779b9;
    for (let at = 0; at < width; at++) {
      mixed = Math.imul(mixed ^ row[from + at]!, 0x85ebca6b);
      mixed ^= mixed >>> 15;
    }
    for (let slot = (mixed ^ (mixed >>> 13)) & mask; ; slot = (slot + 1) & mask) {
      const entry = slots[slot]!;
      if (entry === 0) return slot;
      const known = (entry - 1) * width;
      let at = 0;
      while (at < width && rows[known + at] === row[from + at]) at++;
      if (at === width) return slot;
    }
  }

  #grow(): void {
    const rows = new Int32Array(this.#rows.length * 2);
    rows.set(this.#rows);
    this.#rows = rows;
    this.#slots = new Int32Array(this.#slots.length * 2);
    for (let number = 0; number < this.size; number++) this.#slots[this.#find(rows, number * this.width)] = number + 1;
  }
}
