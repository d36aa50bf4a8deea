import type { AnyMachineSnapshot } from 'xstate';
import { type AnyFact, noSuch, type Vocabulary } from '../vocabulary.ts';

/** A machine's state, as a predicate sees it. @public */
export type Present = Pick<AnyMachineSnapshot, 'context' | 'value' | 'hasTag' | 'matches'>;

/** What a predicate may look at: the machines that its property reads. @public */
export interface View<R extends string = string> {
  /** The machine of this role that the clause is asked of (`each`), or the only one. */
  own(role: R): Present;
  /** All machines of a role, by index. */
  every(role: R): readonly Present[];
  /** The value of the index that the clause is asked of; 0 without `each`. */
  readonly index: number;
}

interface Reads<R extends string> {
  /** Ask once for each value of this index. */
  readonly each?: string;
  /** The roles of which it reads the machine of that index. */
  readonly own?: readonly R[];
  /** The roles of which it reads every machine. */
  readonly every?: readonly R[];
}

/** A number of what is shared, and sums over all machines of a role between which it lies. @experimental */
export interface Bounds<R extends string = string> {
  /** The roles of which there is one machine that the number is read from. */
  readonly own: readonly R[];
  number(view: View<R>): number;
  /** The role over whose machines the sums are. */
  readonly over: R;
  /** What one machine adds to the sum below, and above; natural numbers. Without it, there is no such bound. */
  least?(present: Present): number;
  most?(present: Present): number;
}

/** True in every reachable state. @public */
export interface Always<R extends string = string> extends Reads<R> {
  readonly kind: 'always';
  holds(view: View<R>): boolean;
  /** Set where that is all that it says: so it can be proved for any number of machines. See {@link between}. */
  readonly bounds?: Bounds<R>;
}

/** The invariant that a number lies between two sums. @experimental */
export const between = <R extends string>(bounds: Bounds<R>): Always<R> => ({
  kind: 'always',
  own: bounds.own,
  every: [bounds.over],
  bounds,
  holds: (view) => {
    const { least, most } = bounds;
    const number = bounds.number(view);
    let [below, above] = [0, 0];
    for (const present of view.every(bounds.over)) {
      if (least !== undefined) below += least(present);
      if (most !== undefined) above += most(present);
    }
    return (least === undefined || below <= number) && (most === undefined || number <= above);
  },
});

/** True whenever one of these facts happens; the view is the state before it. @public */
export interface Whenever<F extends AnyFact = AnyFact, R extends string = string> extends Reads<R> {
  readonly kind: 'whenever';
  readonly facts: readonly F['type'][];
  holds(fact: F, view: View<R>): boolean;
}

/** AG (from ⇒ EF goal): from every reachable state in which `from` is true, `goal` can be reached. @public */
export interface CanReach<R extends string = string> extends Reads<R> {
  readonly kind: 'can reach';
  /** Where the property starts; everywhere if it is left out. */
  from?(view: View<R>): boolean;
  goal(view: View<R>): boolean;
}

/** No reachable state without a next fact, except final ones. Facts in the background do not count. @public */
export interface NoDeadlock {
  readonly kind: 'no deadlock';
}

/** One of the things that a property says. @public */
export type Clause<F extends AnyFact = AnyFact, R extends string = string> =
  | Always<R>
  | Whenever<F, R>
  | CanReach<R>
  | NoDeadlock;

/** A property of a system. @public */
export interface Property<F extends AnyFact = AnyFact, R extends string = string> {
  readonly id: string;
  /** The property, in one sentence. */
  readonly statement: string;
  readonly severity: 'high' | 'medium' | 'low';
  /** Where the property comes from: a sentence of a contract, or a place in the C. */
  readonly source: string;
  /** What a break means to people, in plain words. */
  readonly consequence: string;
  /** Whether a fact is what the property speaks of; in a scope where none happens, the verdict is vacuous. */
  speaksOf(fact: F): boolean;
  /** What it means when none does. */
  readonly vacuousWhen: string;
  /** Why the property makes no sense with a caller who keeps no contract; absent if it does. */
  readonly needsContract?: string;
  /** The machines whose changes a reader of a counterexample wants to see; those that the clauses read, if left out. */
  readonly shows?: readonly R[];
  readonly clauses: readonly Clause<F, R>[];
}

/** Throws an Error that says which, if a property names a role, a fact or an index that the vocabulary does not have. */
export function checkNames({ facts, roles, indices }: Vocabulary, { id, clauses }: Property): void {
  const checkName = (what: string, name: string, known: object): void => {
    if (!Object.hasOwn(known, name)) throw new Error(`${id}: ${noSuch(what, name, known)}`);
  };
  for (const clause of clauses) {
    if (clause.kind === 'no deadlock') continue;
    for (const role of [...(clause.own ?? []), ...(clause.every ?? [])]) checkName('role', role, roles);
    if (clause.each !== undefined) checkName('index', clause.each, indices);
    if (clause.kind === 'whenever') for (const type of clause.facts) checkName('fact', type, facts);
  }
}

/** The machines that show the path to a violated property. */
export function rolesOf<F extends AnyFact, R extends string>({ clauses, shows }: Property<F, R>): Set<R> {
  if (shows !== undefined) return new Set(shows);
  const read = clauses.flatMap((clause) =>
    clause.kind === 'no deadlock' ? [] : [...(clause.own ?? []), ...(clause.every ?? [])],
  );
  return new Set(read);
}
