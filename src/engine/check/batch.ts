import { BATCH } from './table-loops.ts';

/** What the inner loops collect of a batch of states: see `Surroundings`. */
export class Batch {
  readonly out: Int32Array;
  readonly starts: Int32Array;
  readonly numbers: Int32Array;
  readonly mixes: Int32Array;

  /** For states of so many words, each of which has `offers` successors at most; it lies in what `allocate` gives. */
  constructor(words: number, offers: number, allocate: (length: number) => Int32Array) {
    this.numbers = allocate(BATCH + offers);
    this.out = allocate(this.numbers.length * (words + 1));
    this.starts = allocate(BATCH + 1);
    this.mixes = allocate(BATCH);
  }
}
