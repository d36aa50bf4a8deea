import { BATCH } from './table-loops.ts';

/** What the inner loops collect of a batch of states: see `Surroundings`. */
export class Batch {
  readonly out: Int32Array;
  readonly starts: Int32Array;
  readonly numbers: Int32Array;
  readonly mixes: Int32Array;

  /**
   * For states of so many words, each of which has `offers` successors at most. It lies in what `allocate` gives, which is asked once: all
   * of it lies in a memory, or nothing.
   */
  constructor(words: number, offers: number, allocate: (length: number) => Int32Array) {
    const numbers = BATCH + offers;
    const out = numbers + numbers * (words + 1);
    const starts = out + BATCH + 1;
    const room = allocate(starts + BATCH);
    this.numbers = room.subarray(0, numbers);
    this.out = room.subarray(numbers, out);
    this.starts = room.subarray(out, starts);
    this.mixes = room.subarray(starts);
  }
}
