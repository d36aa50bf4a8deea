import type { LinearLoops } from './linear-loops.ts';
import { isLinear, type LinearMemory, type SharedIntegers, sharedIntegers } from './linear-memory.ts';
import { BATCH } from './table-loops.ts';

/** Entries of the first chunk, and of the largest; and of the least that is put where something was given back. */
const FIRST_CHUNK = 1 << 12;
const CHUNK = 1 << 20;
export const LEAST_CHUNK = 1 << 14;

/** Of how many states a run is at most; and its first entries: the number of its first state, and a bit for each whose transitions follow. */
export const RUN = BATCH;
export const HEAD = 1 + RUN / 32;

/** How many entries a run has at most, where a state has so many successors at most. */
export const longestRun = (successors: number): number => HEAD + RUN * successors;

/** Runs that lie one after another. */
export interface Chunk {
  entries: SharedIntegers;
  /** Where each run starts, and where the last one ends. */
  starts: number[];
}

/**
 * The transitions of a search, for what must be asked backwards: the numbers of the successors of one state after another, of which the
 * first is written as its complement. A state whose bits are all known is dropped on the way: what it can reach is settled.
 */
export class TransitionLog {
  chunks: Chunk[] = [];
  /** Bytes that the transitions took at most, and bytes of those that were never swept. */
  bytes = 0;
  fresh = 0;
  #chunk: Chunk | null = null;
  #length = FIRST_CHUNK;

  /** It lies where `allocate` finds room, for between `least` and `most` integers. */
  constructor(readonly allocate: (least: number, most: number) => SharedIntegers = (_, most) => sharedIntegers(most)) {}

  /**
   * Adds the successors of the states from `first` to `end`, {@link RUN} at most, whose numbers are those in `numbers`: those of state n
   * start at `starts[n - first]`, and end at `starts[n - first + 1]`, where each of them counts `stride`.
   */
  append(first: number, end: number, starts: Int32Array, stride: number, numbers: Int32Array): void {
    const room = HEAD + (starts[end - first]! - starts[0]!) / stride;
    const { entries, starts: runs } = this.#chunkFor(room);
    const run = runs.at(-1)!;
    entries.fill(0, run, run + HEAD);
    entries[run] = first;
    let at = run + HEAD;
    let from = 0;
    for (let index = 0; index < end - first; index++) {
      const last = (starts[index + 1]! - starts[0]!) / stride;
      // A state without successors takes over nothing.
      if (from === last) continue;
      entries[run + 1 + (index >> 5)]! |= 1 << (index & 31);
      entries[at++] = ~numbers[from++]!;
      while (from < last) entries[at++] = numbers[from++]!;
    }
    runs.push(at);
    this.#grow((at - run) * 4);
  }

  /** Takes over what others kept. */
  adopt(chunks: readonly Chunk[]): void {
    for (const chunk of chunks) {
      this.chunks.push(chunk);
      this.#grow(lengthOf(chunk) * 4);
    }
  }

  /** Sweeps over all of them. Answers whether a bit changed. */
  sweep(asked: Sweep, loops: LinearLoops | null): boolean {
    let changed = false;
    for (const chunk of this.inOrder()) if (sweep(chunk, asked, loops)) changed = true;
    return changed;
  }

  /** The chunks, the last states first. */
  inOrder(): readonly Chunk[] {
    return this.chunks.sort((a, b) => b.entries[b.starts[0]!]! - a.entries[a.starts[0]!]!);
  }

  /** Gives back the memory of what was dropped. */
  trim(memory: LinearMemory | null): void {
    this.#chunk = null;
    this.fresh = 0;
    this.chunks = this.chunks.filter((chunk) => {
      const { entries } = chunk;
      const length = lengthOf(chunk);
      if (memory !== null && isLinear(entries)) {
        memory.free(entries.subarray(length));
        chunk.entries = entries.subarray(0, length);
      } else if (length < entries.length / 2) {
        chunk.entries = sharedIntegers(length);
        chunk.entries.set(entries.subarray(0, length));
      }
      return length > 0;
    });
    this.#kept = this.chunks.reduce((sum, chunk) => sum + lengthOf(chunk) * 4, 0);
  }

  /** Gives back all memory of it. */
  free(memory: LinearMemory | null): void {
    for (const { entries } of this.chunks) memory?.free(entries);
  }

