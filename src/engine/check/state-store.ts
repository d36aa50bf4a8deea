import { grown } from './arena.ts';
import type { LinearMemory, SharedIntegers } from './linear-memory.ts';
import { FULL, type Growth, LEAST, PARTS, Store } from './store.ts';

/** By how much the hash table grows when it is full: so it takes between 5 and 7.5 bytes a state. */
const GROWTH = 1.5;

/** Integers of a linear memory in which the states can grow. */
const STATES_ROOM = 1 << 28;

/** The states in the order in which they were found, packed: all of them are kept. */
export class StateStore extends Store {
  states: SharedIntegers;
  readonly base = 0;
  /**
   * The hash table, open addressing: the number of a state plus one, and above it a tag, the lower bits of its hash;
   * or 0. Most other states that are met on the way are told apart by the tag, without a look at their words.
   */
  slots: SharedIntegers;
  parts = 1;

  /** Where the states can grow without being moved. */
  #room: SharedIntegers | null;

  constructor(words: number, capacity = 1 << 12, memory: LinearMemory | null = null) {
    super(words, memory);
    this.#room = memory?.reserve(STATES_ROOM) ?? null;
    this.states = this.#room?.subarray(0, capacity * words) ?? this.allocate(capacity * words);
    this.slots = this.allocate(Math.ceil(capacity / FULL));
  }

  get bytes(): number {
    return this.size * this.words * 4 + this.slots.byteLength;
  }

  get tagShift(): number {
    return 32 - Math.clz32(this.capacity + 1);
  }

  get capacity(): number {
    return Math.floor(this.slots.length * FULL);
  }

  reserve(more: number): Growth | null {
    if (this.size + more <= this.capacity) return null;
    const { slots, tagShift, parts } = this;
    this.#resize(Math.max(this.size + more, this.capacity * GROWTH));
    return { old: { slots, tagShift, spare: null }, rounds: [[0, parts]], free: () => this.memory?.free(slots) };
  }

  /** Divides the hash table into {@link PARTS}; it is to be filled anew. */
  divide(): void {
    this.parts = PARTS;
    this.memory?.free(this.slots);
    this.#resize(Math.max(this.capacity, LEAST));
  }

  free(): void {
    this.memory?.free(this.#room ?? this.states);
    this.memory?.free(this.slots);
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
}
