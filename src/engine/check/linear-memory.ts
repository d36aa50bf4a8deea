import { WebAssembly, type WebAssemblyMemory } from './webassembly.ts';

/** Integers that threads share. */
export type SharedIntegers = Int32Array<SharedArrayBuffer>;

/** Of 64 KiB: as many as WebAssembly can address but one, since V8 hands on no part of an array of 2³² bytes to another thread. */
export const PAGES = 2 ** 16 - 1;
const BYTES = PAGES * 2 ** 16;
const FIRST = 16;

/** So many integers that are 0 and that threads share, outside of any {@link LinearMemory}. */
export function sharedIntegers(length: number): SharedIntegers {
  // One more, so that no other buffer is as long as a linear memory: see `isLinear`.
  return new Int32Array(new SharedArrayBuffer(length * 4 === BYTES ? BYTES + 4 : length * 4), 0, length);
}

/** Whether an array lies in a {@link LinearMemory}, in whichever thread it was made. */
export const isLinear = ({ buffer }: Int32Array | Uint8Array): boolean => buffer.byteLength === BYTES;

/** Where an entry of an array lies in a {@link LinearMemory}, in bytes. */
export const address = (array: Int32Array | Uint16Array | Uint8Array, entry = 0): number =>
  array.byteOffset + entry * array.BYTES_PER_ELEMENT;

/** Where integers lie in the memory, from the first to before the last. */
interface Gap {
  start: number;
  end: number;
}

/**
 * The memory in which a large search keeps what its inner loops work on, so that loops in WebAssembly can: see `table-module.ts`.
 * It is as large as WebAssembly can address, and takes of this machine only what was written to. What finds no room in it lies
 * outside, and is worked on in JavaScript.
 */
export class LinearMemory {
  readonly #integers: SharedIntegers;
  /** What is free, by place. The integer at address 0 is left out. */
  readonly #gaps: Gap[];
  /** From here on nothing was ever allocated or given back, and all that is free is 0. */
  #fresh = FIRST;

  constructor(readonly memory: WebAssemblyMemory) {
    this.#integers = new Int32Array(memory.buffer);
    this.#gaps = [{ start: FIRST, end: this.#integers.length }];
  }

  /** A memory, or null where there is no WebAssembly or no room for one. */
  static create(): LinearMemory | null {
    try {
      return WebAssembly === undefined
        ? null
        : new LinearMemory(new WebAssembly.Memory({ initial: PAGES, maximum: PAGES, shared: true }));
    } catch (error) {
      if (error instanceof RangeError) return null;
      throw error;
    }
  }

  /** So many integers that are 0, in this memory if there is room. */
  allocate(length: number): SharedIntegers {
    return this.allocateSome(length, length);
  }

  /** As many integers that are 0 as the first place has that has `least`, but no more than `most`; so many outside if there is none. */
  allocateSome(least: number, most: number): SharedIntegers {
    const index = this.#gaps.findIndex(({ start, end }) => end - start >= least);
    const gap = this.#gaps[index];
    if (gap === undefined) return sharedIntegers(most);
    const { start } = gap;
    const end = Math.min(gap.end, start + most);
    gap.start = end;
    if (gap.start === gap.end) this.#gaps.splice(index, 1);
    this.#integers.fill(0, start, Math.min(end, this.#fresh));
    this.#fresh = Math.max(this.#fresh, end);
    return this.#integers.subarray(start, end);
  }

  /**
   * Room of so many integers that are 0, for an array that grows: what was not written to takes no memory of this machine. None if there
   * is no such room that was never used.
   */
  reserve(length: number): SharedIntegers | null {
    const gap = this.#gaps.at(-1);
    if (gap === undefined || gap.end - length < Math.max(gap.start, this.#fresh)) return null;
    gap.end -= length;
    return this.#integers.subarray(gap.end, gap.end + length);
  }

  /** Gives back what was allocated or reserved, if it lies here. */
  free(integers: SharedIntegers): void {
    if (integers.buffer !== this.memory.buffer || integers.length === 0) return;
    const start = integers.byteOffset / 4;
    const end = start + integers.length;
    this.#fresh = Math.max(this.#fresh, end);
    const next = this.#gaps.findIndex((gap) => gap.start >= end);
    const index = next === -1 ? this.#gaps.length : next;
    const before = this.#gaps[index - 1];
    const after = this.#gaps[index];
    const joinsBefore = before?.end === start;
    if (after?.start === end) {
      after.start = joinsBefore ? before!.start : start;
      if (joinsBefore) this.#gaps.splice(index - 1, 1);
    } else if (joinsBefore) before!.end = end;
    else this.#gaps.splice(index, 0, { start, end });
  }
}
