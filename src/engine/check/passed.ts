import { grown } from './arena.ts';
import type { Layout } from './layout.ts';
import { sharedIntegers } from './linear-memory.ts';
import type { Space } from './space.ts';
import type { Store } from './store.ts';

/** States that there is room for at first. */
const FIRST = 1 << 8;

/** States that a search passes through and need not keep, packed, each with two numbers of what led there. */
export class Passed {
  count = 0;
  packed = sharedIntegers(0);
  /** By state: the state from which it came. */
  readonly from: number[] = [];
  /** By state: the fact that led there, or what is to be asked because of it. */
  readonly by: number[] = [];

  constructor(readonly words: number) {
    this.packed = sharedIntegers(FIRST * words);
  }

  /** Takes the packed state at `at`. */
  push(packed: Int32Array, at: number, from: number, by: number): void {
    const to = this.count * this.words;
    if (to + this.words > this.packed.length) this.packed = grown(this.packed, this.packed.length * 2);
    for (let word = 0; word < this.words; word++) this.packed[to + word] = packed[at + word]!;
    this.from[this.count] = from;
    this.by[this.count++] = by;
  }

  /** Has a store show them instead of its own states, while `work` goes on; answers what that does. */
  among<T>(store: Store, work: () => T): T {
    const { states } = store;
    store.states = this.packed;
    try {
      return work();
    } finally {
      store.states = states;
    }
  }

  /** The place of a packed state, or -1. */
  indexOf(state: Int32Array): number {
    const { count, packed, words } = this;
    for (let place = 0; place < count; place++) {
      let word = 0;
      while (word < words && packed[place * words + word] === state[word]) word++;
      if (word === words) return place;
    }
    return -1;
  }

  /** The same states, laid out otherwise. */
  laidOut(space: Space, layout: Layout): Passed {
    const other = new Passed(layout.words);
    const packed = new Int32Array(layout.words);
    for (let state = 0; state < this.count; state++) {
      layout.write(space.unpack(this.packed, state * this.words), packed, 0);
      other.push(packed, 0, this.from[state]!, this.by[state]!);
    }
    return other;
  }

  /** Bytes that they take. */
  get bytes(): number {
    return this.packed.byteLength + 16 * this.count;
  }
}
