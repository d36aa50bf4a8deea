import type { AnyFact } from '../vocabulary.ts';
import type { Component } from './component.ts';
import type { Engine } from './engine.ts';
import type { Inner } from './generate.ts';
import { after, inverse, type Permutation, permuted } from './permutation.ts';
import type { Symmetry } from './symmetry.ts';

/** Keeps, of all states that are the same but for a renaming, one: the least of them. */
export class SymmetryReduction {
  /** By renaming: the states of components under it, as far as they are known; and which component takes whose place. */
  readonly #images = new Map<Permutation, { readonly states: number[][]; readonly sources: readonly number[] }>();

  constructor(
    readonly symmetry: Symmetry,
    readonly components: readonly Component[],
  ) {
    for (const renaming of symmetry.merged) {
      const places = components.map(({ parts }) => symmetry.part(renaming, parts[0]!));
      const sources = components.map(({ parts }) => places.findIndex((part) => parts.includes(part)));
      this.#images.set(renaming, { states: components.map(() => []), sources });
    }
  }

  /** The inner loops, with each successor replaced by the least of those that are the same. */
  over(inner: Inner, engine: Engine): Inner {
    return { ...inner, expand: (first, end) => this.#merge(engine, first, inner.expand(first, end)) };
  }

  /** The log of the system itself, for one in which each state was taken for the least that is the same. */
  unfold<F extends AnyFact>(way: readonly number[]): F[] {
    const { symmetry, components } = this;
    const { product } = symmetry;
    let states = components.map(() => 0);
    let told: Permutation = symmetry.all[0]!;
    return way.map((number) => {
      const fact = permuted(product.facts[number] as F, told);
      const next = components.map((component, place) => {
        const locals = component.locals(states[place]!).slice();
        for (const [at, part] of component.parts.entries())
          if (product.participants[number]!.includes(part)) locals[at] = product.next(part, locals[at]!, number);
        return component.intern(locals);
      });
      const renaming = this.#least(next);
      states = next.map((_, place) => this.#image(renaming, next, place));
      told = after(told, inverse(renaming));
      return fact;
    });
  }

  /** The renaming that makes the least of the states of the components. */
  #least(states: readonly number[]): Permutation {
    let best = this.symmetry.merged[0]!;
    for (const renaming of this.symmetry.merged)
      for (let place = 0; place < states.length; place++) {
        const difference = this.#image(renaming, states, place) - this.#image(best, states, place);
        if (difference < 0) best = renaming;
        if (difference !== 0) break;
      }
    return best;
  }

  /** The state of the component at a place under a renaming. */
  #image(renaming: Permutation, states: readonly number[], place: number): number {
    const { states: known, sources } = this.#images.get(renaming)!;
    const source = sources[place]!;
    const state = states[source]!;
    const image = known[source]![state] ?? this.#computeImage(renaming, source, place, state);
    known[source]![state] = image;
    return image;
  }

  #computeImage(renaming: Permutation, source: number, place: number, state: number): number {
    const { symmetry, components } = this;
    const { parts } = components[source]!;
    const target = components[place]!;
    const locals = target.parts.map(() => 0);
    for (const [at, local] of components[source]!.locals(state).entries()) {
      const part = symmetry.part(renaming, parts[at]!);
      locals[target.parts.indexOf(part)] = symmetry.local(renaming, parts[at]!, local);
    }
    return target.intern(locals);
  }

  /** Replaces the successors of the states from `first` to `end`; returns the first state that is left, as `expand` does. */
  #merge(engine: Engine, first: number, end: number): number {
    const { out, starts, words, space } = engine;
    const { layout } = space;
    for (let state = first; state < end; state++)
      for (let at = starts[state - first]!; at < starts[state - first + 1]!; at += words + 1) {
        const states = space.unpack(out, at);
        const renaming = this.#least(states);
        if (renaming === this.symmetry.merged[0]) continue;
        const least = states.map((_, place) => this.#image(renaming, states, place));
        if (least.some((number, place) => number >= layout.size(place))) {
          engine.overflow = true;
          engine.emitted = starts[state - first]!;
          return state;
        }
        layout.write(least, out, at);
      }
    return end;
  }
}
