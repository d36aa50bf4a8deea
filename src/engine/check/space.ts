import { Arena } from './arena.ts';
import type { Component } from './component.ts';
import { compile, generate, type Inner, type Surroundings } from './generate.ts';
import type { Layout } from './layout.ts';
import type { LocalSteps } from './local-steps.ts';
import { Moves } from './moves.ts';
import type { Product } from './product.ts';

/** The components of a product in one layout, with the tables that were made for it, which lie where `place` finds room. */
export class Space {
  readonly arena: Arena;
  readonly moves: Moves;
  readonly #loops = new Map<boolean, (surroundings: Surroundings) => Inner>();

  constructor(
    readonly product: Product,
    readonly components: readonly Component[],
    readonly layout: Layout,
    place?: Arena['place'],
    steps: LocalSteps | null = null,
  ) {
    this.arena = new Arena(place);
    this.moves = new Moves(product, components, layout, this.arena, steps);
  }

  /** The inner loops over it, compiled once, by whether the search is reduced. */
  loops(reduce: boolean): (surroundings: Surroundings) => Inner {
    const known = this.#loops.get(reduce) ?? compile(generate(this.moves, reduce));
    this.#loops.set(reduce, known);
    return known;
  }

  /** The number of the component that a part belongs to. */
  componentOf(part: number): number {
    return this.components.findIndex(({ parts }) => parts.includes(part));
  }

  /** The states of the components in the packed state that starts at `at`. */
  unpack(packed: Int32Array, at: number): number[] {
    return this.components.map((_, component) => this.layout.read(packed, at, component));
  }

  /** The local states of all parts. */
  locals(states: readonly number[]): Int32Array {
    const locals = new Int32Array(this.product.tables.length);
    for (const [number, { parts }] of this.components.entries())
      for (const [index, local] of this.components[number]!.locals(states[number]!).entries())
        locals[parts[index]!] = local;
    return locals;
  }
}
