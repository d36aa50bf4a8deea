import type { Property, View } from '../check/index.ts';
import { asked, viewThrough } from '../check/predicate.ts';
import type { Projection } from '../compose/index.ts';
import type { Fact, FactType } from '../facts/index.ts';

/** A clause as it is asked of one event or hart. */
interface Question {
  readonly property: string;
  /** What it asks of a state, with the fact that happens in it. */
  readonly holds: (fact: Fact) => boolean;
}

/** A clause about states: it is asked again only when a machine that it reads has changed. */
interface Invariant extends Question {
  stale: boolean;
}

/** Holds promises against a log, fact by fact, as a {@link Projection} folds it. */
export class Watch {
  /** The promises that no fact has broken yet. */
  readonly #open: Set<string>;
  /** The promises that no fact has spoken of yet. */
  readonly #silent: Set<Property>;
  readonly #conditions = new Map<FactType, Question[]>();
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
        for (const one of asked(system, clause)) {
          const view: View = viewThrough(system, one, (part) => this.#locals[part]!);
          if (clause.kind === 'always') {
            const invariant: Invariant = { property: id, holds: () => clause.holds(view), stale: true };
            this.#invariants.push(invariant);
            for (const part of one.parts) this.#readers[part]!.push(invariant);
          } else {
            const condition: Question = { property: id, holds: (fact) => clause.holds(fact, view) };
            for (const type of clause.facts)
              this.#conditions.set(type, [...(this.#conditions.get(type) ?? []), condition]);
          }
        }
      }
  }

  /** The promises of which something happened that they speak of, and that are not broken. */
  get held(): string[] {
    const silent = new Set([...this.#silent].map(({ id }) => id));
    return [...this.#open].filter((id) => !silent.has(id));
  }

  /** The promises of which nothing happened that they speak of. */
  get vacuous(): Property[] {
    return [...this.#silent].filter(({ id }) => this.#open.has(id));
  }

  /**
   * Folds one more fact, and says which promises are broken by it for the first time: by the fact itself, or by the state after it,
   * once no callback runs. Throws `RefusedFact` if the system does not accept it.
   */
  append(fact: Fact): string[] {
    const { projection } = this;
    const before = projection.locals;
    projection.append(fact);
    for (const property of this.#silent) if (property.speaksOf(fact)) this.#silent.delete(property);
    const broken: string[] = [];
    this.#locals = before;
    for (const question of this.#conditions.get(fact.type) ?? []) this.#ask(question, fact, broken);
    this.#locals = projection.locals;
    for (const part of projection.system.participants(fact))
      if (before[part] !== this.#locals[part]) for (const invariant of this.#readers[part]!) invariant.stale = true;
    if (this.#isQuiet())
      for (const invariant of this.#invariants)
        if (invariant.stale) {
          invariant.stale = false;
          this.#ask(invariant, fact, broken);
        }
    if (broken.length > 0) this.#invariants = this.#invariants.filter(({ property }) => this.#open.has(property));
    return broken;
  }

  #ask({ property, holds }: Question, fact: Fact, broken: string[]): void {
    if (!this.#open.has(property) || holds(fact)) return;
    this.#open.delete(property);
    broken.push(property);
  }

  /** Whether no callback runs at all. */
  #isQuiet(): boolean {
    return this.#drivers.every((part) => this.#locals[part]!.hasTag('idle'));
  }
}
