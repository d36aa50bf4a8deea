import type { State, System } from '../compose/index.ts';
import type { AnyFact } from '../vocabulary.ts';
import { asked, viewThrough } from './predicate.ts';
import type { Always, CanReach, Property, View, Whenever } from './property.ts';
import { taggedParts } from './tagged.ts';

/** What each way of asking a clause of a property sees in a state: one for each event or hart that it is asked of. */
export const viewsOf = (system: System, { id }: Property, clause: Always | Whenever | CanReach, state: State): View[] =>
  [...asked(system, id, clause)].map((one) => viewThrough(system, one, (part) => state[part]!));

/** Whether a fact, in the state before it, violates the property. */
export function brokenByFact(system: System, property: Property, before: State, fact: AnyFact): boolean {
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
export function brokenAt(system: System, property: Property, before: State, fact: AnyFact, after: State): boolean {
  return (
    brokenByFact(system, property, before, fact) || (isQuiet(system, after) && brokenInState(system, property, after))
  );
}

/** Whether no call is in flight. */
export const isQuiet = (system: System, state: State): boolean =>
  taggedParts(system, 'quiescent').every(({ part, tag }) => state[part]!.hasTag(tag));
