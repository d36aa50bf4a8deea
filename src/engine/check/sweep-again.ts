import type { BfsSearch } from './bfs-search.ts';
import { yieldToEventLoop } from './event-loop.ts';
import { OpenTransitions } from './open-transitions.ts';
import { regenerate } from './regenerate.ts';

/** Bytes for each state that the transitions of the open states may take. */
const OPEN_BYTES = 4;
/** States that are looked at between two looks at the limits, which workers have every so many milliseconds. */
const SLICE = 1 << 14;
const LOOK = 50;

/**
 * Sweeps until nothing changes, where the transitions of a search were not kept: the states that are open are expanded again, until
 * their transitions are few enough to be kept. Says which limit stopped it, if one did.
 */
export async function sweepAgain(explorer: BfsSearch, bits: Uint8Array, all: number): Promise<string | undefined> {
  const { pool, engine, store, options } = explorer;
  const room = Math.min(store.count * OPEN_BYTES, (options.limits?.bytes ?? Infinity) - explorer.bytes - 1);
  const most = room / ((pool?.size ?? 0) + 1);
  let open = new OpenTransitions(most);
  for (let areKept = false, changed = true; changed; ) {
    let isDone = true;
    if (areKept) {
      changed = open.sweep(bits, all);
      if (await pool?.sweepOpen(engine, bits, all)) changed = true;
    } else {
      open = new OpenTransitions(most);
      const swept =
        pool === null ? await regenerateAll(explorer, bits, all, open) : await withWorkers(explorer, bits, all, open);
      ({ changed, isDone } = swept);
      areKept = !swept.isFull;
      explorer.openBytes = swept.bytes;
    }
    const stoppedBy = explorer.limit();
    if (stoppedBy !== undefined && (changed || !isDone)) return stoppedBy;
    await yieldToEventLoop();
  }
  return undefined;
}

/** What came of a sweep: whether it looked at all states, and whether the transitions of some open ones were not kept. */
interface Swept {
  readonly changed: boolean;
  readonly isDone: boolean;
  readonly isFull: boolean;
  readonly bytes: number;
}

async function regenerateAll(
  explorer: BfsSearch,
  bits: Uint8Array,
  all: number,
  open: OpenTransitions,
): Promise<Swept> {
  let changed = false;
  let end = explorer.store.size;
  for (; end > 0; end -= SLICE) {
    if (regenerate(explorer.engine, bits, all, Math.max(0, end - SLICE), end, open)) changed = true;
    if (explorer.limit() !== undefined) break;
    await yieldToEventLoop();
  }
  return { changed, isDone: end <= SLICE, isFull: open.isFull, bytes: open.bytes };
}

/** Has workers do it, and does what they leave. */
async function withWorkers(explorer: BfsSearch, bits: Uint8Array, all: number, open: OpenTransitions): Promise<Swept> {
  const { engine } = explorer;
  const pool = explorer.pool!;
  const watch = setInterval(() => {
    if (explorer.limit() !== undefined) pool.stop();
  }, LOOK);
  const swept = await pool.regenerate(engine, bits, all, open.most).finally(() => clearInterval(watch));
  let { changed } = swept;
  for (const state of swept.left) if (regenerate(engine, bits, all, state, state + 1, open)) changed = true;
  return {
    changed,
    isDone: !pool.isStopped,
    isFull: swept.isFull || open.isFull,
    bytes: swept.bytes + open.bytes,
  };
}
