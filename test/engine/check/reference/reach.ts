import { grown } from './state-store.ts';

/** The transitions of a search, for what must be asked backwards. */
export class TransitionLog {
  size = 0;
  #from = new Int32Array(1 << 12);
  #to = new Int32Array(1 << 12);

  get bytes(): number {
    return this.#from.byteLength * 2;
  }

  get from(): Int32Array {
    return this.#from;
  }

  get to(): Int32Array {
    return this.#to;
  }

  add(from: number, to: number): void {
    if (from === to) return;
    if (this.size === this.#from.length) {
      this.#from = grown(this.#from, this.size * 2);
      this.#to = grown(this.#to, this.size * 2);
    }
    this.#from[this.size] = from;
    this.#to[this.size] = to;
    this.size++;
  }
}

/** For each state, 1 if a state marked in `goal` can be reached from it (or is it), else 0. */
export function backwards(edges: TransitionLog, goal: Uint8Array): Uint8Array {
  const states = goal.length;
  // The predecessors of state n are sources[starts[n]] … sources[starts[n + 1] - 1].
  const starts = new Int32Array(states + 1);
  for (let edge = 0; edge < edges.size; edge++) starts[edges.to[edge]! + 1]!++;
  for (let state = 0; state < states; state++) starts[state + 1]! += starts[state]!;
  const sources = new Int32Array(edges.size);
  const filled = starts.slice();
  for (let edge = 0; edge < edges.size; edge++) sources[filled[edges.to[edge]!]!++] = edges.from[edge]!;

  const reaches = goal.slice();
  const open = new Int32Array(states);
  let last = 0;
  for (let state = 0; state < states; state++) if (reaches[state] === 1) open[last++] = state;
  for (let first = 0; first < last; first++) {
    const state = open[first]!;
    for (let at = starts[state]!; at < starts[state + 1]!; at++) {
      const source = sources[at]!;
      if (reaches[source] === 1) continue;
      reaches[source] = 1;
      open[last++] = source;
    }
  }
  return reaches;
}