  #kept = 0;

  #grow(bytes: number): void {
    this.#kept += bytes;
    this.fresh += bytes;
    this.bytes = Math.max(this.bytes, this.#kept);
  }

  #chunkFor(room: number): Chunk {
    const chunk = this.#chunk;
    if (chunk !== null && lengthOf(chunk) + room <= chunk.entries.length) return chunk;
    const least = Math.max(room, Math.min(this.#length, LEAST_CHUNK));
    this.#chunk = { entries: this.allocate(least, Math.max(room, this.#length)), starts: [0] };
    this.#length = Math.min(CHUNK, this.#length * 2);
    this.chunks.push(this.#chunk);
    return this.#chunk;
  }
}

const lengthOf = ({ starts }: Chunk): number => starts.at(-1)!;

/** What sweeps ask. */
export interface Sweep {
  /** By state: what it is known to reach, a bit each. */
  readonly reached: Uint8Array;
  /** The bits that are asked for. */
  readonly all: number;
  /** Whether the transitions of a state that has them all are needed no more. */
  readonly drops: boolean;
}

/** From the last state of a chunk to the first, each takes over the bits of its successors. Answers whether a bit changed. */
export function sweep(
  { entries, starts }: Chunk,
  { reached: bits, all, drops }: Sweep,
  loops: LinearLoops | null,
): boolean {
  const runs: RunLoops = loops !== null && isLinear(bits) && isLinear(entries) ? loops : IN_JAVASCRIPT;
  let changed = false;
  for (let run = starts.length - 2; run >= 0; run--)
    if (runs.sweepRun(entries, starts[run]!, starts[run + 1]!, bits, all)) changed = true;
  if (!drops) return changed;
  let kept = 0;
  let to = 0;
  for (let run = 0; run < starts.length - 1; run++) {
    const end = runs.dropSettled(entries, starts[run]!, starts[run + 1]!, bits, all, to);
    if (end === to) continue;
    starts[kept++] = to;
    to = end;
  }
  starts[kept] = to;
  starts.length = kept + 1;
  return changed;
}

/** What is done to one run; `linear-loops.ts` has the same in WebAssembly. */
export interface RunLoops {
  /** Each of its states, the last first, takes over the bits of its successors. Answers whether one changed. */
  sweepRun(entries: Int32Array, run: number, stop: number, bits: Uint8Array, all: number): boolean;
  /** Writes the run to `to`, not behind where it is, without the states that have all bits; answers where it ends there: at `to` if there are no others. */
  dropSettled(entries: Int32Array, run: number, stop: number, bits: Uint8Array, all: number, to: number): number;
}

const IN_JAVASCRIPT: RunLoops = {
  sweepRun(entries, run, stop, bits, all) {
    let changed = 0;
    let at = stop - 1;
    for (let word = HEAD - 2; word >= 0; word--) {
      const first = entries[run]! + word * 32;
      for (let mask = entries[run + 1 + word]!; mask !== 0; ) {
        const bit = 31 - Math.clz32(mask);
        mask ^= 1 << bit;
        const before = bits[first + bit]!;
        let now = before;
        let to: number;
        do {
          to = entries[at--]!;
          now |= bits[to < 0 ? ~to : to]!;
        } while (to >= 0);
        bits[first + bit] = now;
        changed |= now ^ before;
      }
    }
    return (changed & all) !== 0;
  },
  dropSettled(entries, run, stop, bits, all, to) {
    const first = entries[run]!;
    // What is written may lie over this head.
    const masks = entries.slice(run + 1, run + HEAD);
    let read = run + HEAD;
    let write = to + HEAD;
    for (const [word, present] of masks.entries()) {
      masks[word] = 0;
      for (let mask = present; mask !== 0; mask &= mask - 1) {
        const bit = 31 - Math.clz32(mask & -mask);
        const isOpen = (bits[first + word * 32 + bit]! & all) !== all;
        if (isOpen) masks[word]! |= 1 << bit;
        do {
          if (isOpen) entries[write++] = entries[read]!;
          read++;
        } while (read < stop && entries[read]! >= 0);
      }
    }
    if (masks.every((mask) => mask === 0)) return to;
    entries[to] = first;
    entries.set(masks, to + 1);
    return write;
  },
};
