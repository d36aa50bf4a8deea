import type { Layout } from './layout.ts';
import type { LinearMemory, SharedIntegers } from './linear-memory.ts';
import { fits, type Quotient, quotientOf } from './quotient.ts';
import { FULL, type Growth, LEAST, PARTS, Store } from './store.ts';

/** By how much the hash table grows when it is full. */
const GROWTH = 1.25;

/** Integers of a slot. */
const SLOT = 2;

/**
 * Where a store lies in a linear memory: the integers of its hash table, a part of one that is moved to where it lies, and the words of
 * states; and where a byte for each state can lie. What was not written to takes no memory of the machine.
 */
export interface Rooms {
  readonly slots: SharedIntegers;
  readonly part: SharedIntegers;
  readonly states: SharedIntegers;
  readonly bytes: SharedIntegers;
}

/** How many integers of a linear memory they are. */
const SLOTS = 5 * 2 ** 27;
const ROOMS = { slots: SLOTS, part: SLOTS / PARTS, states: 2 ** 26, bytes: 2 ** 26 } as const;

/** The rooms in a memory, or null if there is no place for them. */
export function roomsIn(memory: LinearMemory): Rooms | null {
  const slots = memory.reserve(ROOMS.slots);
  const part = memory.reserve(ROOMS.part);
  const states = memory.reserve(ROOMS.states);
  const bytes = memory.reserve(ROOMS.bytes);
  return slots && part && states && bytes && { slots, part, states, bytes };
}

/**
 * A hash table whose slots hold all of a state, and the number that it has: see `quotient.ts`. So only the words of the states of
 * the last levels are kept; others are loaded when they are needed.
 */
export class QuotientStore extends Store {
  readonly states: SharedIntegers;
  slots: SharedIntegers;
  base = 0;
  readonly parts = PARTS;
  readonly tagShift = 0;
  override readonly byteRoom: SharedIntegers;
  override readonly quotient: Quotient;
  /** Before which state the words end that were loaded; null if they are those of the last levels. */
  #end: number | null = null;
  /** How many states had their words there at most. */
  #most = 0;

  /** Whether states laid out so can be stored so, and at least so many of them. */
  static fits(layout: Layout, states: number): boolean {
    if (layout.words > 2) return false;
    const slots = slotsFor(Math.max(states, LEAST));
    return slots * SLOT <= ROOMS.slots && fits(quotientOf(layout), slots);
  }

  /** For states that are laid out so, of which there is room for so many. */
  constructor(
    layout: Layout,
    states: number,
    memory: LinearMemory,
    readonly rooms: Rooms,
  ) {
    super(layout.words, memory);
    this.quotient = quotientOf(layout);
    this.slots = rooms.slots.subarray(0, slotsFor(Math.max(states, LEAST)) * SLOT);
    this.states = rooms.states;
    this.byteRoom = rooms.bytes;
  }

  get capacity(): number {
    return Math.floor((this.slots.length / SLOT) * FULL);
  }

  get bytes(): number {
    this.#note();
    return this.#most * this.words * 4 + this.slots.byteLength;
  }

  /** Whether so many more states find room. */
  hasRoomFor(more: number): boolean {
    const slots = slotsFor(this.size + more);
    return (
      slots * SLOT <= this.rooms.slots.length &&
      fits(this.quotient, slots) &&
      (this.size + more - this.base) * this.words <= this.states.length
    );
  }

  reserve(more: number): Growth | null {
    if (this.size + more <= this.capacity) return null;
    const { slots, parts } = this;
    let wanted = slotsFor(Math.max(this.size + more, this.capacity * GROWTH));
    if (wanted * SLOT > this.rooms.slots.length || !fits(this.quotient, wanted)) wanted = slotsFor(this.size + more);
    this.slots = this.rooms.slots.subarray(0, wanted * SLOT);
    const growth = this.slots.length / slots.length;
    // A part moves to a place behind all that is not moved yet, as many at once as can; the first few to where they lie.
    const rounds: [number, number][] = [];
    for (let end: number = parts; end > 0; ) {
      const first = Math.min(end - 1, Math.ceil(end / growth));
      rounds.push([first, end]);
      end = first;
    }
    return { old: { slots, tagShift: 0, spare: this.rooms.part }, rounds, free: () => undefined };
  }

  /** Forgets the words of the states before the level that is to be expanded. */
  slide(): void {
    const base = this.levels.at(-2)!;
    this.states.copyWithin(0, this.at(base), this.at(this.size));
    this.#note();
    this.base = base;
  }

  #note(): void {
    this.#most = Math.max(this.#most, (this.#end ?? this.size) - this.base);
  }

  /** Takes over the words of the states of the last levels, of all packed states. */
  keep(packed: Int32Array): void {
    this.base = this.levels.at(-2) ?? 0;
    this.states.set(packed.subarray(this.base * this.words, this.size * this.words));
  }

  /** Whether the words of these states are there. */
  has(first: number, end: number): boolean {
    return this.base <= first && end <= (this.#end ?? this.size);
  }

  /** Makes room for the words of these states, in place of others; they are to be loaded. */
  replace(first: number, end: number): void {
    this.base = first;
    this.#end = end;
    this.states.fill(0, 0, this.at(end));
  }

  free(): void {
    this.slots.fill(0);
  }
}

const slotsFor = (states: number): number => Math.ceil(states / FULL / PARTS) * PARTS;
