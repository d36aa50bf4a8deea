import { UNKNOWN } from './answers.ts';
import type { BfsSearch } from './bfs-search.ts';
import { answer } from './bound-predicate.ts';
import { yieldToEventLoop } from './event-loop.ts';
import type { Goal } from './property-set.ts';
import { mark } from './reach-targets.ts';

/** ReachTargets that are decided together: one bit each. */
const TOGETHER = 8;
/** One of so many states is asked before workers ask the others. */
const SAMPLE = 64;

/**
 * Decides the properties that something can be reached from wherever they start, once all states are found.
 * Says which limit stopped it, if one did.
 *
 * Each state gets a byte: the goals that it is known to reach. From the last state to the first, each takes over what its
 * successors reach, until a whole sweep changes nothing.
 */
export async function decideReachability(explorer: BfsSearch): Promise<string | undefined> {
  const { goals } = explorer.engine.propertySet;
  for (let first = 0; first < goals.length; first += TOGETHER) {
    const together = goals.slice(first, first + TOGETHER);
    const all = 2 ** together.length - 1;
    const reached = await markGoals(explorer, together);
    explorer.edges?.reset();
    for (let round = 0, changed = true; changed; round++) {
      changed = await sweep(explorer, reached, all, round === 0);
      const stoppedBy = explorer.limit();
      if (stoppedBy !== undefined && changed) return stoppedBy;
      await yieldToEventLoop();
    }
    for (const [bit, goal] of together.entries()) findBreak(explorer, reached, 1 << bit, goal);
  }
  return undefined;
}

/** The goals that each state is itself. */
async function markGoals({ pool, engine, store }: BfsSearch, goals: readonly Goal[]): Promise<Uint8Array> {
  const { propertySet, states, words } = engine;
  const reached = new Uint8Array(new SharedArrayBuffer(store.size));
  const marked = { addresses: goals.map(({ address }) => address), reached };
  const compute = (address: number, state: number): number => propertySet.answer(address, states, state * words);
  if (pool === null) {
    mark(marked, engine, 0, store.size, compute);
    return reached;
  }
  // What a sample leaves open is little.
  for (let state = 0; state < store.size; state += SAMPLE) mark(marked, engine, state, state + 1, compute);
  for (const state of await pool.mark(engine, marked)) mark(marked, engine, state, state + 1, compute);
  return reached;
}

function holds({ engine }: BfsSearch, address: number, state: number): boolean {
  const at = state * engine.words;
  const known = answer(engine.arena.memory, address, engine.states, at);
  return (known === UNKNOWN ? engine.propertySet.answer(address, engine.states, at) : known) === 1;
}

/** Sweeps once; answers whether anything changed. */
async function sweep(explorer: BfsSearch, reached: Uint8Array, all: number, isFirst: boolean): Promise<boolean> {
  const { pool, edges, engine } = explorer;
  if (edges === null) return sweepAgain(explorer, reached, all);
  return pool === null ? edges.sweep(reached, all) : pool.sweep(engine, isFirst ? edges : null, reached, all);
}

/** What {@link TransitionLog.sweep} does, where there is no room for the transitions: the states are expanded again. */
function sweepAgain({ engine, store }: BfsSearch, reached: Uint8Array, all: number): boolean {
  const { inner, out, starts, words } = engine;
  let changed = false;
  for (let state = store.size - 1; state >= 0; state--) {
    if (reached[state] === all) continue;
    inner.expand(state, state + 1);
    let now = reached[state]!;
    for (let at = 0; at < starts[1]! && now !== all; at += words + 1) now |= reached[inner.find(out, at)]!;
    if (now === reached[state]) continue;
    reached[state] = now;
    changed = true;
  }
  return changed;
}

function findBreak(explorer: BfsSearch, reached: Uint8Array, bit: number, { clause, from }: Goal): void {
  const { breaks } = explorer.engine.monitor;
  if (breaks.first[clause] !== null) return;
  for (let state = 0; state < reached.length; state++)
    if ((reached[state]! & bit) === 0 && holds(explorer, from, state)) {
      breaks.forGood(clause, { state, fact: -1 });
      return;
    }
}
