import type { LinearLoops } from './linear-loops.ts';
import { isLinear, type LinearMemory, type SharedIntegers, sharedIntegers } from './linear-memory.ts';

/** Entries of the first chunk, and of the largest. */
const FIRST_CHUNK = 1 << 12;
const CHUNK = 1 << 20;

/** States whose successors follow one another in a chunk. */
export interface Run {
  readonly first: number;
  readonly end: number;
  readonly chunk: SharedIntegers;
  readonly start: number;
  readonly stop: number;
  /** The bits that all of these states have: with these, a sweep need not look at them. */
  done: number;
}

/**
 * The transitions of a search, for what must be asked backwards: the numbers of the successors of one state after another.
 * The last successor of a state is written as its complement, so that one entry is enough for a transition.
 */
export class TransitionLog {
  /** Bytes of the transitions. */
  bytes = 0;
  readonly runs: Run[] = [];
  #chunk: SharedIntegers | null = null;
  #used = 1;

  /** It lies where `allocate` finds room. */
  constructor(readonly allocate = sharedIntegers) {}

  /**
   * Adds the successors of the states from `first` to `end`: those of state n are the entries of `numbers` from
   * `starts[n - first]` to `starts[n - first + 1]`, where each of them counts `stride`.
   */
  append(first: number, end: number, starts: Int32Array, stride: number, numbers: Int32Array): void {
    const room = (starts[end - first]! - starts[0]!) / stride + (end - first);
    let chunk = this.#chunk;
    if (chunk === null || this.#used + room > chunk.length) {
      chunk = this.allocate(Math.max(room + 1, Math.min(CHUNK, (chunk?.length ?? FIRST_CHUNK / 2) * 2)));
      // This entry ends a state, as what comes before each run does.
      chunk[0] = -1;
      this.#chunk = chunk;
      this.#used = 1;
    }
    let at = this.#used;
    for (let state = first; state < end; state++) {
      const last = starts[state - first + 1]! / stride;
      let from = starts[state - first]! / stride;
      // A state without successors has itself as one: that changes nothing.
      if (from === last) chunk[at++] = state;
      while (from < last) chunk[at++] = numbers[from++]!;
      chunk[at - 1] = ~chunk[at - 1]!;
    }
    this.runs.push({ first, end, chunk, start: this.#used, stop: at, done: 0 });
    this.bytes += (at - this.#used) * 4;
    this.#used = at;
  }

  /** Takes over what others kept. */
  adopt(runs: readonly Run[]): void {
    for (const run of runs) {
      this.runs.push(run);
      this.bytes += (run.stop - run.start) * 4;
    }
  }

  /** The runs, the last states first. */
  inOrder(): readonly Run[] {
    return this.runs.sort((a, b) => b.first - a.first);
  }

  /** From the last state to the first, each takes over the bits of its successors. Answers whether one changed. */
  sweep(bits: Uint8Array, all: number, loops: LinearLoops | null): boolean {
    let changed = false;
    for (const run of this.inOrder()) {
      if ((run.done & all) === all) continue;
      const inMemory = loops !== null && isLinear(bits) && isLinear(run.chunk);
      if (inMemory ? loops.sweep(run, bits, all) : sweep(run, bits, all)) changed = true;
    }
    return changed;
  }

  /** Gives back all memory of it. */
  free(memory: LinearMemory | null): void {
    for (const chunk of new Set(this.runs.map((run) => run.chunk))) memory?.free(chunk);
  }

  /** Makes ready for the sweeps of other bits. */
  reset(): void {
    for (const run of this.runs) run.done = 0;
  }
}

function sweep(run: Run, bits: Uint8Array, all: number): boolean {
  const { first, end, chunk, stop } = run;
  let changed = false;
  let done = all;
  let at = stop - 1;
  for (let state = end - 1; state >= first; state--) {
    const before = bits[state]!;
    let to = ~chunk[at--]!;
    if (before === all) {
      while (chunk[at]! >= 0) at--;
      continue;
    }
    let now = before;
    for (; to >= 0; to = chunk[at--]!) now |= bits[to]!;
    at++;
    done &= now;
    if (now === before) continue;
    bits[state] = now;
    changed = true;
  }
  run.done = done;
  return changed;
}
