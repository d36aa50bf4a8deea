import type { State, System } from '../compose/index.ts';
import { type Fact, INDEXED_BY, type Role } from '../facts/index.ts';
import type { Always, Property, View, Whenever } from './property.ts';

/** Looks at the machines of an interpreted state, as a predicate does. */
export function viewOf(system: System, state: State, index: number): View {
  return {
    index,
    own: (role: Role) => {
      const part = system.partOf(role, INDEXED_BY[role] === undefined ? 0 : index);
      if (part === undefined) throw new Error(`there is no ${role} ${index} in the composition`);
      return state[part]!;
    },
    every: (role: Role) => system.ofRole(role).map((part) => state[part]!),
  };
}

/** The indices that a clause is asked of. */
export function askedOf(system: System, { each }: Always | Whenever): number[] {
  const { events, harts } = system.domains;
  const count = each === 'event' ? events : each === 'hart' ? harts : 1;
  return Array.from({ length: count }, (_, index) => index);
}

/** Whether a fact, in the state before it, breaks the promise. */
export function brokenByFact(system: System, property: Property, before: State, fact: Fact): boolean {
  return property.clauses.some(
    (clause) =>
      clause.kind === 'whenever' &&
      clause.facts.includes(fact.type) &&
      askedOf(system, clause).some((index) => !clause.holds(fact, viewOf(system, before, index))),
  );
}

/** Whether the promise is broken in a state. */
export function brokenInState(system: System, property: Property, state: State): boolean {
  return property.clauses.some(
    (clause) =>
      clause.kind === 'always' && askedOf(system, clause).some((index) => !clause.holds(viewOf(system, state, index))),
  );
}

/** Whether a fact, or the state after it once no callback runs, breaks the promise. */
export function brokenAt(system: System, property: Property, before: State, fact: Fact, after: State): boolean {
  return (
    brokenByFact(system, property, before, fact) || (isQuiet(system, after) && brokenInState(system, property, after))
  );
}

/** Whether no callback runs at all. */
export const isQuiet = (system: System, state: State): boolean =>
  system.ofRole('driver').every((part) => state[part]!.hasTag('idle'));
