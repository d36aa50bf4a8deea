import { grown } from './arena.ts';
import { type LinearMemory, type SharedIntegers, sharedIntegers } from './linear-memory.ts';

/** How full the hash table gets, and by how much it grows then: so it takes between 5 and 7.5 bytes a state. */
const FULL = 0.8;
const GROWTH = 1.5;

/**
 * A large table has so many parts, and room for so many states at least: then the parts fill evenly, and none is full
 * before the others (that is eleven standard deviations away).
 */
export const PARTS = 1 << 9;
const LEAST = 1 << 20;

/** Integers of a linear memory in which the states can grow. */
const STATES_ROOM = 1 << 28;

/** A hash table that was replaced by a larger one. */
export interface OldTable {
  readonly slots: SharedIntegers;
  readonly tagShift: number;
  /** Gives back its memory: to be called when all is moved. */
  readonly free: () => void;
}

/**
 * The states of a search in the order in which they were found, packed, and a hash table over them.
 *
 * Breadth first, that order is the frontier too: what follows the state that is being expanded is what is left to do.
 * And it keeps the levels apart, so that the path to a state need not be stored: see `trace.ts`.
 */
export class StateStore {
  /** The number of the next state; {@link holes} of the numbers before it were never given. */
  size = 0;
  holes = 0;
  /** The number of the first state of each level; the last one is of the level that is being found. */
  readonly levels: number[] = [0];
  states: SharedIntegers;
  /**
   * The hash table, open addressing: the number of a state plus one, and above it a tag, the lower bits of its hash;
   * or 0. Most other states that are met on the way are told apart by the tag, without a look at their words.
   */
  slots: SharedIntegers;
  /** How many parts the hash table has; the upper bits of a hash say which, and a part is full for itself. */
  parts = 1;

  /** Where the states can grow without being moved. */
  #room: SharedIntegers | null;

  /** With `memory`, it lies there while there is room. */
  constructor(
    readonly words: number,
    capacity = 1 << 12,
    readonly memory: LinearMemory | null = null,
  ) {
    this.#room = memory?.reserve(STATES_ROOM) ?? null;
    this.states = this.#room?.subarray(0, capacity * words) ?? this.allocate(capacity * words);
    this.slots = this.allocate(Math.ceil(capacity / FULL));
  }

  /** How many states were found. */
  get count(): number {
    return this.size - this.holes;
  }

  /** Gives back ranges of numbers that were never given: those at the end are free again, the others are holes. */
  leave(ranges: readonly (readonly [number, number])[]): void {
    for (const [from, to] of ranges.toSorted((a, b) => b[1] - a[1]))
      if (to === this.size) this.size = from;
      else this.holes += to - from;
  }

  /** Bytes that the states take. */
  get bytes(): number {
    return this.size * this.words * 4 + this.slots.byteLength;
  }

  /** The bits of a slot that hold a number. */
  get tagShift(): number {
    return 32 - Math.clz32(this.capacity + 1);
  }

  /** How many states there is room for. */
  get capacity(): number {
    return Math.floor(this.slots.length * FULL);
  }

  /** Makes room for so many more states; answers the old hash table, which is to be moved into the new one, if there is a new one. */
  reserve(more: number): OldTable | null {
    if (this.size + more <= this.capacity) return null;
    const { slots, tagShift } = this;
    this.#resize(Math.max(this.size + more, this.capacity * GROWTH));
    return { slots, tagShift, free: () => this.memory?.free(slots) };
  }

  /** Divides the hash table into {@link PARTS}; it is to be filled anew. */
  divide(): void {
    this.parts = PARTS;
    this.memory?.free(this.slots);
    this.#resize(Math.max(this.capacity, LEAST));
  }

  #resize(capacity: number): void {
    const room = Math.ceil(capacity / FULL / this.parts);
    this.slots = this.allocate(room * this.parts);
    const length = this.capacity * this.words;
    if (this.#room !== null && length <= this.#room.length) {
      this.states = this.#room.subarray(0, length);
      return;
    }
    const old = this.#room ?? this.states;
    this.states = grown(this.states, length, this.allocate);
    this.#room = null;
    this.memory?.free(old);
  }

  /** So many integers that are 0, where the store lies. */
  readonly allocate = (length: number): SharedIntegers => this.memory?.allocate(length) ?? sharedIntegers(length);

  /** Gives back the memory of a store that was replaced. */
  free(): void {
    this.memory?.free(this.#room ?? this.states);
    this.memory?.free(this.slots);
  }

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
