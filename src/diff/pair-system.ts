import { type Present, ProductSystem, type TransitionSystem } from '../engine/check/index.ts';
import type { Vocabulary } from '../engine/index.ts';
import { type Fact, PERF, type Role, type System } from '../facts/index.ts';

/** The part that says whether the two systems differ. */
export const PAIR = 'pair';

/**
 * Two systems as one: what the first does, the second does too, until it does not. A row is the states of the machines of
 * both, and whether they differ.
 */
export class PairSystem implements TransitionSystem<Fact, Role> {
  readonly vocabulary: Vocabulary<Fact, Role> = { ...PERF, roles: { ...PERF.roles, [PAIR]: {} } };
  readonly width: number;
  readonly #one: ProductSystem<Fact, Role>;
  readonly #other: ProductSystem<Fact, Role>;

  constructor(one: System, other: System) {
    this.#one = new ProductSystem(one);
    this.#other = new ProductSystem(other);
    this.width = this.#one.width + this.#other.width + 1;
  }

  get initial(): Int32Array {
    return new Int32Array(this.width);
  }

  get facts(): readonly Fact[] {
    return this.#one.facts;
  }

  countOf(index: string): number {
    return this.#one.countOf(index);
  }

  partOf(role: string, index: number): number | undefined {
    return role === PAIR && index === 0 ? this.width - 1 : this.#one.partOf(role as Role, index);
  }

  local(part: number, row: Int32Array): number {
    return row[part]!;
  }

  present(part: number, local: number): Present {
    if (part < this.width - 1) return this.#one.present(part, local);
    return { context: { differs: local === 1 } } as Present;
  }

  successors(row: Int32Array, visit: (fact: number, next: Int32Array) => void): void {
    if (row[this.width - 1] === 1) return;
    const { width } = this.#one;
    const other = row.slice(width, this.width - 1);
    const ends = new Int32Array(this.width);
    this.#one.successors(row.slice(0, width), (number, next) => {
      const after = this.#other.product.after(other, this.facts[number]!);
      ends.set(next);
      ends.set(after ?? other, width);
      ends[this.width - 1] = after === null ? 1 : 0;
      visit(number, ends);
    });
  }
}
