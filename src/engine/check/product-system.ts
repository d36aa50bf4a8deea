import type { System } from '../compose/index.ts';
import type { AnyFact, Vocabulary } from '../vocabulary.ts';
import { Product } from './product.ts';
import type { Present } from './property.ts';
import type { TransitionSystem } from './transition-system.ts';

/** The machines of a system as a transition system: a row is the number of each machine's state. @experimental */
export class ProductSystem<F extends AnyFact, R extends string> implements TransitionSystem<F, R> {
  readonly product: Product<F, R>;
  readonly width: number;
  readonly #next: Int32Array;

  /** With `reduce`, nothing else is expanded where a machine has another one to itself: see `RoleDefinition.exclusive`. */
  constructor(
    readonly system: System<F, R>,
    readonly reduce = false,
  ) {
    this.product = new Product(system);
    this.width = system.parts.length;
    this.#next = new Int32Array(this.width);
  }

  get vocabulary(): Vocabulary<F, R> {
    return this.system.vocabulary;
  }

  get initial(): Int32Array {
    return this.product.initial;
  }

  get facts(): readonly F[] {
    return this.product.facts;
  }

  countOf(index: string): number {
    return this.system.countOf(index);
  }

  partOf(role: R, index: number): number | undefined {
    return this.system.partOf(role, index);
  }

  local(part: number, row: Int32Array): number {
    return row[part]!;
  }

  present(part: number, local: number): Present {
    return this.product.tables[part]!.snapshots[local]!;
  }

  successors(row: Int32Array, visit: (fact: number, next: Int32Array) => void): void {
    const { product } = this;
    this.#next.set(row);
    const alone = this.reduce ? this.exclusive(row) : undefined;
    let found = 0;
    const meet = (fact: number): void => visit(fact, this.#next);
    for (const part of alone ?? []) found += product.successors(part, row, this.#next, meet);
    if (found === 0) for (let part = 0; part < this.width; part++) product.successors(part, row, this.#next, meet);
  }

  /** The parts of the first index value that has a machine of another index to itself in a row; undefined if none has. */
  exclusive(row: Int32Array): readonly number[] | undefined {
    const { parts, vocabulary } = this.system;
    const { roles } = vocabulary;
    for (const [part, { role, index }] of parts.entries()) {
      const { exclusive, indexedBy } = roles[role]!;
      if (exclusive === undefined || !this.present(part, row[part]!).hasTag(exclusive.tag)) continue;
      return [...parts.keys()].filter((other) => {
        const its = parts[other]!;
        return its.index === index && roles[its.role]!.indexedBy === indexedBy;
      });
    }
    return undefined;
  }
}
