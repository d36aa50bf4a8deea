import type { Inner, Surroundings } from './generate.ts';
import { insertPart } from './insert-part.ts';
import { address, isLinear, type SharedIntegers } from './linear-memory.ts';
import { NOTE, partShift, type Quotient } from './quotient.ts';
import { QuotientLoops } from './quotient-loops.ts';
import type { Sorted, Sorter } from './sorter.ts';
import { type OldTable, PARTS } from './store.ts';
import { BATCH } from './table-loops.ts';
import type { RunLoops } from './transition-log.ts';
import { WebAssembly, type WebAssemblyMemory, type WebAssemblyModule } from './webassembly.ts';

interface Counter {
  value: number;
}

/** What the module exports: see `table-module.ts`. Addresses are in bytes. */
export interface Exports {
  readonly next: Counter;
  insert(...parameters: number[]): number;
  read(...parameters: number[]): void;
  move(...parameters: number[]): void;
  sort(...parameters: number[]): number;
  sweepRun(...parameters: number[]): number;
  dropSettled(...parameters: number[]): number;
  mark(...parameters: number[]): number;
  /** Those of a {@link QuotientLoops}. */
  find(...parameters: number[]): number;
  partOf(state: number): number;
  load(...parameters: number[]): void;
  unsettled(...parameters: number[]): number;
}

/** How many integers the loops need for themselves, in each thread. */
export const SCRATCH = (BATCH * NOTE) / 4 + 2;

/** What a thread needs for the loops: the module, the memory, and {@link SCRATCH} integers in it for each thread. Can be sent to a worker. */
export interface Linear {
  readonly module: WebAssemblyModule;
  readonly memory: WebAssemblyMemory;
  readonly scratch: SharedIntegers;
  /** Which of the threads it is. */
  readonly thread: number;
}

/** The loops in WebAssembly, where what they work on lies in the memory. */
export class LinearLoops implements RunLoops {
  readonly #exports: Exports;
  readonly #scratch: SharedIntegers;

  private constructor(readonly linear: Linear) {
    const { module, memory, scratch, thread } = linear;
    this.#exports = new WebAssembly!.Instance(module, { env: { memory } }).exports as Exports;
    this.#scratch = scratch.subarray(thread * SCRATCH, (thread + 1) * SCRATCH);
  }

  /** The loops, or null if there was no room in the memory for what they need for themselves. */
  static of(linear: Linear): LinearLoops | null {
    return isLinear(linear.scratch) ? new LinearLoops(linear) : null;
  }

  /** The loops over the table of a {@link QuotientStore}. */
  ofQuotient(env: Surroundings, quotient: Quotient): QuotientLoops {
    return new QuotientLoops(this.#exports, this.#scratch, env, quotient);
  }

  /**
   * The inner loops, those in WebAssembly wherever what they work on lies in the memory. With a quotient, the module must be one for it.
   */
  over(inner: Inner, env: Surroundings, quotient: Quotient | null): Inner {
    const linear = this.#over(inner, env, quotient === null ? 32 - Math.log2(PARTS) : partShift(quotient));
    return quotient === null ? linear : this.ofQuotient(env, quotient).over(linear);
  }

  /** `shift` is how many bits of a mixed word do not say to which part of the table it belongs. */
  #over(inner: Inner, env: Surroundings, shift: number): Inner {
    return {
      ...inner,
      insert: (sorted, part) =>
        isLinear(env.slots) && isLinear(env.states) && isLinear(sorted.entries)
          ? this.#insert(env, sorted, part)
          : inner.insert(sorted, part),
      sort: (sorter, states) =>
        isLinear(env.out) && isLinear(sorter.entries)
          ? this.#sort(env, shift, sorter, states)
          : inner.sort(sorter, states),
      read: (sorter, first, stop, numbers) =>
        isLinear(sorter.entries)
          ? this.#exports.read(
              ...[address(sorter.parts, first), address(sorter.parts, stop)],
              ...[address(sorter.heads), address(sorter.entries), address(numbers)],
            )
          : inner.read(sorter, first, stop, numbers),
      move: (old, part) =>
        isLinear(env.slots) && isLinear(env.states) && isLinear(old.slots)
          ? this.#move(env, old, part)
          : inner.move(old, part),
    };
  }

  #insert(env: Surroundings, sorted: Sorted, part: number): void {
    const { slots, states, tagShift, parts } = env;
    const room = slots.length / parts;
    insertPart(this.#exports, env, sorted, part, (from, stop) =>
      this.#exports.insert(
        ...[from, stop, address(slots), address(states), slots.length / 2 ** 32],
        ...[room * 4, address(slots, room * (part + 1)), tagShift, address(this.#scratch), env.end],
      ),
    );
  }

  #sort({ out, starts }: Surroundings, shift: number, sorter: Sorter, states: number): boolean {
    const { entries, heads, starts: firsts, parts, length, limit } = sorter;
    const isFull = this.#exports.sort(
      ...[address(out), address(starts), states, address(heads), address(entries), address(firsts, sorter.states)],
      ...[address(parts), shift, length, limit, sorter.count],
    );
    sorter.states += states;
    sorter.count = this.#exports.next.value;
    return isFull !== 0;
  }

  #move({ slots, states, tagShift, parts }: Surroundings, { slots: old, ...of }: OldTable, part: number): void {
    const room = slots.length / parts;
    const oldRoom = old.length / parts;
    this.#exports.move(
      ...[address(old, part * oldRoom), address(old, (part + 1) * oldRoom), ~(-1 << of.tagShift)],
      ...[address(slots), address(states), slots.length / 2 ** 32],
      ...[room * 4, address(slots, room * (part + 1)), tagShift, address(this.#scratch)],
    );
  }

  /**
   * Gives the bit to those states from `first`, whose words start at `at`, to `end` of which the question at `address` is true, but to none that has all bits. Ends
   * before a state of which the tables have no answer yet; answers with it, or `end`.
   */
  mark(
    tables: Int32Array,
    question: number,
    bit: number,
    states: Int32Array,
    at: number,
    first: number,
    end: number,
    reached: Uint8Array,
  ): number {
    return this.#exports.mark(address(tables), question, bit, address(states, at), first, end, address(reached)) >>> 0;
  }

  sweepRun(entries: Int32Array, run: number, stop: number, bits: Uint8Array, all: number): boolean {
    return this.#exports.sweepRun(address(entries, run), address(entries, stop), address(bits), all) !== 0;
  }

  dropSettled(entries: Int32Array, run: number, stop: number, bits: Uint8Array, all: number, to: number): number {
    const start = address(entries);
    const end = this.#exports.dropSettled(start + run * 4, start + stop * 4, address(bits), all, start + to * 4);
    return ((end >>> 0) - start) / 4;
  }
}
