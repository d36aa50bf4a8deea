import type { System } from '../compose/index.ts';
import type { AnyFact } from '../vocabulary.ts';
import { BoundClauses } from './bound-clauses.ts';
import type { Present, Property } from './property.ts';
import { taggedParts } from './tagged.ts';

/** How each part looks. */
type Presents = readonly Present[];

/** By system and property: its clauses, bound to the machines of the system, since who asks, asks of many states. */
const bound = new WeakMap<System, WeakMap<Property, BoundClauses<Presents>>>();

function boundTo<F extends AnyFact, R extends string>(
  system: System<F, R>,
  property: Property<F, R>,
): BoundClauses<Presents> {
  const key = system as unknown as System;
  const ofSystem = bound.get(key) ?? new WeakMap<Property, BoundClauses<Presents>>();
  bound.set(key, ofSystem);
  const clauses =
    ofSystem.get(property) ?? new BoundClauses<Presents>(system, [property], (state, part) => state[part]!);
  ofSystem.set(property, clauses);
  return clauses;
}

/** Whether a fact, in the state before it, violates the property. @experimental */
export function violatedByFact<F extends AnyFact, R extends string>(
  system: System<F, R>,
  property: Property<F, R>,
  before: Presents,
  fact: F,
): boolean {
  const clauses = boundTo(system, property);
  return clauses.ofFact(fact.type).some((clause) => !clauses.holds(clause, before, fact));
}

/** Whether the property is violated in a state. @experimental */
export function violatedInState<F extends AnyFact, R extends string>(
  system: System<F, R>,
  property: Property<F, R>,
  state: Presents,
): boolean {
  const clauses = boundTo(system, property);
  return clauses.invariants.some((clause) => !clauses.holds(clause, state));
}

/** Whether no call is in flight. @experimental */
export const isQuiescent = <F extends AnyFact, R extends string>(system: System<F, R>, state: Presents): boolean =>
  taggedParts(system, 'quiescent').every(({ part, tag }) => state[part]!.hasTag(tag));
