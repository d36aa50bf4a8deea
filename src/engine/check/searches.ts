import type { System } from '../compose/index.ts';
import type { AnyFact } from '../vocabulary.ts';
import { isomorphic } from './isomorphic.ts';
import { Product } from './product.ts';
import type { Property } from './property.ts';
import { type SearchOptions, search } from './search.ts';
import type { Outcome } from './verdict.ts';

/**
 * Searches, one after another: where an earlier one was a search of the next system too, its outcome is the answer.
 *
 * @experimental
 */
export class Searches {
  readonly #done: { readonly product: Product; readonly properties: readonly Property[]; readonly outcome: Outcome }[] =
    [];

  /** What `check()` answers; the options are to be the same each time, or the same system is to be asked but once. */
  async check<F extends AnyFact, R extends string>(
    system: System<F, R>,
    properties: readonly Property<F, R>[],
    options: SearchOptions = {},
  ): Promise<Outcome<F>> {
    const known = this.#done.find(
      (done) =>
        done.properties.length === properties.length &&
        done.properties.every((property, number) => property === properties[number]) &&
        isomorphic(done.product, system),
    );
    if (known !== undefined) return known.outcome as Outcome<F>;
    const product = new Product(system);
    const outcome = await search(product, properties, options);
    this.#done.push({ product, properties, outcome });
    return outcome;
  }
}
