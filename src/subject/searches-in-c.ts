import type { Model } from '../../models/index.ts';
import { isomorphic } from '../engine/check/isomorphic.ts';
import type { Product } from '../engine/check/product.ts';
import type { System } from '../engine/compose/index.ts';
import type { Property } from '../facts/index.ts';
import type { Code } from './code.ts';

/** The C among the machines of a model, and what a search of it has tabulated of them. */
interface Searched {
  readonly code: Code;
  readonly product: Product;
}

/**
 * What searches of C came to: perf cores differ in little, and where one was a search of the next system too, its outcome is
 * the answer (see `isomorphic`).
 */
export class SearchesInC<O> {
  /** Of the model that was asked last. */
  #model: Model | undefined;
  #done: { readonly searched: Searched; readonly asked: readonly Property[]; readonly outcome: O }[] = [];

  /** The outcome of an earlier search of the same C and model that was a search of this system too. */
  find(model: Model, { code, product }: Searched, asked: readonly Property[]): O | undefined {
    if (model !== this.#model) return undefined;
    const system = product.system as unknown as System;
    return this.#done.find(
      (done) =>
        done.searched.code === code &&
        done.asked.length === asked.length &&
        done.asked.every((property, place) => property === asked[place]) &&
        isomorphic(done.searched.product, system),
    )?.outcome;
  }

  /** Keeps the outcome of a search that has seen everything. */
  add(model: Model, searched: Searched, asked: readonly Property[], outcome: O): void {
    if (model !== this.#model) this.#done = [];
    this.#model = model;
    this.#done.push({ searched, asked, outcome });
  }
}
