import type { AnyFact } from '../vocabulary.ts';
import { type BoundClause, BoundClauses, type BoundInvariant } from './bound-clauses.ts';
import { Breaks } from './breaks.ts';
import type { Roles } from './predicate.ts';
import type { Present, Property } from './property.ts';
import { taggedParts } from './tagged.ts';

/** A tree of lists with answers as its leaves. */
type Answers = (Answers | boolean)[];

/** How states are looked at: how a part looks in one, and if answers are worth keeping, the number of its state there. */
export interface States<S> {
  present(state: S, part: number): Present;
  local?(state: S, part: number): number;
}

/**
 * Asks properties of states and facts, one after another or as a search meets them, and has three answers for each: where it
 * was violated first, where first so that it lasts while no call is in flight, and where first something happened that it
 * speaks of. `At` is what a caller calls a place: a position in a log, a state of a search.
 */
export class Monitor<S, At> {
  readonly bound: BoundClauses<S>;
  /** By clause. */
  readonly breaks: Breaks<At>;
  /** By property: where something happened first that it speaks of. */
  readonly happened: (At | null)[];
  /** In a log: the invariants that did not hold when they were asked last. */
  readonly #stale = new Set<BoundInvariant>();
  /** By the place of a bound clause, by fact, and by the local state of each part that it reads: its answer. */
  readonly #known: Answers[] = [];
  readonly #quiescent: ReturnType<typeof taggedParts>;
  readonly #final: ReturnType<typeof taggedParts>;

  /** The properties read only roles that are in the system. */
  constructor(
    readonly system: Roles,
    readonly properties: readonly Property[],
    readonly states: States<S>,
  ) {
    this.bound = new BoundClauses(system, properties, (state, part) => states.present(state, part));
    this.breaks = new Breaks(this.bound.count);
    this.happened = properties.map(() => null);
    this.#quiescent = taggedParts(system, 'quiescent');
    this.#final = taggedParts(system, 'final');
  }

  /** Asks everything of the first state of a log. */
  begin(state: S, at: At): void {
    for (const invariant of this.bound.invariants) this.#stale.add(invariant);
    this.#askStale(state, at);
  }

  /** One more fact of a log, and the state after it, in which only some parts are others than before. Answers whether that is news. */
  next(before: S, fact: AnyFact, after: S, changed: Iterable<number>, at: At): boolean {
    this.speak(fact, at);
    const news = this.fact(before, fact, at);
    for (const part of changed) for (const invariant of this.bound.readersOf(part)) this.#stale.add(invariant);
    return this.#askStale(after, at) || news;
  }

  /** A fact happens: notes the properties that speak of it. */
  speak(fact: AnyFact, at: At): void {
    for (const [number, property] of this.properties.entries())
      if (this.happened[number] === null && property.speaksOf(fact)) this.happened[number] = at;
  }

  /** Asks what is to be asked of a fact, in the state before it. */
  fact(before: S, fact: AnyFact, at: At, known = 0): boolean {
    let news = false;
    for (const one of this.bound.ofFact(fact.type))
      if (this.breaks.first[one.number] === null && !this.#holds(one, before, fact, known))
        news = this.breaks.forGood(one.number, at) || news;
    return news;
  }

  /** Asks all invariants of a state. */
  state(state: S, at: At): void {
    for (const one of this.bound.invariants) this.#askInvariant(one, state, at);
  }

  /** In a state, nothing can happen that is progress. */
  stuck(state: S, at: At): void {
    const isFinal = this.#final.length > 0 && this.#final.every(({ part, tag }) => this.#hasTag(state, part, tag));
    if (!isFinal) for (const clause of this.bound.noDeadlock) this.breaks.forGood(clause, at);
  }

  /** Whether a clause holds in a state. */
  holds(one: BoundClause, state: S): boolean {
    return this.#holds(one, state, undefined, 0);
  }

  /** Whether no call is in flight. */
  isQuiescent(state: S): boolean {
    return this.#quiescent.every(({ part, tag }) => this.#hasTag(state, part, tag));
  }

  #hasTag(state: S, part: number, tag: string): boolean {
    return this.states.present(state, part).hasTag(tag);
  }

  /** What does not hold while a call is in flight is asked again, until none is. */
  #askStale(state: S, at: At): boolean {
    let news = false;
    for (const one of this.#stale) {
      if (this.breaks.isSettled(one.number) || this.#holds(one, state, undefined, 0)) this.#stale.delete(one);
      else news = this.breaks.inState(one.number, at, this.isQuiescent(state)) || news;
    }
    return news;
  }

  #askInvariant(one: BoundInvariant, state: S, at: At): void {
    if (this.breaks.isSettled(one.number) || this.#holds(one, state, undefined, 0)) return;
    this.breaks.inState(one.number, at, this.isQuiescent(state));
  }

  /** With numbers for the states of parts, each combination of them is asked once. */
  #holds(one: BoundClause, state: S, fact: AnyFact | undefined, known: number): boolean {
    const { local } = this.states;
    // What looks at no part is asked of each fact once or quickly: keeping its answers takes longer.
    if (local === undefined || one.of.parts.length === 0) return this.bound.holds(one, state, fact);
    this.#known[one.place] ??= [];
    let node = this.#known[one.place]!;
    let key = known;
    for (const part of one.of.parts) {
      node[key] ??= [];
      node = node[key] as Answers;
      key = local(state, part);
    }
    let answer = node[key] as boolean | undefined;
    if (answer === undefined) {
      answer = this.bound.holds(one, state, fact);
      node[key] = answer;
    }
    return answer;
  }
}
