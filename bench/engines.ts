import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AnyMachineSnapshot } from 'xstate';
import { type Covered, Searches, type SearchOptions } from '../src/engine/check/index.ts';
import { append, initialState, isRefusal, type State, successors } from '../src/engine/compose/index.ts';
import { explore } from '../src/engine/explore.ts';
import type { Fact, System } from '../src/facts/index.ts';
import type { Subject } from './systems.ts';

/** What a search came to. */
export interface Counts {
  readonly states: number;
  readonly transitions: number;
  /** Bytes that it keeps for its states, where it tells. */
  readonly bytes?: number;
}

/** What was searched is not searched again, as in an audit. */
const searches = new Searches();
const ours =
  (options: SearchOptions) =>
  async ({ system, properties }: Subject): Promise<Covered> =>
    (await searches.check(system, properties, options)).covered;

/** The ways to search that are compared, by name. One that answers with the same object again did not search again. */
export const ENGINES: Readonly<Record<string, (subject: Subject) => Promise<Counts>>> = {
  'one thread': ours({ workers: 0 }),
  'two workers': ours({ workers: 2 }),
  'one thread, partial order': ours({ workers: 0, partialOrder: true }),
  'one thread, on disk': async (subject) => {
    const directory = mkdtempSync(join(tmpdir(), 'hartproof-bench-'));
    try {
      return await ours({ disk: { directory } })(subject);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
  'one thread, without reduction': ours({ workers: 0, reduce: false }),
  explore: async ({ system }) => {
    const { states, transitions } = explore(system);
    return { states: states.length, transitions: transitions.length };
  },
  interpreted: async ({ system }) => interpret(system),
  getAdjacencyMap: async ({ system }) => {
    const { getAdjacencyMap } = await import('@xstate/test');
    const map = Object.values(getAdjacencyMap(logicOf(system) as never, optionsOf(system) as never));
    const transitions = map.reduce((sum, { transitions }) => sum + Object.keys(transitions).length, 0);
    return { states: map.length, transitions };
  },
  getShortestPaths: async ({ system }) => {
    const { getShortestPaths } = await import('@xstate/test');
    return { states: getShortestPaths(logicOf(system) as never, optionsOf(system) as never).length, transitions: 0 };
  },
};

const keyOf = (state: readonly AnyMachineSnapshot[]): string =>
  JSON.stringify(state.map(({ value, context }) => [value, context]));

/** Breadth first through XState, with no tables and no properties. */
function interpret(system: System): Counts {
  const offers = system.bareFacts();
  const states = new Map([[keyOf(initialState(system)), initialState(system)]]);
  let transitions = 0;
  // A map hands on what is added while it is walked: it is the queue as well.
  for (const state of states.values())
    for (const [, next] of successors(system, state, offers)) {
      transitions++;
      const key = keyOf(next);
      if (!states.has(key)) states.set(key, next);
    }
  return { states: states.size, transitions };
}

/** A composition as one actor logic, for XState's own graph functions. */
export function logicOf(system: System) {
  const snapshot = (parts: State) => ({ status: 'active', output: undefined, error: undefined, parts });
  return {
    getInitialSnapshot: () => snapshot(initialState(system)),
    transition: ({ parts }: { parts: State }, fact: Fact) => {
      const next = append(system, parts, fact);
      return snapshot(isRefusal(next) ? parts : next);
    },
    getPersistedSnapshot: (state: unknown) => state,
  };
}

export function optionsOf(system: System) {
  const offers = system.bareFacts();
  return {
    events: ({ parts }: { parts: State }) => successors(system, parts, offers).map(([fact]) => fact),
    serializeState: ({ parts }: { parts: State }) => keyOf(parts),
    serializeEvent: (fact: Fact) => JSON.stringify(fact),
    limit: Infinity,
  };
}
