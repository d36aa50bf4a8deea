import { asked, viewThrough } from '../engine/check/predicate.ts';
import type { Projection } from '../engine/compose/index.ts';
import type { Fact, FactType, Property, View } from '../facts/index.ts';

/** A clause as it is asked of one event or hart. */
interface BoundPredicate {
  readonly property: string;
  /** What it asks of a state, with the fact that happens in it. */
  readonly holds: (fact: Fact) => boolean;
}

/** A clause about states: it is asked again only when a machine that it reads has changed. */
interface Invariant extends BoundPredicate {
  stale: boolean;
}

/** A break of a property: whether it is there only while a call is in flight, as far as the log has come. */
export interface Noticed {
  readonly property: string;
  readonly inFlight: boolean;
}

/** Holds properties against a log, fact by fact, as a {@link Projection} folds it. */
export class Watch {
  /** The properties that no fact has broken yet, at least when no call is in flight. */
  readonly #open: Set<string>;
  /** The properties that were broken while a call was in flight. */
  readonly #brief = new Set<string>();
  /** The properties that no fact has spoken of yet. */
  readonly #silent: Set<Property>;
  readonly #conditions = new Map<FactType, BoundPredicate[]>();
  #invariants: Invariant[] = [];
  /** By part: the invariants that read it. */
  readonly #readers: readonly Invariant[][];
  readonly #drivers: readonly number[];
  #locals: Projection['locals'];

  /** `properties` read only roles that are in the system. */
  constructor(
    readonly projection: Projection,
    properties: readonly Property[],
  ) {
    const { system, locals } = projection;
    this.#locals = locals;
    this.#drivers = system.ofRole('driver');
    this.#readers = system.parts.map(() => []);
    this.#open = new Set(properties.map(({ id }) => id));
    this.#silent = new Set(properties);
    for (const { id, clauses } of properties)
      for (const clause of clauses) {
        if (clause.kind !== 'always' && clause.kind !== 'whenever') continue;
        for (const one of asked(system, id, clause)) {
          const view: View = viewThrough(system, one, (part) => this.#locals[part]!);
          if (clause.kind === 'always') {
            const invariant: Invariant = { property: id, holds: () => clause.holds(view), stale: true };
            this.#invariants.push(invariant);
            for (const part of one.parts) this.#readers[part]!.push(invariant);
          } else {
            const condition: BoundPredicate = { property: id, holds: (fact) => clause.holds(fact, view) };
            for (const type of clause.facts)
              this.#conditions.set(type, [...(this.#conditions.get(type) ?? []), condition]);
          }
        }
      }
  }

  /** The properties of which something happened that they speak of, and that are not broken. */
  get held(): string[] {
    const silent = new Set([...this.#silent].map(({ id }) => id));
    return [...this.#open].filter((id) => !silent.has(id) && !this.#brief.has(id));
  }

  /** The properties of which nothing happened that they speak of. */
  get vacuous(): Property[] {
    return [...this.#silent].filter(({ id }) => this.#open.has(id) && !this.#brief.has(id));
  }

  /**
   * Folds one more fact, and says which properties are violated by it for the first time: by the fact itself, or by the state after it,
   * first while a callback runs and first once none does. Throws `RefusedFact` if the system does not accept it.
   */
  append(fact: Fact): Noticed[] {
    const { projection } = this;
    const before = projection.locals;
    projection.append(fact);
    for (const property of this.#silent) if (property.speaksOf(fact)) this.#silent.delete(property);
    const broken: Noticed[] = [];
    this.#locals = before;
    for (const question of this.#conditions.get(fact.type) ?? [])
      if (this.#open.has(question.property) && !question.holds(fact)) this.#note(question.property, false, broken);
    this.#locals = projection.locals;
    for (const part of projection.system.participants(fact))
      if (before[part] !== this.#locals[part]) for (const invariant of this.#readers[part]!) invariant.stale = true;
    const inFlight = !this.#isQuiet();
    for (const invariant of this.#invariants)
      if (invariant.stale && this.#open.has(invariant.property)) {
        // What does not hold while a call is in flight is asked again when none is.
        invariant.stale = !invariant.holds(fact);
        if (invariant.stale) this.#note(invariant.property, inFlight, broken);
      }
    if (broken.length > 0) this.#invariants = this.#invariants.filter(({ property }) => this.#open.has(property));
    return broken;
  }

  #note(property: string, inFlight: boolean, broken: Noticed[]): void {
    if (inFlight && this.#brief.has(property)) return;
    if (inFlight) this.#brief.add(property);
    else this.#open.delete(property);
    broken.push({ property, inFlight });
  }

  /** Whether no callback runs at all. */
  #isQuiet(): boolean {
    return this.#drivers.every((part) => this.#locals[part]!.hasTag('idle'));
  }
}
