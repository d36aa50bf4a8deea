/** Entries of the first chunk, and of the largest. */
const FIRST_CHUNK = 1 << 12;
const CHUNK = 1 << 20;

/** States whose successors follow one another in a chunk. */
export interface Run {
  readonly first: number;
  readonly end: number;
  readonly chunk: Int32Array;
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
  #chunk = emptyChunk(FIRST_CHUNK);
  #used = 1;

  /**
   * Adds the successors of the states from `first` to `end`: those of state n are the entries of `numbers` from
   * `starts[n - first]` to `starts[n - first + 1]`, where each of them counts `stride`.
   */
  append(first: number, end: number, starts: Int32Array, stride: number, numbers: Int32Array): void {
    const room = (starts[end - first]! - starts[0]!) / stride + (end - first);
    if (this.#used + room > this.#chunk.length) {
      this.#chunk = emptyChunk(Math.max(room + 1, Math.min(CHUNK, this.#chunk.length * 2)));
      this.#used = 1;
    }
    const chunk = this.#chunk;
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
  sweep(bits: Uint8Array, all: number): boolean {
    let changed = false;
    for (const run of this.inOrder()) if ((run.done & all) !== all && sweep(run, bits, all)) changed = true;
    return changed;
  }

  /** Makes ready for the sweeps of other bits. */
  reset(): void {
    for (const run of this.runs) run.done = 0;
  }
}

/** A chunk whose first entry ends a state, as what comes before each run does. */
function emptyChunk(length: number): Int32Array {
  const chunk = new Int32Array(new SharedArrayBuffer(length * 4));
  chunk[0] = -1;
  return chunk;
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
