import { UNKNOWN } from './answers.ts';
import { type SharedIntegers, sharedIntegers } from './linear-memory.ts';

/**
 * All look-up tables of a search in one shared array, so that one generated function and all workers read the same memory.
 * A table is known by the address at which it starts; 0 is no address.
 */
export class Arena {
  /** Replaced when it grows: look it up again after anything was allocated. */
  memory: SharedIntegers;
  #used = 1;

  /** It lies where `place` finds room; what it grew out of is not given back, since a loop may still read it. */
  constructor(readonly place = sharedIntegers) {
    this.memory = place(1 << 14);
  }

  /** The address of a new table of that many entries, all of them {@link UNKNOWN} or what `fill` says. */
  allocate(length: number, fill = UNKNOWN): number {
    const address = this.#used;
    this.#used += length;
    if (this.#used > this.memory.length)
      this.memory = grown(this.memory, Math.max(this.#used, this.memory.length * 2), this.place);
    this.memory.fill(fill, address, this.#used);
    return address;
  }

  /** The address of a new table with these entries. */
  store(entries: readonly number[]): number {
    const address = this.allocate(entries.length);
    this.memory.set(entries, address);
    return address;
  }

  get bytes(): number {
    return this.#used * 4;
  }
}

/** A copy of a shared array, with room for `length` integers, where `allocate` finds it. */
export function grown(array: SharedIntegers, length: number, allocate = sharedIntegers): SharedIntegers {
  const larger = allocate(length);
  larger.set(array);
  return larger;
}
