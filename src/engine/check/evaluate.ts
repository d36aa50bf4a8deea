import type { Fact } from '../../facts/index.ts';
import type { State, System } from '../compose/index.ts';
import { asked, viewThrough } from './predicate.ts';
import type { Always, CanReach, Property, View, Whenever } from './property.ts';

/** What each way of asking a clause of a property sees in a state: one for each event or hart that it is asked of. */
export const viewsOf = (system: System, { id }: Property, clause: Always | Whenever | CanReach, state: State): View[] =>
  [...asked(system, id, clause)].map((one) => viewThrough(system, one, (part) => state[part]!));

/** Whether a fact, in the state before it, violates the property. */
export function brokenByFact(system: System, property: Property, before: State, fact: Fact): boolean {
  return property.clauses.some(
    (clause) =>
      clause.kind === 'whenever' &&
      clause.facts.includes(fact.type) &&
      viewsOf(system, property, clause, before).some((view) => !clause.holds(fact, view)),
  );
}

/** Whether the property is violated in a state. */
export function brokenInState(system: System, property: Property, state: State): boolean {
  return property.clauses.some(
    (clause) =>
      clause.kind === 'always' && viewsOf(system, property, clause, state).some((view) => !clause.holds(view)),
  );
}

/** Whether a fact, or the state after it once no callback runs, violates the property. */
export function brokenAt(system: System, property: Property, before: State, fact: Fact, after: State): boolean {
  return (
    brokenByFact(system, property, before, fact) || (isQuiet(system, after) && brokenInState(system, property, after))
  );
}

/** Whether no callback runs at all. */
export const isQuiet = (system: System, state: State): boolean =>
  system.ofRole('driver').every((part) => state[part]!.hasTag('idle'));
