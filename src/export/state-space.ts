import { Product } from '../engine/check/product.ts';
import type { Fact, Role, System } from '../facts/index.ts';

/** One fact that can happen in a reachable state. The arrays hold the local state of each part, and are reused. */
export interface Transition {
  /** The number of the state in which it happens, and of the one after it; 0 is the initial one. */
  readonly from: number;
  readonly to: number;
  /** The fact, by its number in the product. */
  readonly fact: number;
  readonly before: Int32Array;
  readonly after: Int32Array;
}

/**
 * The reachable states of a system with every transition between them, for writing down.
 * It is made for clarity, not for speed, and shares no more with the search than the tabulated product,
 * so that what is exported can be held against what the search says.
 */
export class StateSpace {
  readonly product: Product<Fact, Role>;
  /** The number of each state met so far, by its local states as a string. */
  readonly #numbers = new Map<string, number>();
  /** Whether the last walk met every reachable state. */
  complete = false;

  constructor(readonly system: System) {
    this.product = new Product(system);
  }

  /** How many states were met. */
  get states(): number {
    return this.#numbers.size;
  }

  /**
   * Every transition, breadth first; states are numbered in the order in which they are met.
   * Once `limit` states are met, no more of them are expanded, and {@link complete} stays false.
   */
  *transitions(limit = Infinity): Generator<Transition> {
    const { product } = this;
    const numbers = this.#numbers;
    this.complete = false;
    numbers.clear();
    numbers.set(String.fromCharCode(...product.initial), 0);
    // A map hands on what is added while it is walked: it is the queue as well.
    for (const [key, from] of numbers) {
      if (numbers.size >= limit) return;
      const before = Int32Array.from(key, (character) => character.charCodeAt(0));
      const after = before.slice();
      const found: { fact: number; to: number; after: Int32Array }[] = [];
      for (let part = 0; part < before.length; part++)
        product.successors(part, before, after, (fact) => {
          const next = String.fromCharCode(...after);
          let to = numbers.get(next);
          if (to === undefined) {
            to = numbers.size;
            numbers.set(next, to);
          }
          found.push({ fact, to, after: after.slice() });
        });
      for (const one of found) yield { from, before, ...one };
    }
    this.complete = true;
  }
}
