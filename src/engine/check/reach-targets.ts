import { UNKNOWN } from './answers.ts';
import { answer } from './bound-predicate.ts';
import type { Surroundings } from './generate.ts';

/** What is to be reached: the addresses of questions, a bit each; and by state, the goals that it is known to reach. */
export interface ReachTargets {
  readonly addresses: readonly number[];
  readonly reached: Uint8Array;
}

/** The tables and states among which goals are looked for. */
type Ground = Pick<Surroundings, 'arena' | 'states'> & { readonly words: number };

/**
 * Marks the goals among the states from `first` to `end`. Nothing is asked of a number that was not given: it reaches all.
 * `unanswered` is called where a question has no answer yet; it says yes or no.
 */
export function mark(
  { addresses, reached }: ReachTargets,
  { arena, states, words }: Ground,
  first: number,
  end: number,
  unanswered: (address: number, state: number) => number,
): void {
  for (let state = first; state < end; state++) {
    const at = state * words;
    let bits = states[at] === 0 ? 255 : 0;
    for (let goal = 0; goal < addresses.length && bits !== 255; goal++) {
      let is = answer(arena.memory, addresses[goal]!, states, at);
      if (is === UNKNOWN) is = unanswered(addresses[goal]!, state);
      bits |= is << goal;
    }
    reached[state] = bits;
  }
}
