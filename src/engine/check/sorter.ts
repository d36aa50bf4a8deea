import type { Inner, Surroundings } from './generate.ts';
import { type SharedIntegers, sharedIntegers } from './linear-memory.ts';
import { PARTS, type Store } from './store.ts';
import { BATCH } from './table-loops.ts';
import { HEAD, LEAST_CHUNK, RUN, type TransitionLog } from './transition-log.ts';

/** How many successors are sorted at once. */
const SORTED = 1 << 22;
/** More than are ever sorted at once, by however many workers. */
export const MOST_SORTED = 2 * SORTED;

/** The inner loops and what they work on. */
type Loops = Surroundings & { readonly inner: Inner };

/** What others need to add sorted successors. */
export type Sorted = Pick<Sorter, 'entries' | 'heads' | 'length' | 'count' | 'states' | 'ranges'>;

/** Room in pieces for the transitions that {@link Sorter.clear} keeps; a run of them has `longest` integers at most, and lies in one piece. */
export function roomFor(
  { count, states, ranges }: Sorted,
  longest: number,
  allocate: Store['allocateSome'],
): SharedIntegers[] {
  const pieces: SharedIntegers[] = [];
  for (let missing = count + HEAD * (Math.ceil(states / RUN) + ranges); missing > 0; ) {
    const piece = allocate(Math.max(LEAST_CHUNK, 2 * longest), missing + longest);
    pieces.push(piece);
    missing -= piece.length - longest;
  }
  return pieces;
}

/**
 * Successors of many states, sorted by the part of the hash table that they belong to.
 *
 * A look at a place of a large table waits for the memory. Successors that are added part by part find it in the cache:
 * most of them are met several times in a level.
 */
export class Sorter {
  /** All memory of it. */
  readonly room: SharedIntegers;
  /** The successors, part by part: the words of each, then, once it is added, the number of the state that it is. */
  readonly entries: SharedIntegers;
  /** By part: where the next successor goes; once all are added, where the next one is whose number is read. */
  readonly heads: SharedIntegers;
  /** By successor: which part it belongs to. */
  readonly parts: Uint16Array<SharedArrayBuffer>;
  /** By state: which is its first successor. */
  readonly starts: SharedIntegers;
  /** The entries of a part, and after how many of them there may be no room for another batch. */
  readonly length: number;
  readonly limit: number;
  /** How many states and successors there are. */
  states = 0;
  count = 0;
  /** Whether there may be no room for another batch. */
  isFull = false;
  /** The numbers of the successors of a batch. */
  readonly #numbers: Int32Array;
  #most = 0;
  #ranges: { readonly first: number; readonly end: number; readonly at: number }[] = [];

  /**
   * `share` is by how many workers the work is shared; `offers` is the most successors of a state. With `allocate`, it lies in what that
   * gives: it is asked once.
   */
  constructor(words: number, offers: number, share = 1, allocate = sharedIntegers) {
    const batch = (BATCH + offers) * (words + 1);
    this.limit = Math.ceil(SORTED / share / PARTS) * (words + 1);
    this.length = this.limit + 2 * batch;
    const entries = PARTS * this.length;
    const heads = entries + PARTS;
    const starts = heads + Math.ceil(SORTED / share) + 1;
    const numbers = starts + BATCH * offers;
    const successors = entries / (words + 1);
    this.room = allocate(numbers + Math.ceil(successors / 2));
    this.entries = this.room.subarray(0, entries);
    this.heads = this.room.subarray(entries, heads);
    this.starts = this.room.subarray(heads, starts);
    this.#numbers = this.room.subarray(starts, numbers);
    this.parts = new Uint16Array(this.room.buffer, this.room.byteOffset + numbers * 4, successors);
    for (let part = 0; part < PARTS; part++) this.heads[part] = part * this.length;
  }

  /** How many ranges of states they follow. */
  get ranges(): number {
    return this.#ranges.length;
  }

  /** Bytes of what was used of it so far: memory that nobody wrote to is not there. */
  get bytes(): number {
    return Math.max(this.#most, this.count) * (this.entries.length / this.parts.length + 1.5) * 4;
  }

  /** Expands the states from `first` to `end` until there is no more room; returns the first that is left. */
  collect(loops: Loops, first: number, end: number): number {
    const { inner } = loops;
    const at = this.states;
    let state = first;
    while (state < end && !this.isFull) {
      const left = inner.expand(state, end);
      if (left === state) break;
      this.isFull = inner.sort(this, left - state) || this.states + BATCH >= this.starts.length;
      state = left;
    }
    this.#ranges.push({ first, end: state, at });
    return state;
  }

  /** Once all are added: keeps the transitions, if they are wanted, and makes room for others. */
  clear({ inner }: Loops, edges: TransitionLog | null): void {
    if (edges !== null)
      for (const { first, end, at } of this.#ranges)
        for (let from = first; from < end; from += BATCH) {
          const to = Math.min(end, from + BATCH);
          const starts = this.starts.subarray(at + from - first, at + to - first + 1);
          inner.read(this, starts[0]!, starts[to - from]!, this.#numbers);
          edges.append(from, to, starts, 1, this.#numbers);
        }
    for (let part = 0; part < PARTS; part++) this.heads[part] = part * this.length;
    this.#most = Math.max(this.#most, this.count);
    this.#ranges = [];
    this.states = 0;
    this.count = 0;
    this.isFull = false;
  }
}
