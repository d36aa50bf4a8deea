import type { AnyFact } from '../vocabulary.ts';
import type { Component } from './component.ts';
import type { Engine } from './engine.ts';
import type { Inner } from './generate.ts';
import { after, inverse, type Permutation, permuted } from './permutation.ts';
import type { Symmetry } from './symmetry.ts';

/** Keeps, of all states that are the same but for a permutation, one: the least of them. */
export class SymmetryReduction {
  /** By permutation: the states of components under it, as far as they are known; and which component takes whose place. */
  readonly #images = new Map<Permutation, { readonly states: number[][]; readonly sources: readonly number[] }>();

  constructor(
    readonly symmetry: Symmetry,
    readonly components: readonly Component[],
  ) {
    for (const permutation of symmetry.merged) {
      const places = components.map(({ parts }) => symmetry.part(permutation, parts[0]!));
      const sources = components.map(({ parts }) => places.findIndex((part) => parts.includes(part)));
      this.#images.set(permutation, { states: components.map(() => []), sources });
    }
  }

  /** The inner loops, with each successor replaced by the least of those that are the same. */
  over(inner: Inner, engine: Engine): Inner {
    return { ...inner, expand: (first, end) => this.#merge(engine, first, inner.expand(first, end)) };
  }

  /** The log of the system itself, for one in which each state was taken for the least that is the same. */
  unfold<F extends AnyFact>(path: readonly number[]): F[] {
    const { symmetry, components } = this;
    const { product } = symmetry;
    let states = components.map(() => 0);
    let permuting: Permutation = symmetry.all[0]!;
    return path.map((number) => {
      const fact = permuted(product.facts[number] as F, permuting);
      const next = components.map((component, place) => {
        const locals = component.locals(states[place]!).slice();
        for (const [at, part] of component.parts.entries())
          if (product.participants[number]!.includes(part)) locals[at] = product.next(part, locals[at]!, number);
        return component.intern(locals);
      });
      const permutation = this.#least(next);
      states = next.map((_, place) => this.#image(permutation, next, place));
      permuting = after(permuting, inverse(permutation));
      return fact;
    });
  }

  /** The permutation that makes the least of the states of the components. */
  #least(states: readonly number[]): Permutation {
    let best = this.symmetry.merged[0]!;
    for (const permutation of this.symmetry.merged)
      for (let place = 0; place < states.length; place++) {
        const difference = this.#image(permutation, states, place) - this.#image(best, states, place);
        if (difference < 0) best = permutation;
        if (difference !== 0) break;
      }
    return best;
  }

  /** The state of the component at a place under a permutation. */
  #image(permutation: Permutation, states: readonly number[], place: number): number {
    const { states: known, sources } = this.#images.get(permutation)!;
    const source = sources[place]!;
    const state = states[source]!;
    const image = known[source]![state] ?? this.#computeImage(permutation, source, place, state);
    known[source]![state] = image;
    return image;
  }

  #computeImage(permutation: Permutation, source: number, place: number, state: number): number {
    const { symmetry, components } = this;
    const { parts } = components[source]!;
    const target = components[place]!;
    const locals = target.parts.map(() => 0);
    for (const [at, local] of components[source]!.locals(state).entries()) {
      const part = symmetry.part(permutation, parts[at]!);
      locals[target.parts.indexOf(part)] = symmetry.local(permutation, parts[at]!, local);
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
        const permutation = this.#least(states);
        if (permutation === this.symmetry.merged[0]) continue;
        const least = states.map((_, place) => this.#image(permutation, states, place));
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
