import type { AnyMachineSnapshot } from 'xstate';
import type { Fact, FactType, Role } from '../../facts/index.ts';

/** A machine's state, as a predicate sees it. */
export type Present = Pick<AnyMachineSnapshot, 'context' | 'value' | 'hasTag' | 'matches'>;

/** What a predicate may look at: the machines that its property reads. */
export interface View {
  /** The machine of this role that the clause is asked of (`each`), or the only one. */
  own(role: Role): Present;
  /** All machines of a role, by index. */
  every(role: Role): readonly Present[];
  /** The index of the event or hart that the clause is asked of; 0 without `each`. */
  readonly index: number;
}

interface Reads {
  /** Ask once for each event or hart of the scope. */
  readonly each?: 'event' | 'hart';
  /** The roles of which it reads the machine of that event or hart. */
  readonly own?: readonly Role[];
  /** The roles of which it reads every machine. */
  readonly every?: readonly Role[];
}

/** True in every reachable state. */
export interface Always extends Reads {
  readonly kind: 'always';
  readonly holds: (view: View) => boolean;
}

/** True whenever one of these facts happens; the view is the state before it. */
export interface Whenever extends Reads {
  readonly kind: 'whenever';
  readonly facts: readonly FactType[];
  readonly holds: (fact: Fact, view: View) => boolean;
}

/** AG (from ⇒ EF goal): from every reachable state in which `from` is true, `goal` can be reached. */
export interface CanReach extends Reads {
  readonly kind: 'can reach';
  /** Where the property starts; everywhere if it is left out. */
  readonly from?: (view: View) => boolean;
  readonly goal: (view: View) => boolean;
}

/** No reachable state without a next fact, except final ones. Facts in the background do not count. */
export interface NoDeadlock {
  readonly kind: 'no deadlock';
}

export type Clause = Always | Whenever | CanReach | NoDeadlock;

/** A property of a driver. */
export interface Property {
  readonly id: string;
  /** The property, in one sentence. */
  readonly statement: string;
  readonly severity: 'high' | 'medium' | 'low';
  /** Where the property comes from: a sentence of a contract, or a place in the C. */
  readonly source: string;
  /** What a break means to people, in plain words. */
  readonly consequence: string;
  /** Whether a fact is what the property speaks of; in a scope where none happens, the verdict is vacuous. */
  readonly speaksOf: (fact: Fact) => boolean;
  /** What it means when none does. */
  readonly vacuousWhen: string;
  /** Why the property makes no sense with a caller who keeps no contract; absent if it does. */
  readonly needsContract?: string;
  /** The machines whose changes a reader of a counterexample wants to see; those that the clauses read, if left out. */
  readonly shows?: readonly Role[];
  readonly clauses: readonly Clause[];
}

/** The machines that tell the story of a violated property. */
export function rolesOf({ clauses, shows }: Property): Set<Role> {
  if (shows !== undefined) return new Set(shows);
  const read = clauses.flatMap((clause) =>
    clause.kind === 'no deadlock' ? [] : [...(clause.own ?? []), ...(clause.every ?? [])],
  );
  return new Set(read);
}
