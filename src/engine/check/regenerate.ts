import type { Inner, Surroundings } from './generate.ts';
import type { OpenTransitions } from './open-transitions.ts';

/** The inner loops and what they work on. */
type Loops = Surroundings & { readonly inner: Inner };

/** States whose successors are looked up together: about as many as fill a batch. */
const TOGETHER = 32;

/**
 * What a sweep over the transitions does to the states from `first` to `end`, where the transitions were not kept: from the
 * last state to the first, those that do not have all bits are expanded once more, and take over the bits of their successors.
 * The successors of those that stay open are kept in `open`. Answers whether a state changed.
 */
export function regenerate(
  loops: Loops,
  bits: Uint8Array,
  all: number,
  first: number,
  end: number,
  open: OpenTransitions,
): boolean {
  const sweep = { loops, bits, all, open };
  let changed = false;
  for (let to = end; to > first; to -= TOGETHER)
    if (regenerateBatch(sweep, Math.max(first, to - TOGETHER), to)) changed = true;
  return changed;
}

/** What all batches of a sweep have in common. */
interface Sweep {
  readonly loops: Loops;
  readonly bits: Uint8Array;
  readonly all: number;
  readonly open: OpenTransitions;
}

function regenerateBatch({ loops, bits, all, open }: Sweep, first: number, end: number): boolean {
  const { inner, starts, numbers, words } = loops;
  const stride = words + 1;
  let changed = false;
  for (let state = first; state < end; ) {
    if ((bits[state]! & all) === all) {
      state++;
      continue;
    }
    let stop = state + 1;
    while (stop < end && (bits[stop]! & all) !== all) stop++;
    const left = inner.expand(state, stop);
    if (left === state) throw new Error('a state that was expanded cannot be expanded again');
    // All of them are known: this only looks up their numbers.
    inner.add();
    for (let from = left - 1; from >= state; from--) {
      const begin = starts[from - state]! / stride;
      const until = starts[from - state + 1]! / stride;
      const before = bits[from]!;
      let now = before;
      for (let at = begin; at < until; at++) now |= bits[numbers[at]!]!;
      if (now !== before) {
        bits[from] = now;
        changed = true;
      }
      if ((now & all) !== all) open.keep(from, numbers, begin, until);
    }
    state = left;
  }
  return changed;
}
