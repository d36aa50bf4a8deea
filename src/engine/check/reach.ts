import { UNKNOWN } from './answers.ts';
import type { BfsSearch } from './bfs-search.ts';
import { answer } from './bound-predicate.ts';
import { yieldToEventLoop } from './event-loop.ts';
import type { Goal } from './property-set.ts';
import { mark } from './reach-targets.ts';
import { sweepAgain } from './sweep-again.ts';

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
    const stoppedBy = await (explorer.edges === null ? sweepAgain : sweep)(explorer, reached, all);
    if (stoppedBy !== undefined) return stoppedBy;
    for (const [bit, goal] of together.entries()) findBreak(explorer, reached, 1 << bit, goal);
  }
  return undefined;
}

/** The goals that each state is itself. */
async function markGoals(explorer: BfsSearch, goals: readonly Goal[]): Promise<Uint8Array> {
  const { pool, engine, store } = explorer;
  const { propertySet, states, words } = engine;
  const { buffer, byteOffset } = store.allocate(Math.ceil(store.size / 4));
  const reached = new Uint8Array(buffer, byteOffset, store.size);
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

/** Sweeps over all transitions until nothing changes; says which limit stopped it, if one did. */
async function sweep(explorer: BfsSearch, reached: Uint8Array, all: number): Promise<string | undefined> {
  const { pool, engine } = explorer;
  const edges = explorer.edges!;
  edges.reset();
  for (let round = 0, changed = true; changed; round++) {
    changed =
      pool === null
        ? edges.sweep(reached, all, engine.loops)
        : await pool.sweep(engine, round === 0 ? edges : null, reached, all);
    const stoppedBy = explorer.limit();
    if (stoppedBy !== undefined && changed) return stoppedBy;
    await yieldToEventLoop();
  }
  return undefined;
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
