import type { Local } from '../engine/compose/index.ts';

/**
 * One object for each value, of so many: a larger trace makes some anew. That it forgets makes two of one at worst, and orders that
 * are one are then followed twice.
 */
export class Only<T> {
  #made = new Map<string, T>();

  constructor(readonly kept = 1 << 16) {}

  of(key: string, make: () => T): T {
    let made = this.#made.get(key);
    if (made === undefined) {
      if (this.#made.size >= this.kept) this.#made = new Map();
      made = make();
      this.#made.set(key, made);
    }
    return made;
  }
}

/** One object for each state of a machine, and its number. */
export class OnlyLocals {
  readonly #locals = new Only<Local>();
  readonly #numbers = new WeakMap<Local, number>();
  #count = 0;

  /** `role`: what the machine is, as those of one role have equal states. */
  of(role: string, local: Local): Local {
    if (this.#numbers.has(local)) return local;
    const only = this.#locals.of(JSON.stringify([role, local.value, local.context]), () => local);
    if (only === local) this.#numbers.set(local, ++this.#count);
    return only;
  }

  /** The number of the only object of a state. */
  numberOf(only: Local): number {
    return this.#numbers.get(only)!;
  }
}
