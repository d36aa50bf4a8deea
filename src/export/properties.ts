import { asked } from '../engine/check/predicate.ts';
import type { Fact, Property } from '../facts/index.ts';
import { any, type Condition } from './condition.ts';
import { conditionOf } from './observed.ts';
import type { Relations } from './relations.ts';

/** When a fact violates a property, in the state before it. */
export function brokenByFact({ space, variables }: Relations, { id, clauses }: Property, fact: Fact): Condition {
  const broken = clauses.flatMap((clause) => {
    if (clause.kind !== 'whenever' || !clause.facts.includes(fact.type)) return [];
    return [...asked(space.system, id, clause)].map((where) =>
      conditionOf(space, variables, where, (view) => !clause.holds(fact, view)),
    );
  });
  return any(broken);
}

/** When a state violates a property. */
export function brokenInState({ space, variables }: Relations, { id, clauses }: Property): Condition {
  const broken = clauses.flatMap((clause) => {
    if (clause.kind !== 'always') return [];
    return [...asked(space.system, id, clause)].map((where) =>
      conditionOf(space, variables, where, (view) => !clause.holds(view)),
    );
  });
  return any(broken);
}
