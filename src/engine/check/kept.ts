import type { Component } from './component.ts';
import type { OfProperty, PropertySet } from './property-set.ts';
import type { Space } from './space.ts';

/** What a search leaves to the next one of its product: all that was tabulated, and the answers to what was asked. */
export interface Kept {
  readonly components: readonly Component[];
  readonly space: Space;
  readonly clauses: readonly OfProperty[];
  readonly propertySet: PropertySet;
  /** How many states it found. */
  readonly states: number;
}

/** What was kept, if the next search asks the same. */
export const keptFor = (kept: Kept | undefined, clauses: readonly OfProperty[]): Kept | undefined =>
  kept?.clauses.length === clauses.length &&
  kept.clauses.every(({ id, clause }, number) => id === clauses[number]!.id && clause === clauses[number]!.clause)
    ? kept
    : undefined;
