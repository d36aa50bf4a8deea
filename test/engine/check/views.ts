import { asked, viewThrough } from '../../../src/engine/check/predicate.ts';
import type { State } from '../../../src/engine/compose/index.ts';
import type { Always, CanReach, Property, System, View, Whenever } from '../../../src/facts/index.ts';

/** What each way of asking a clause of a property sees in a state: one for each event or hart that it is asked of. */
export const viewsOf = (system: System, { id }: Property, clause: Always | Whenever | CanReach, state: State): View[] =>
  [...asked(system, id, clause)].map((one) => viewThrough(system, one, (part) => state[part]!));
