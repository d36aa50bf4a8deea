import { initialState, type State, successors } from '../../../src/engine/compose/index.ts';
import type { System } from '../../../src/facts/index.ts';

/** All that a search has to find, found without tables. */
export interface Interpreted {
  readonly states: ReadonlySet<string>;
  readonly transitions: number;
  /** The longest of the shortest paths to a state. */
  readonly depth: number;
  /** Every fact that happened, with its data. */
  readonly facts: ReadonlySet<string>;
}

/** What tells one state of a composition from another. */
export const stateKey = (state: readonly { readonly value: unknown; readonly context: unknown }[]): string =>
  JSON.stringify(state.map(({ value, context }) => [value, context]));

/** Breadth-first search through XState itself, one fact at a time. */
export function interpreted(system: System): Interpreted {
  const offers = system.bareFacts();
  const initial = initialState(system);
  const states = new Set([stateKey(initial)]);
  const facts = new Set<string>();
  let transitions = 0;
  let depth = -1;
  for (let frontier: State[] = [initial]; frontier.length > 0; depth++) {
    const found: State[] = [];
    for (const state of frontier)
      for (const [fact, next] of successors(system, state, offers)) {
        transitions++;
        facts.add(JSON.stringify(fact));
        const key = stateKey(next);
        if (states.has(key)) continue;
        states.add(key);
        found.push(next);
      }
    frontier = found;
  }
  return { states, transitions, depth, facts };
}
