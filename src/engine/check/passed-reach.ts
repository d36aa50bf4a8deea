import { yieldToEventLoop } from './event-loop.ts';
import type { PartialOrderPass } from './partial-order-pass.ts';
import type { Passed } from './passed.ts';
import type { Place, Wave } from './passed-walk.ts';
import type { Goal } from './property-set.ts';

/** A bit for each goal: so many can be decided. */
export const MOST_GOALS = 31;
/** Transitions are swept while states are found, as soon as those that never were take so many bytes for each state. */
const FRESH = 4;
/** Bytes of a transition. */
const PAIR = 8;

/** By goal: where it starts and is out of reach, in the first level in which it does; null while none is found. */
type First = (Place | null)[];

/**
 * Decides what can be reached where states are passed and not kept. A kept state reaches what it is, what is passed on the way to the
 * next kept states, and what those reach; so a transition is a pair of kept states, and what is passed is marked in the first of them.
 */
export class PassedReachability {
  readonly #pass: PartialOrderPass;
  /** A bit for each goal. */
  readonly #all: number;
  /** By kept state: the goals that it is known to reach. */
  #reached: Uint8Array | Uint32Array;
  /** The kept states at both ends of each transition that is still needed. */
  #pairs = new Int32Array(1 << 10);
  #count = 0;
  /** How many of them were swept. */
  #swept = 0;
  /** Whether nothing followed a state that was passed: then it reaches nothing, whatever the kept state reaches from which it came. */
  #hasDeadEnd = false;

  constructor(pass: PartialOrderPass) {
    this.#pass = pass;
    this.#all = 2 ** this.#goals.length - 1;
    this.#reached = this.#goals.length <= 8 ? new Uint8Array(1 << 10) : new Uint32Array(1 << 10);
  }

