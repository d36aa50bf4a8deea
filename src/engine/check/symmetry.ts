import type { AnyFact } from '../vocabulary.ts';
import { REFUSED } from './answers.ts';
import { type Permutation, permutations, permuted, swapsTwo } from './permutation.ts';
import type { Product } from './product.ts';
import type { Clause } from './property.ts';

/** The symmetry of a system that a search can use for what is asked; undefined if there is none. */
export function symmetryOf(product: Product, clauses: readonly Clause[]): Symmetry | undefined {
  const symmetry = new Symmetry(product, clauses);
  return symmetry.merged.length > 1 ? symmetry : undefined;
}

/** What was taken to be the same under other numbers is not: a machine, or a property, makes a difference. */
export class Asymmetric extends Error {}

/**
 * Permutations of machines of one kind, under which a system stays what it is. A search can keep one of all
 * states that are the same but for such a permutation: see `symmetry-reduction.ts`.
 *
 * How a machine's local state is permuted is not written down anywhere. A local state is what a log led to; permuted, it is what
 * the permuted log leads to. That this is so for every log is not assumed: see {@link verify}.
 */
export class Symmetry {
  /** All permutations that the system allows; and those under which states are taken as one. The first changes nothing. */
  readonly all: readonly Permutation[];
  readonly merged: readonly Permutation[];
  /** By permutation and part: the permuted local states, as far as they are known. */
  readonly #locals = new Map<Permutation, number[][]>();

  constructor(
    readonly product: Product,
    clauses: readonly Clause[],
  ) {
    const { selectors } = product.system.vocabulary;
    const classes = Object.fromEntries(selectors.map((index) => [index, this.#classes(index)]));
    this.all = permutations(classes);
    // Whether something stays possible for one event is asked along a path: there it must keep its number. Of isomorphic events one is asked.
    const single = new Set(clauses.map((clause) => (clause.kind === 'can reach' ? clause.each : undefined)));
    this.merged = this.all.filter((permutation) =>
      selectors.every(
        (index) =>
          !single.has(index) ||
          classes[index]!.every((kind, number) => kind !== number || permutation[index]![number] === number),
      ),
    );
    for (const permutation of this.all)
      this.#locals.set(
        permutation,
        product.tables.map(() => [0]),
      );
  }

  /** The parts that one of some parts can stand for. */
  isomorphicParts(parts: readonly number[]): Set<number> {
    return new Set(this.merged.flatMap((permutation) => parts.map((part) => this.part(permutation, part))));
  }

  /** Whether no permutation under which states are taken as one gives another number to it. */
  keeps(index: string, number: number): boolean {
    return this.merged.every((permutation) => permutation[index]![number] === number);
  }

  /** The part that takes the place of a part. */
  part(permutation: Permutation, part: number): number {
    const { system } = this.product;
    const { role, index } = system.parts[part]!;
    const { indexedBy } = system.vocabulary.roles[role]!;
    return indexedBy === undefined ? part : system.partOf(role, permutation[indexedBy]![index]!)!;
  }

  /** The local state of a part under a permutation. Throws {@link Asymmetric} if the permuted log is none of the machine's. */
  local(permutation: Permutation, part: number, state: number): number {
    const known = this.#locals.get(permutation)![part]!;
    if (known[state] !== undefined) return known[state];
    const { from, fact } = this.product.tables[part]!.origins[state]!;
    const to = this.#next(permutation, part, from, fact);
    if (to === REFUSED) throw new Asymmetric(`${fact.type} is refused under another number`);
    known[state] = to;
    return to;
  }

  /**
   * Throws {@link Asymmetric} unless each permutation takes every transition and refusal in the tables to one, keeps every place in
   * a chart, and takes all data that was written to what is written under it.
   * Then it takes logs to logs, so that every state of the system is a permutation of one that was found. It is enough to look at
   * those that swap two numbers: all others are made of them, and what these lead to is looked at too.
   */
  verify(): void {
    const { product } = this;
    const count = (): number => product.tables.reduce((sum, { computed }) => sum + computed, 0);
    // What is computed here is to be verified too.
    for (let before = -1; before !== count(); ) {
      before = count();
      for (const permutation of this.all.filter(swapsTwo)) {
        for (const [part, table] of product.tables.entries())
          if (product.tables.indexOf(table) === part) this.#verifyTable(permutation, part);
        for (const draft of product.drafts.values())
          for (const state of draft.written.keys())
            if (draft.written[state]) this.#verifyData(permutation, draft.fact, draft.depth, state);
      }
    }
  }

  /** Two numbers of an index are of one class if their machines have the same tables. */
  #classes(index: string): number[] {
    const { system, tables } = this.product;
    const { roles } = system.vocabulary;
    const numbers = Array.from({ length: system.countOf(index) }, (_, number) => number);
    if (system.parts.some(({ role }) => roles[role]!.orders === index)) return numbers;
    const kinds = numbers.map((number) =>
      system.parts.flatMap(({ role, index: own }, part) =>
        roles[role]!.indexedBy === index && own === number ? tables.indexOf(tables[part]!) : [],
      ),
    );
    return kinds.map((kind) => kinds.findIndex((other) => other.join() === kind.join()));
  }

  /** Where a permuted fact leads a part from a permuted local state. Its own index is no part of the facts in a table. */
  #next(permutation: Permutation, part: number, from: number, fact: AnyFact): number {
    const { parts, vocabulary } = this.product.system;
    const { role } = parts[part]!;
    const isSelected = vocabulary.facts[fact.type]!.participants.includes(role);
    const own = isSelected ? vocabulary.roles[role]!.indexedBy : undefined;
    const table = this.product.tables[part]!;
    return table.next(this.local(permutation, part, from), table.symbol(permuted(fact, permutation, own)));
  }

  #verifyTable(permutation: Permutation, part: number): void {
    const table = this.product.tables[part]!;
    const { snapshots } = table;
    for (const { from, fact, to } of table.known()) {
      const next = this.#next(permutation, part, from, fact);
      if (to === REFUSED ? next !== REFUSED : next !== this.local(permutation, part, to))
        throw new Asymmetric(`${fact.type} does something else under another number`);
    }
    for (const [state, { value, status }] of snapshots.entries()) {
      const other = snapshots[this.local(permutation, part, state)]!;
      if (JSON.stringify([value, status]) !== JSON.stringify([other.value, other.status]))
        throw new Asymmetric('a local state is in another place under another number');
    }
  }

  #verifyData(permutation: Permutation, fact: AnyFact, depth: number, state: number): void {
    const { system, tables } = this.product;
    const written = (bare: AnyFact, local: number): AnyFact => {
      const { part, write } = system.authors(bare)[depth]!;
      return { ...bare, ...write(tables[part]!.snapshots[local]!, bare) } as AnyFact;
    };
    const author = system.authors(fact)[depth]!.part;
    const other = written(permuted(fact, permutation), this.local(permutation, author, state));
    if (JSON.stringify(other) !== JSON.stringify(permuted(written(fact, state), permutation)))
      throw new Asymmetric(`${fact.type} has other data under another number`);
  }
}
