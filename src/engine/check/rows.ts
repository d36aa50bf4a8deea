import { NumberedRows } from './numbered-rows.ts';

/** The states of a search in the order in which they were found, as rows of whole numbers, and the path to each. */
export class Rows {
  readonly #rows: NumberedRows;
  #parents: Int32Array;
  #facts: Int32Array;

  /** `capacity`: so many rows, a power of two, are there room for at first. */
  constructor(width: number, capacity = 1 << 10) {
    this.#rows = new NumberedRows(width, capacity);
    this.#parents = new Int32Array(capacity);
    this.#facts = new Int32Array(capacity);
  }

  get size(): number {
    return this.#rows.size;
  }

  get bytes(): number {
    return this.#rows.bytes + this.#parents.byteLength + this.#facts.byteLength;
  }

  /** A row, valid until another one is asked for. */
  row(number: number): Int32Array {
    return this.#rows.row(number);
  }

  /** The number of a row; it is added, with where it was reached from, when it is new. */
  add(row: Int32Array, parent: number, fact: number): number {
    const { size } = this.#rows;
    const number = this.#rows.number(row);
    if (this.#parents.length < this.#rows.capacity) this.#grow();
    if (number < size) return number;
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

  #grow(): void {
    const larger = (array: Int32Array): Int32Array => {
      const copy = new Int32Array(this.#rows.capacity);
      copy.set(array);
      return copy;
    };
    this.#parents = larger(this.#parents);
    this.#facts = larger(this.#facts);
  }
}
