import type { Surroundings } from './generate.ts';
import type { Exports } from './linear-loops.ts';
import { address } from './linear-memory.ts';
import type { Sorted } from './sorter.ts';

/**
 * Adds the sorted successors of a part in WebAssembly, and asks what there is to ask of the states that are new. `insert` adds those from one
 * address to another, with numbers from `next` on, until it is out of numbers; it answers the address that it came to.
 */
export function insertPart(
  { next }: Exports,
  env: Surroundings,
  { entries, heads, length }: Sorted,
  part: number,
  insert: (from: number, stop: number) => number,
): void {
  const first = part * length;
  const stop = address(entries, heads[part]);
  heads[part] = first;
  for (let at = address(entries, first); at !== stop; ) {
    const { size } = env;
    next.value = size;
    at = insert(at, stop) >>> 0;
    env.size = next.value;
    for (let state = size; state < env.size && env.open !== 0; state++) env.ask(state, env.open);
    if (env.size === env.end) env.refill();
  }
}
