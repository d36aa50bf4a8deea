import type { AnyFact } from '../vocabulary.ts';
import { type Alike, Looked } from './looked.ts';
import { type AskedOf, asked, type Roles, viewThrough } from './predicate.ts';
import type { Always, CanReach, Clause, Present, Property, View, Whenever } from './property.ts';

/** A clause of a property, as it is asked of one value of its index. */
export interface BoundClause<C extends Clause = Always | Whenever | CanReach> {
  /** The number of the property, and of the clause among those of all properties. */
  readonly property: number;
  readonly number: number;
  readonly clause: C;
  readonly of: AskedOf;
  /** Its number among all bound clauses. */
  readonly place: number;
  /** What the clause sees of the state that is looked at. An Error if it looks at a machine that it does not declare. */
  readonly view: View;
  /** What it looked at when it was asked last; undefined where it sees more than that. */
  readonly looked: Looked | undefined;
}

/** A clause about states, as it is asked of one value of its index. */
export type BoundInvariant = BoundClause<Always>;

/** The clauses of some properties, bound to the machines of a system; views show the state that is looked at. */
export class BoundClauses<S> {
  readonly invariants: BoundInvariant[] = [];
  readonly goals: BoundClause<CanReach>[] = [];
  /** The numbers of the clauses that say that no state is stuck. */
  readonly noDeadlock: number[] = [];
  readonly #ofFact = new Map<string, BoundClause<Whenever>[]>();
  /** By part: the invariants that read it. */
  readonly #readers = new Map<number, BoundInvariant[]>();
  #state!: S;

  /** `show` is how a part looks in a state; `see` may change what a clause sees. */
  constructor(
    readonly system: Roles,
    readonly properties: readonly Property[],
    readonly show: (state: S, part: number) => Present,
    see: (view: View, of: AskedOf) => View = (view) => view,
  ) {
    let number = 0;
    let place = 0;
    const alike: Alike = new Map();
    for (const [property, { id, clauses }] of properties.entries())
      for (const clause of clauses) {
        const own = number++;
        if (clause.kind === 'no deadlock') this.noDeadlock.push(own);
        else
          for (const of of asked(system, id, clause)) {
            const looked = new Looked((part) => show(this.#state, part), alike);
            const plain = viewThrough(
              system,
              of,
              (part) => looked.at(part),
              (parts) => looked.atAll(parts),
            );
            const view = see(plain, of);
            const bound = { property, number: own, clause, of, place: place++, view };
            this.#add({ ...bound, looked: view === plain ? looked : undefined });
          }
      }
    this.count = number;
  }

  /** How many clauses there are. */
  readonly count: number;

  /** What is asked when a fact of a type happens. */
  ofFact(type: string): readonly BoundClause<Whenever>[] {
    return this.#ofFact.get(type) ?? [];
  }

  /** The invariants that read a part. */
  readersOf(part: number): readonly BoundInvariant[] {
    return this.#readers.get(part) ?? [];
  }

  /** Whether a clause holds in a state; one about facts, for the fact that happens in it. */
  holds({ clause, view, looked }: BoundClause, state: S, fact?: AnyFact): boolean {
    this.#state = state;
    switch (clause.kind) {
      case 'always':
        return looked === undefined ? clause.holds(view) : (looked.answer ?? looked.note(clause.holds(view)));
      case 'whenever':
        return clause.holds(fact!, view);
      case 'can reach':
        return clause.goal(view);
    }
  }

  /** Whether a clause that something can be reached starts in a state. */
  starts({ clause, view }: BoundClause<CanReach>, state: S): boolean {
    this.#state = state;
    return clause.from?.(view) ?? true;
  }

  #add(bound: BoundClause): void {
    const { clause, of } = bound;
    switch (clause.kind) {
      case 'always':
        this.invariants.push(bound as BoundInvariant);
        for (const part of of.parts) pushTo(this.#readers, part, bound as BoundInvariant);
        break;
      case 'whenever':
        for (const type of clause.facts) pushTo(this.#ofFact, type, bound as BoundClause<Whenever>);
        break;
      case 'can reach':
        this.goals.push(bound as BoundClause<CanReach>);
    }
  }
}

function pushTo<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
