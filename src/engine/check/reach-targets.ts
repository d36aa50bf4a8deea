import { UNKNOWN } from './answers.ts';
import { answer } from './bound-predicate.ts';
import type { Surroundings } from './generate.ts';
import type { LinearLoops } from './linear-loops.ts';
import { isLinear } from './linear-memory.ts';

/** What is to be reached: the addresses of questions, a bit each; and by state, the goals that it is known to reach. */
export interface ReachTargets {
  readonly addresses: readonly number[];
  readonly reached: Uint8Array;
}

/** The tables and states among which goals are looked for, and the loops in WebAssembly if there are any. */
type Ground = Pick<Surroundings, 'arena' | 'states' | 'base' | 'words'> & { readonly loops: LinearLoops | null };

/** States whose goals are marked one after another, so that the memory fetches them once. */
const TOGETHER = 1 << 12;

/**
 * Marks the goals among the states from `first` to `end`. Nothing is asked of a number that was not given: it reaches all.
 * `unanswered` is called where a question has no answer yet; it says yes or no.
 */
export function mark(
  { addresses, reached }: ReachTargets,
  { arena, states, base, words, loops }: Ground,
  first: number,
  end: number,
  unanswered: (address: number, state: number) => number,
): void {
  const place = (state: number): number => (state - base) * words;
  if (loops !== null && isLinear(states) && isLinear(reached))
    for (let stop = first; first < end; first = stop) {
      stop = Math.min(end, first + TOGETHER);
      for (let state = first; state < stop; state++) reached[state] = states[place(state)] === 0 ? 255 : 0;
      const isOut = addresses.some((address, goal) => {
        // An answer that was missing may have moved the tables out of the memory.
        for (let state = first; isLinear(arena.memory); state++) {
          state = loops.mark(arena.memory, address, 1 << goal, states, place(state), state, stop, reached);
          if (state === stop) return false;
          reached[state]! |= unanswered(address, state) << goal;
        }
        return true;
      });
      if (isOut) break;
    }
  for (let state = first; state < end; state++) {
    const at = place(state);
    let bits = states[at] === 0 ? 255 : 0;
    for (let goal = 0; goal < addresses.length && bits !== 255; goal++) {
      let is = answer(arena.memory, addresses[goal]!, states, at);
      if (is === UNKNOWN) is = unanswered(addresses[goal]!, state);
      bits |= is << goal;
    }
    reached[state] = bits;
  }
}
