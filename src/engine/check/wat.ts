import { BATCH } from './table-loops.ts';

/** Pieces of the text of a WebAssembly module, for states of so many words: see `table-module.ts`. */
export class Wat {
  /** The numbers of the words. */
  readonly numbers: readonly number[];
  /** Bytes of a state, and of a successor that is to be added. */
  readonly size: number;
  readonly stride: number;

  constructor(readonly words: number) {
    this.numbers = Array.from({ length: words }, (_, number) => number);
    this.size = words * INTEGER;
    this.stride = this.size + INTEGER;
  }

  /** What `text` says of each word. */
  each(text: (number: number) => string): string {
    return this.numbers.map(text).join('\n      ');
  }

  /** Sets $to to where the next batch of the successors from $from to $stop ends; returns $stop where there is none, with $count the next number. */
  get nextBatch(): string {
    return `
      (if (i32.ge_u (local.get $from) (local.get $stop)) (then
        (global.set $next (local.get $count))
        (return (local.get $stop))))
      (local.set $to (i32.add (local.get $from) (i32.const ${BATCH * this.stride})))
      (if (i32.gt_u (local.get $to) (local.get $stop)) (then (local.set $to (local.get $stop))))`;
  }

  /** Copies the words at one address to another. */
  copy(from: string, to: string): string {
    return this.each((word) => `(i32.store offset=${word * INTEGER} (local.get $${to}) ${load(from, word)})`);
  }
}

/** Bytes of an integer. */
export const INTEGER = 4;

/** The integer of so many that is meant, from the address in a local on. */
export const load = (local: string, integer = 0): string =>
  `(i32.load offset=${integer * INTEGER} (local.get $${local}))`;

/** Adds a number, or what the text of an expression comes to, to a local. */
export const add = (local: string, value: number | string): string =>
  `(local.set $${local} (i32.add (local.get $${local}) ${typeof value === 'number' ? `(i32.const ${value})` : value}))`;
