/** Entries of the first chunk, and of the largest. */
const FIRST_CHUNK = 1 << 8;
const CHUNK = 1 << 16;

/**
 * The transitions of the states that sweeps left open: those that are not known yet to reach all that is asked for.
 * A state that a sweep settles is dropped, so that the next sweep looks at less.
 */
export class OpenTransitions {
  /** Set when there was no room for the transitions of a state: then none are kept. */
  isFull = false;
  /** Bytes of the transitions. */
  bytes = 0;
  /** Of each state its number, then those of its successors, the last of them as its complement. */
  #chunks: { readonly entries: Int32Array; used: number }[] = [];

  /** `most` is how many bytes may be kept. */
  constructor(readonly most: number) {}

  /** Keeps the successors of a state: the entries of `numbers` from `from` to `to`. One without successors stays as it is, and needs no look. */
  keep(state: number, numbers: Int32Array, from: number, to: number): void {
    if (this.isFull || from === to) return;
    const length = to - from + 1;
    let chunk = this.#chunks.at(-1);
    if (chunk === undefined || chunk.used + length > chunk.entries.length) {
      const room = Math.min(CHUNK, (chunk?.entries.length ?? FIRST_CHUNK / 2) * 2);
      chunk = { entries: new Int32Array(Math.max(room, length)), used: 0 };
      if (this.bytes + chunk.entries.byteLength > this.most) {
        this.isFull = true;
        this.#chunks = [];
        this.bytes = 0;
        return;
      }
      this.bytes += chunk.entries.byteLength;
      this.#chunks.push(chunk);
    }
    const { entries, used } = chunk;
    entries[used] = state;
    for (let at = from; at < to; at++) entries[used + 1 + at - from] = numbers[at]!;
    chunk.used = used + length;
    entries[chunk.used - 1] = ~entries[chunk.used - 1]!;
  }

  /** In the order in which they were kept, each state takes over the bits of its successors. Answers whether one changed. */
  sweep(bits: Uint8Array, all: number): boolean {
    let changed = false;
    for (const chunk of this.#chunks) {
      const { entries, used } = chunk;
      let write = 0;
      for (let read = 0; read < used; ) {
        const start = read;
        const state = entries[read++]!;
        const before = bits[state]!;
        let now = before;
        let to: number;
        do {
          to = entries[read++]!;
          now |= bits[to < 0 ? ~to : to]!;
        } while (to >= 0);
        if (now !== before) {
          bits[state] = now;
          changed = true;
        }
        if ((now & all) === all) continue;
        if (write === start) write = read;
        else for (let at = start; at < read; at++) entries[write++] = entries[at]!;
      }
      chunk.used = write;
    }
    return changed;
  }
}
