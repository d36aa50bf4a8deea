import { type LinearMemory, type SharedIntegers, sharedIntegers } from './linear-memory.ts';
import type { Quotient } from './quotient.ts';

/** How full a hash table gets. */
export const FULL = 0.8;

/**
 * A large table has so many parts, and room for so many states at least: then the parts fill evenly, and none is full
 * before the others (that is eleven standard deviations away).
 */
export const PARTS = 1 << 9;
export const LEAST = 1 << 20;

/** A hash table that is to be moved into a larger one. */
export interface OldTable {
  readonly slots: SharedIntegers;
  readonly tagShift: number;
  /** Room for a part that is moved to where it lies, if any is. */
  readonly spare: SharedIntegers | null;
}

/** What there is to be done so that a table becomes larger. */
export interface Growth {
  readonly old: OldTable;
  /** The parts to be moved in any order, before those of the next round. */
  readonly rounds: readonly (readonly [first: number, end: number])[];
  /** Gives back memory: to be called when all is moved. */
  readonly free: () => void;
}

/**
 * The states of a search, which have numbers in the order in which they were found, and a hash table over them.
 *
 * Breadth first, that order is the frontier too: what follows the state that is being expanded is what is left to do.
 * And it keeps the levels apart, so that the path to a state need not be stored: see `trace.ts`.
 */
export abstract class Store {
  /** The number of the next state; {@link holes} of the numbers before it were never given. */
  size = 0;
  holes = 0;
  /** The number of the first state of each level; the last one is of the level that is being found. */
  readonly levels: number[] = [0];
  /** The words of states: see {@link at}. */
  abstract states: SharedIntegers;
  /** The number of the state whose words lie first there. */
  abstract readonly base: number;
  abstract slots: SharedIntegers;
  /** The bits of a slot that hold a number. */
  abstract readonly tagShift: number;
  /** How many parts the hash table has; the upper bits of a hash say which, and a part is full for itself. */
  abstract readonly parts: number;
  /** How many states the hash table has room for. */
  abstract readonly capacity: number;
  /** Bytes that the states take. */
  abstract readonly bytes: number;

  /** With `memory`, it lies there while there is room. */
  constructor(
    readonly words: number,
    readonly memory: LinearMemory | null,
  ) {}

  /** How states are told by where they lie, if they are: see `quotient-store.ts`. */
  readonly quotient: Quotient | null = null;
  /** Room for a byte for each state, where such room is kept. */
  readonly byteRoom: SharedIntegers | null = null;

  /** Makes room for so many more states; answers what is to be moved, if anything is. */
  abstract reserve(more: number): Growth | null;

  /** Gives back the memory of a store that was replaced. */
  abstract free(): void;

  /** Where the words of a state lie in {@link states}. */
  at(state: number): number {
    return (state - this.base) * this.words;
  }

  /** How many states were found. */
  get count(): number {
    return this.size - this.holes;
  }

  /** Gives back ranges of numbers that were never given: those at the end are free again, the others are holes. */
  leave(ranges: readonly (readonly [number, number])[]): void {
    for (const [from, to] of ranges.toSorted((a, b) => b[1] - a[1]))
      if (to === this.size) this.size = from;
      else {
        this.holes += to - from;
        for (let number = from; number < to; number++) this.states[this.at(number)] = 0;
      }
  }

  /** So many integers that are 0, where the store lies. */
  readonly allocate = (length: number): SharedIntegers => this.memory?.allocate(length) ?? sharedIntegers(length);

  /** Between `least` and `most` integers that are 0, as many as find room together where the store lies. */
  readonly allocateSome = (least: number, most: number): SharedIntegers =>
    this.memory?.allocateSome(least, most) ?? sharedIntegers(most);

  /** The level of a state: the length of the shortest path to it. */
  depth(state: number): number {
    let low = 0;
    let high = this.levels.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.levels[middle]! <= state) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
