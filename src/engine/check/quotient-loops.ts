import type { Inner, Surroundings } from './generate.ts';
import { insertPart } from './insert-part.ts';
import type { Exports } from './linear-loops.ts';
import { address, isLinear, type SharedIntegers } from './linear-memory.ts';
import { type Quotient, slotBits } from './quotient.ts';
import type { Sorted, Sorter } from './sorter.ts';
import type { OldTable } from './store.ts';

/** Integers of a slot. */
const SLOT = 2;

/** The loops over a hash table of `quotient-store.ts`, which lies in a linear memory. What else they work on may lie outside. */
export class QuotientLoops {
  readonly #packed: SharedIntegers;
  readonly #exports: Exports;
  readonly #scratch: number;
  readonly #env: Surroundings;
  readonly #quotient: Quotient;

  /** `scratch` is some integers in the memory. */
  constructor(exports: Exports, scratch: SharedIntegers, env: Surroundings, quotient: Quotient) {
    this.#exports = exports;
    this.#packed = scratch;
    this.#scratch = address(scratch);
    this.#env = env;
    this.#quotient = quotient;
  }

  /** The inner loops with these in place of those over the table. */
  over(inner: Inner): Inner {
    return {
      ...inner,
      add: () => this.#add(),
      insert: (sorted, part) =>
        isLinear(sorted.entries) ? this.#insert(sorted, part) : this.#insertOneByOne(sorted, part),
      sort: (sorter, states) =>
        isLinear(sorter.entries) && isLinear(this.#env.out)
          ? inner.sort(sorter, states)
          : this.#sortOneByOne(sorter, states),
      find: (packed, at) => this.#find(packed, at, -1),
      fill: (states, first, end) => this.#fill(states, first, end),
      move: (old, part) => this.#move(old, part),
    };
  }

  /** The address of the slots, how many there are, and what each holds. */
  #table(slots = this.#env.slots): number[] {
    const count = slots.length / SLOT;
    const { number, rest } = slotBits(this.#quotient, count);
    return [address(slots), count, number, rest];
  }

  #find(packed: Int32Array, at: number, number: number): number {
    const { words, slots, parts } = this.#env;
    for (let word = 0; word < words; word++) this.#packed[word] = packed[at + word]!;
    return this.#exports.find(this.#scratch, number, ...this.#table(), slots.length / SLOT / parts);
  }

  /** The number of the state at `at`, which is added if it is new. */
  #put(packed: Int32Array, at: number, invariants: number): number {
    const { size, words, states, base } = this.#env;
    const number = this.#find(packed, at, size);
    if (number !== size) return number;
    for (let word = 0; word < words; word++) states[(number - base) * words + word] = packed[at + word]!;
    this.#env.size = size + 1;
    if (invariants !== 0) this.#env.ask(number, invariants);
    if (this.#env.size === this.#env.end) this.#env.refill();
    return number;
  }

  #add(): void {
    const { out, numbers, words, about } = this.#env;
    for (let at = 0, n = 0; at < this.#env.emitted; at += words + 1, n++) {
      const invariants = (about[out[at + words]!]! | this.#env.insistent) & this.#env.open;
      numbers[n] = this.#put(out, at, invariants);
    }
  }

  #insert(sorted: Sorted, part: number): void {
    const env = this.#env;
    const { slots, parts } = env;
    const room = slots.length / parts;
    insertPart(this.#exports, env, sorted, part, (from, stop) =>
      this.#exports.insert(
        ...[from, stop, ...this.#table(), room * 4, address(slots, room * (part + 1))],
        ...[this.#firstState, this.#scratch, env.end],
      ),
    );
  }

  #insertOneByOne({ entries, heads, length }: Sorted, part: number): void {
    const { words, open } = this.#env;
    const first = part * length;
    for (let at = first; at < heads[part]!; at += words + 1) entries[at + words] = this.#put(entries, at, open);
    heads[part] = first;
  }

  #sortOneByOne(sorter: Sorter, count: number): boolean {
    const { out, starts, words } = this.#env;
    const { entries, heads, parts, length, limit, starts: firsts } = sorter;
    let isFull = false;
    for (let state = 0, at = 0; state < count; state++) {
      firsts[sorter.states++] = sorter.count;
      for (; at < starts[state + 1]!; at += words + 1) {
        for (let word = 0; word < words; word++) this.#packed[word] = out[at + word]!;
        const part = this.#exports.partOf(this.#scratch);
        const to = heads[part]!;
        for (let word = 0; word < words; word++) entries[to + word] = out[at + word]!;
        heads[part] = to + words + 1;
        parts[sorter.count++] = part;
        if (to - part * length > limit) isFull = true;
      }
    }
    firsts[sorter.states] = sorter.count;
    return isFull;
  }

  #fill(states: Int32Array, first: number, end: number): void {
    const { words } = this.#env;
    for (let number = first; number < end; number++)
      if (states[number * words] !== 0) this.#find(states, number * words, number);
  }

  #move({ slots: old, spare }: OldTable, part: number): void {
    const { slots, parts } = this.#env;
    const oldRoom = old.length / parts;
    const room = slots.length / parts;
    const first = part * oldRoom;
    let from = old.subarray(first, first + oldRoom);
    if (part * room < first + oldRoom) {
      spare!.set(from);
      from = spare!.subarray(0, oldRoom);
    }
    const [, count, number, rest] = this.#table(old);
    this.#exports.move(
      ...[address(from), oldRoom / SLOT, first / SLOT, number!, rest!, this.#span(count!)],
      ...[...this.#table(), room * 4, address(slots, room * (part + 1))],
    );
  }

  /** The address, modulo 2³², where the words of number 0 would lie. */
  get #firstState(): number {
    const { states, base, words } = this.#env;
    return address(states) - base * words * 4;
  }

  /** How many first words a slot stands for. */
  #span(slots: number): number {
    return 2 ** this.#quotient.first / slots;
  }

  /** Writes the words of the states from `first` to `end` where they belong. */
  load(first: number, end: number): void {
    for (let part = 0; part < this.#env.parts; part++)
      this.#exports.load(first, end, ...this.#table(), ...this.#part(part), this.#firstState);
  }

  /** Calls `tell` with the packed words of each state whose byte has not all the bits of `all`, and its number; in no order. */
  unsettled(bits: Uint8Array, all: number, tell: (packed: Int32Array, at: number, state: number) => void): void {
    const { parts, slots, words, states } = this.#env;
    // The states lie where others were kept: of each part there are no more than it has slots.
    const most = slots.length / SLOT / parts;
    const packed = states.subarray(0, most * (words + 1));
    for (let part = 0; part < parts; part++) {
      const stop = this.#exports.unsettled(
        ...[address(bits), all, ...this.#table(), ...this.#part(part), address(packed)],
      );
      const end = ((stop >>> 0) - address(packed)) / 4;
      for (let at = 0; at < end; at += words + 1) tell(packed, at, packed[at + words]!);
    }
  }

  /** The first slot of a part, how many it has, and how many first words each stands for. */
  #part(part: number): number[] {
    const { slots, parts } = this.#env;
    const count = slots.length / SLOT;
    return [(part * count) / parts, count / parts, this.#span(count)];
  }
}
