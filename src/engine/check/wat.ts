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
