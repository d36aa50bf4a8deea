import { expand } from './check/expand.ts';
import { ProductSystem } from './check/product-system.ts';
import { Rows } from './check/rows.ts';
import type { State, System } from './compose/index.ts';
import type { AnyFact } from './vocabulary.ts';

/** A transition of a composition: the fact, and the numbers of the states before and after it. @experimental */
export interface Transition<F extends AnyFact = AnyFact> {
  readonly from: number;
  readonly to: number;
  readonly fact: F;
}

/**
 * Every reachable state of a small system, and every transition between them. State 0 is the one before any fact.
 *
 * @experimental
 */
export interface StateGraph<F extends AnyFact = AnyFact> {
  /** In the order of their distance from the first. */
  readonly states: readonly State[];
  readonly transitions: readonly Transition<F>[];
}

/**
 * Explores all states of a system, breadth first.
 *
 * @param limit How many states there may be.
 * @throws RangeError if there are more: then `check()` decides what a graph would show.
 * @experimental
 */
export function explore<F extends AnyFact, R extends string>(
  system: System<F, R>,
  { limit = 100_000 }: { readonly limit?: number } = {},
): StateGraph<F> {
  const product = new ProductSystem(system);
  const rows = new Rows(product.width);
  const transitions: Transition<F>[] = [];
  rows.add(product.initial, -1, -1);
  for (let from = 0; from < rows.size; from++) {
    if (rows.size > limit) throw new RangeError(`the system has more than ${limit} states`);
    expand(product, rows, from, (number, _before, _after, to) => {
      transitions.push({ from, to, fact: product.facts[number]! });
    });
  }
  const { tables } = product.product;
  const stateOf = (row: Int32Array): State => tables.map(({ snapshots }, part) => snapshots[row[part]!]!);
  return { states: Array.from({ length: rows.size }, (_, row) => stateOf(rows.row(row))), transitions };
}
