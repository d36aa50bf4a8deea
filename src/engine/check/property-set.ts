import { UNKNOWN } from './answers.ts';
import { answer, BoundPredicate, Observations } from './bound-predicate.ts';
import { observed } from './observe.ts';
import { type Predicate, predicates } from './predicate.ts';
import type { Clause, Whenever } from './property.ts';
import type { Space } from './space.ts';
import { type Agenda, type Asked, INVARIANT_BITS, type Invariant, UNSEEN } from './table-monitor.ts';
import { type Meaning, type Tagged, taggedParts } from './tagged.ts';

/** A clause of a property, by the number and the id of the property. */
export interface OfProperty {
  readonly property: number;
  readonly id: string;
  readonly clause: Clause;
}

/** A property that something can be reached: the addresses of its questions. */
export interface Goal extends Asked {
  /** Where the property starts. */
  readonly from: number;
}

/** What the properties of a search come to: questions about the states of a space. */
export class PropertySet {
  readonly agenda: Agenda;
  readonly goals: readonly Goal[];
  readonly #invariantParts: readonly (readonly number[])[];
  readonly #observations: Observations;
  readonly #questions = new Map<number, BoundPredicate>();
  readonly #predicates = new Map<Clause, readonly Predicate[]>();
  /** By fact: what is to be known about it while it has not been seen. */
  readonly #met: number[] = [];

  constructor(
    readonly space: Space,
    readonly clauses: readonly OfProperty[],
  ) {
    this.#observations = new Observations(space);
    const invariants: Invariant[] = [];
    const goals: Goal[] = [];
    const noDeadlock: number[] = [];
    const invariantParts: (readonly number[])[] = [];
    for (const [number, { id, clause }] of clauses.entries()) {
      if (clause.kind === 'no deadlock') {
        noDeadlock.push(number);
        continue;
      }
      const asked = predicates(space.product, id, clause);
      this.#predicates.set(clause, asked);
      for (const predicate of asked)
        if (clause.kind === 'always') {
          const bit = 1 << (invariants.length % INVARIANT_BITS);
          invariants.push({ clause: number, address: this.#question(predicate, clause.holds), bit });
          invariantParts.push(predicate.parts);
        } else if (clause.kind === 'can reach') {
          const address = this.#question(predicate, clause.goal);
          goals.push({ clause: number, address, from: this.#question(predicate, clause.from ?? (() => true)) });
        }
    }
    this.goals = goals;
    this.#invariantParts = invariantParts;
    this.agenda = {
      clauses: clauses.length,
      fields: space.layout.fields,
      invariants,
      ofFact: [],
      quiet: this.#tagged('quiescent'),
      final: this.#tagged('final', false),
      noDeadlock,
    };
  }

  /** The answer to a question in the packed state that starts at `at`, which is computed where it is not known: 1 is yes, 0 is no. */
  ask(address: number, states: Int32Array, at: number): number {
    const known = answer(this.space.arena.memory, address, states, at);
    return known === UNKNOWN ? this.answer(address, states, at) : known;
  }

  /** Computes the answer to a question in the packed state that starts at `at`: 1 is yes, 0 is no. */
  answer(address: number, states: Int32Array, at: number): number {
    return this.#questions.get(address)!.learn(this.space.unpack(states, at)) ? 1 : 0;
  }

  /** Puts a fact on the agenda; says what is to be known `about` it while it has not been seen. */
  meet(fact: number): number {
    this.#met[fact] ??= this.#meet(fact);
    return this.#met[fact]!;
  }

  #meet(fact: number): number {
    const { facts, participants, symmetry } = this.space.product;
    const { type } = facts[fact]!;
    const asked: Asked[] = [];
    for (const [number, { clause }] of this.clauses.entries())
      if (clause.kind === 'whenever' && clause.facts.includes(type))
        for (const predicate of this.#predicates.get(clause)!) {
          asked.push({ clause: number, address: this.#questionOf(fact, predicate, clause) });
        }
    this.agenda.ofFact[fact] = asked;
    const changed = symmetry?.isomorphicParts(participants[fact]!) ?? new Set(participants[fact]!);
    return this.agenda.invariants.reduce(
      (about, { bit }, index) => (this.#invariantParts[index]!.some((part) => changed.has(part)) ? about | bit : about),
      UNSEEN,
    );
  }

  #questionOf(fact: number, predicate: Predicate, { holds }: Whenever): number {
    const { facts, looksAtFact } = this.space.product;
    const looks = looksAtFact.get(fact) ?? new Set();
    looksAtFact.set(fact, looks);
    return this.#add((locals, look) =>
      predicate.ask(
        (view, seen) => holds(seen(facts[fact]!), view),
        locals,
        (observation) => {
          looks.add(observation.part);
          look(observation);
        },
      ),
    );
  }

  #question(predicate: Predicate, holds: Parameters<Predicate['ask']>[0]): number {
    return this.#add((locals, look) => predicate.ask(holds, locals, look));
  }

  /** Whether all parts have the tag of their role that means it; `none` is the answer where there is no such part. */
  #tagged(meaning: Meaning, none = true): number {
    const { system, tables, looks } = this.space.product;
    const tagged = taggedParts(system, meaning);
    return this.#add((locals, look) => {
      const hasTag = ({ part, tag }: Tagged): boolean =>
        observed(tables[part]!.snapshots[locals[part]!]!, (what, seen) => {
          looks[part]!.add(what);
          look({ part, what, seen });
        }).hasTag(tag);
      return tagged.length === 0 ? none : tagged.every(hasTag);
    });
  }

  #add(ask: BoundPredicate['ask']): number {
    const question = new BoundPredicate(this.space, this.#observations, ask);
    this.#questions.set(question.address, question);
    return question.address;
  }
}
