import type { Component } from './component.ts';
import { glance } from './observe.ts';
import type { Product } from './product.ts';

/** Of a state of a component from which no local step leads. */
const NONE = -1;

/**
 * The local steps of components: facts that a component has to itself, where it can do nothing else, and nobody can do anything with it
 * before. If no question sees such a step, it can go first: it hinders nobody and nobody hinders it, so what was possible before
 * it is possible after it (see docs/search.md).
 *
 * What questions see is known when they have been asked. So a search looks with {@link exclude} whether it put a step first that is
 * seen, and begins again without it.
 */
export class LocalSteps {
  /** By component and its state: the state after the local step, or NONE; undefined while it was not asked for. */
  readonly #next: (number | undefined)[][];
  /** By component and its state: the number of the fact that is the local step. */
  readonly #facts: number[][];
  /** By part, and by what is looked at: by local state, what is seen. */
  readonly #glances: readonly Map<string, (string | undefined)[]>[];
  /** How many local steps were found. */
  #found = 0;
  /** How many things were looked at when the steps were compared with them. */
  #compared = '';

  constructor(
    readonly product: Product,
    readonly components: readonly Component[],
  ) {
    this.#next = components.map(() => []);
    this.#facts = components.map(() => []);
    this.#glances = product.tables.map(() => new Map());
  }

  /** Whether any local step was found. */
  get any(): boolean {
    return this.#found > 0;
  }

  /** Whether a local step leads on from a state of a component. */
  has(component: number, state: number): boolean {
    const next = this.#next[component]!;
    const trail = [state];
    for (let last = state; next[last] === undefined; ) {
      last = this.#find(component, last);
      next[trail.at(-1)!] = last;
      if (last === NONE) break;
      this.#found++;
      if (!trail.includes(last)) trail.push(last);
      // A round of local steps would put off all others for ever.
      else for (const one of trail) next[one] = NONE;
    }
    return next[state] !== NONE;
  }

  /** Takes out the steps that a question sees, if something more was looked at. Answers whether there were any. */
  exclude(): boolean {
    const { looks, looksAtFact } = this.product;
    const compared = [...looks, ...looksAtFact.values()].map(({ size }) => size).join(' ');
    if (compared === this.#compared) return false;
    this.#compared = compared;
    let excludes = false;
    for (const [component, next] of this.#next.entries())
      for (const [from, to] of next.entries()) {
        if (to === undefined || to === NONE || !this.#isSeen(component, from, to)) continue;
        next[from] = NONE;
        excludes = true;
      }
    return excludes;
  }

  #isSeen(component: number, from: number, to: number): boolean {
    const { looks, looksAtFact } = this.product;
    const { parts } = this.components[component]!;
    const before = this.components[component]!.locals(from);
    const after = this.components[component]!.locals(to);
    // Whether it may happen must not depend on what others do before.
    const looksAt = looksAtFact.get(this.#facts[component]![from]!) ?? [];
    if ([...looksAt].some((part) => !parts.includes(part))) return true;
    return parts.some((part, index) => {
      const [local, next] = [before[index]!, after[index]!];
      const differs = (what: string): boolean => this.#glance(part, what, local) !== this.#glance(part, what, next);
      return local !== next && [...looks[part]!].some(differs);
    });
  }

  /** What is seen there of a local state of a part; each is looked at once. */
  #glance(part: number, what: string, local: number): string | undefined {
    const seen = this.#glances[part]!.get(what) ?? [];
    this.#glances[part]!.set(what, seen);
    seen[local] ??= glance(this.product.tables[part]!.snapshots[local]!, what);
    return seen[local];
  }

  /** The state of a component after its local step, or NONE. */
  #find(component: number, state: number): number {
    const { product } = this;
    const { system, tables } = product;
    const { parts } = this.components[component]!;
    const locals = this.components[component]!.locals(state);
    let step: readonly number[] | undefined;
    for (const offer of product.offers) {
      const participants = system.participants(offer.fact);
      const own = participants.filter((part) => parts.includes(part));
      // Who writes of the data what it knows is asked without taking part.
      const isAsked = system.authors(offer.fact).some(({ part }) => parts.includes(part) && !own.includes(part));
      if (own.length === 0 && !isAsked) continue;
      // A chart that does not mention a fact in a state refuses it.
      if (!own.every((part) => tables[part]!.mentions(locals[parts.indexOf(part)]!, offer.fact.type))) continue;
      if (isAsked || own.length < participants.length) return NONE;
      const draft = product.writtenBy(parts, locals, offer);
      if (draft.author >= 0) return NONE;
      const after = locals.map((local, index) =>
        own.includes(parts[index]!) ? product.next(parts[index]!, local, draft.number) : local,
      );
      if (after.some((local) => local < 0)) continue;
      if (step !== undefined || system.vocabulary.facts[offer.fact.type]!.background) return NONE;
      step = after;
      this.#facts[component]![state] = draft.number;
    }
    if (step === undefined) return NONE;
    const after = this.components[component]!.intern(step);
    return this.#isSeen(component, state, after) ? NONE : after;
  }
}
