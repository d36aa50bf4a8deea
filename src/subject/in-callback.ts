import type { Product } from '../engine/check/product.ts';

/** Which event runs a callback with interrupts off: asked in each state of a search, so each state of a machine is asked once. */
export class InCallback {
  readonly #lifecycles: readonly number[];
  /** By part, and its state. */
  readonly #known: (boolean | undefined)[][] = [];

  constructor(readonly product: Pick<Product, 'system' | 'tables'>) {
    this.#lifecycles = product.system.ofRole('lifecycle');
    for (const part of this.#lifecycles) this.#known[part] = [];
  }

  /** The part that is the lifecycle of such an event in a row; undefined if there is none. */
  in(row: Int32Array): number | undefined {
    for (const part of this.#lifecycles) {
      if (this.#known[part]![row[part]!] ?? this.#ask(part, row[part]!)) return part;
    }
    return undefined;
  }

  #ask(part: number, local: number): boolean {
    const runs = this.product.tables[part]!.snapshots[local]!.hasTag('in callback');
    this.#known[part]![local] = runs;
    return runs;
  }
}