  /** Asked anew each time, since another layout has other addresses. */
  get #goals(): readonly Goal[] {
    return this.#pass.engine.propertySet.goals;
  }

  /** Bytes that it takes. */
  get bytes(): number {
    return this.#reached.byteLength + this.#pairs.byteLength;
  }

  /** Marks the goals that the kept states from `first` to `end` are themselves. */
  mark(first: number, end: number): void {
    const { states, store } = this.#pass.engine;
    this.#makeRoom(end);
    for (let state = first; state < end; state++) this.#reached[state]! |= this.#goalsAt(states, store.at(state));
  }

  /** Marks the goals that are passed in the kept states from which they are. */
  pass({ count, packed, from, words }: Passed): void {
    for (let state = 0; state < count; state++) this.#reached[from[state]!]! |= this.#goalsAt(packed, state * words);
  }

  /** Takes over transitions from `sources` to `targets`. */
  append(sources: Int32Array, targets: Int32Array, count: number): void {
    const length = 2 * (this.#count + count);
    if (length > this.#pairs.length) this.#pairs = larger(this.#pairs, length);
    for (let one = 0; one < count; one++) {
      const at = 2 * this.#count;
      if (this.#reached[sources[one]!] === this.#all) continue;
      this.#pairs[at] = sources[one]!;
      this.#pairs[at + 1] = targets[one]!;
      this.#count++;
    }
  }

  /** Nothing follows a state that is passed. */
  noteDeadEnd(): void {
    this.#hasDeadEnd = true;
  }

  /** While states are found: drops the transitions of those that are settled by what is known so far. */
  settle(): void {
    const { size } = this.#pass.engine.store;
    if ((this.#count - this.#swept) * PAIR < FRESH * size) return;
    this.#makeRoom(size);
    this.#sweep();
    this.#swept = this.#count;
  }

  /** Decides them, once all states are found. Says which limit stopped it, if one did. */
  async decide(): Promise<string | undefined> {
    while (this.#sweep()) {
      const stoppedBy = this.#pass.limit();
      if (stoppedBy !== undefined) return stoppedBy;
      await yieldToEventLoop();
    }
    return this.#findBreaks();
  }

  /** From the last transition to the first, each state takes over what the next one reaches. Answers whether anything changed. */
  #sweep(): boolean {
    const pairs = this.#pairs;
    const reached = this.#reached;
    let changed = false;
    for (let at = 2 * this.#count - 2; at >= 0; at -= 2) {
      const known = reached[pairs[at]!]!;
      const now = known | reached[pairs[at + 1]!]!;
      if (now === known) continue;
      reached[pairs[at]!] = now;
      changed = true;
    }
    let left = 0;
    for (let at = 0; at < 2 * this.#count; at += 2) {
      if (reached[pairs[at]!] === this.#all) continue;
      pairs[left++] = pairs[at]!;
      pairs[left++] = pairs[at + 1]!;
    }
    this.#count = left / 2;
    return changed;
  }

  /** Finds, for each clause, a state of the first level in which one starts that does not reach its goal, kept or passed. */
  async #findBreaks(): Promise<string | undefined> {
    const search = this.#pass;
    const { store, states, words } = search.engine;
    const { levels, size } = store;
    if (!this.#hasDeadEnd && this.#reached.subarray(0, size).every((known) => known === this.#all)) return undefined;
    const first: First = this.#goals.map(() => null);
    for (const [level, start] of levels.entries()) {
      const bits = first.reduce(
        (all, found, bit) => (found === null || found.level > level ? all | (1 << bit) : all),
        0,
      );
      if (bits === 0) break;
      for (let state = start; state < (levels[level + 1] ?? size); state++)
        this.#seek(first, bits & ~this.#reached[state]!, level, states, state * words);
      for (const waves of search.walk.waves(level)) this.#seekPassed(first, bits, waves);
      const stoppedBy = search.limit();
      if (stoppedBy !== undefined) return stoppedBy;
      await yieldToEventLoop();
    }
    for (const [bit, { clause }] of this.#goals.entries()) if (first[bit] !== null) search.breakAt(clause, first[bit]!);
    return undefined;
  }

  /** Seeks among what is passed: from the last wave to the first, each state takes over what those after it reach. */
  #seekPassed(first: First, bits: number, waves: readonly Wave[]): void {
    const { engine } = this.#pass;
    const { words } = engine;
    const reached = waves.map(({ passed }) => new Int32Array(passed.count));
    for (let at = waves.length - 1; at > 0; at--) {
      const { kept, passed } = waves[at]!;
      const before = reached[at - 1]!;
      for (let place = 0; place < kept.count; place++)
        before[kept.from[place]!]! |= this.#reached[engine.inner.find(kept.packed, place * words)]!;
      for (let place = 0; place < passed.count; place++) before[passed.from[place]!]! |= reached[at]![place]!;
      const { level, passed: these } = waves[at - 1]!;
      for (let place = 0; place < these.count; place++) {
        if ((before[place]! & bits) === bits) continue;
        before[place]! |= this.#goalsAt(these.packed, place * words);
        this.#seek(first, bits & ~before[place]!, level, these.packed, place * words);
      }
    }
  }

  /** Notes the packed state at `at`, which does not reach some goals, for each of them that starts there, if none was found at a level before. */
  #seek(first: First, bits: number, level: number, packed: Int32Array, at: number): void {
    for (let left = bits; left !== 0; left &= left - 1) {
      const bit = 31 - Math.clz32(left & -left);
      if (first[bit] !== null && first[bit]!.level <= level) continue;
      if (this.#pass.engine.propertySet.ask(this.#goals[bit]!.from, packed, at) === 1)
        first[bit] = { level, states: this.#pass.engine.space.unpack(packed, at) };
    }
  }

  /** The goals that the packed state at `at` is itself. */
  #goalsAt(packed: Int32Array, at: number): number {
    let bits = 0;
    for (const [bit, { address }] of this.#goals.entries())
      bits |= this.#pass.engine.propertySet.ask(address, packed, at) << bit;
    return bits;
  }

  #makeRoom(states: number): void {
    if (states > this.#reached.length) this.#reached = larger(this.#reached, states);
  }
}

/** A copy with room for so many numbers, and for as many more as it has. */
function larger<T extends Int32Array | Uint8Array | Uint32Array>(array: T, least: number): T {
  const copy = new (array.constructor as new (length: number) => T)(Math.max(least, array.length * 2));
  copy.set(array);
  return copy;
}
