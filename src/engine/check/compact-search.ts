import { grown } from './arena.ts';
import { FIRST_GUESS } from './bfs-search.ts';
import { type Component, componentsOf } from './component.ts';
import { Engine } from './engine.ts';
import { yieldToEventLoop } from './event-loop.ts';
import { Fingerprints } from './fingerprints.ts';
import { layoutFor } from './layout.ts';
import { reached } from './limits.ts';
import type { Product } from './product.ts';
import type { OfProperty } from './property-set.ts';
import type { Progress, SearchOptions } from './search.ts';
import { Space } from './space.ts';
import { StateStore } from './state-store.ts';
import type { Break } from './table-monitor.ts';

/** Places of the first table of fingerprints, and by how much it grows. */
const FIRST_TABLE = 1 << 12;
const GROWTH = 4;
/** States between two looks at the limits. */
const SLICE = 1 << 14;

/** Said when a search is to begin again. */
const AGAIN = 'again';

/** The states of one level, packed. */
class Level {
  count = 0;
  packed: Int32Array<SharedArrayBuffer>;

  constructor(readonly words: number) {
    this.packed = new Int32Array(new SharedArrayBuffer(256 * words * 4));
  }

  /** Takes the state at `at`. */
  push(packed: Int32Array, at: number): void {
    const to = this.count++ * this.words;
    if (to + this.words > this.packed.length) this.packed = grown(this.packed, this.packed.length * 2);
    for (let word = 0; word < this.words; word++) this.packed[to + word] = packed[at + word]!;
  }
}

/** Where each state of a level came from: the number of a state of the level before, and the fact. */
class Origins {
  readonly states: number[] = [];
  readonly facts: number[] = [];

  push(state: number, fact: number): void {
    this.states.push(state);
    this.facts.push(fact);
  }
}

/**
 * A search that keeps the fingerprints of states and forgets the states: see `fingerprints.ts`. Only two levels are whole.
 *
 * When the table is full, or a component has more states than its field holds, it begins again, with a larger one. What
 * something can be reached from is not decided: that takes all states.
 */
export class CompactSearch {
  engine!: Engine;
  transitions = 0;
  depth = 0;
  /** It begins at the beginning. */
  readonly resumedFrom = undefined;
  readonly #components: readonly Component[];
  #fingerprints!: Fingerprints;
  #level!: Level;
  /** By break: the level of its state; the number of the state is that within the level. */
  readonly #levelOf = new Map<Break, number>();
  readonly #started = performance.now();

  constructor(
    readonly product: Product,
    readonly clauses: readonly OfProperty[],
    readonly options: SearchOptions,
  ) {
    this.#components = componentsOf(product.system);
    this.#prepare(FIRST_TABLE);
  }

  /** Searches until every state that is not taken for another is expanded, or a limit is reached; says which. */
  async run(): Promise<string | undefined> {
    for (;;) {
      const stoppedBy = await this.#searchAll();
      this.#noteBreaks();
      if (stoppedBy !== AGAIN) return stoppedBy;
      const most = Math.floor((this.options.limits?.bytes ?? Infinity) / Fingerprints.bytes);
      const { isFull, length } = this.#fingerprints;
      if (isFull && length >= most) return `limit of ${this.options.limits?.bytes} bytes`;
      this.#prepare(isFull ? Math.min(length * GROWTH, most) : length);
    }
  }

  async close(): Promise<void> {}

  /** Makes ready for a search from the first state, with a table of so many places. */
  #prepare(places: number): void {
    const layout = layoutFor(this.#components.map(({ size }) => Math.max(size, FIRST_GUESS)));
    const space = new Space(this.product, this.#components, layout);
    const reduce = this.options.reduce !== false;
    this.engine = new Engine(space, new StateStore(layout.words), this.clauses, reduce);
    this.#levelOf.clear();
    this.#reset(places);
  }

  #reset(places: number): void {
    const { words, out, space } = this.engine;
    this.transitions = 0;
    this.depth = 0;
    this.#fingerprints = new Fingerprints(
      places,
      typeof this.options.compact === 'number' ? this.options.compact : undefined,
    );
    this.#level = new Level(words);
    space.layout.write(
      this.#components.map(() => 0),
      out,
      0,
    );
    this.#fingerprints.add(out, 0, words);
    this.#level.push(out, 0);
  }

  async #searchAll(): Promise<string | undefined> {
    for (;;) {
      const next = new Level(this.engine.words);
      const stoppedBy = await this.#expandInto(next);
      if (stoppedBy !== undefined) return stoppedBy;
      this.#noteBreaks();
      if (next.count === 0) return undefined;
      this.#level = next;
      this.depth++;
    }
  }

  /** Asks what there is to ask of a level, and expands it. */
  async #expandInto(next: Level): Promise<string | undefined> {
    const { engine } = this;
    const level = this.#level;
    engine.store.states = level.packed;
    for (let state = 0; state < level.count && engine.open !== 0; state++) engine.ask(state, engine.open);
    for (let first = 0, look = 0; first < level.count; ) {
      first = this.#expandBatch(first, next);
      if (engine.overflow || this.#fingerprints.isFull) return AGAIN;
      if (this.transitions < look) continue;
      look = this.transitions + SLICE;
      const stoppedBy = this.#limit();
      if (stoppedBy !== undefined) return stoppedBy;
      this.options.onProgress?.(this.#progress(next));
      await yieldToEventLoop();
    }
    return undefined;
  }

  /** Expands a batch of states from `first` on; returns the first that is left. */
  #expandBatch(first: number, next: Level, origins: Origins | null = null): number {
    const { inner, out, starts, words } = this.engine;
    const left = inner.expand(first, this.#level.count);
    for (let state = first; state < left; state++)
      for (let at = starts[state - first]!; at < starts[state - first + 1]!; at += words + 1) {
        this.transitions++;
        if (!this.#fingerprints.add(out, at, words)) continue;
        next.push(out, at);
        origins?.push(state, out[at + words]!);
      }
    return left;
  }

  /**
   * The numbers of the facts on a shortest path to the state of each break. The search keeps no path: it begins again, does the
   * same once more up to the last of these levels, and notes where each state came from.
   */
  waysTo(breaks: readonly Break[]): number[][] {
    const levels = breaks.map((broken) => this.#levelOf.get(broken)!);
    const kept = { transitions: this.transitions, depth: this.depth, fingerprints: this.#fingerprints };
    const origins: Origins[] = [new Origins()];
    this.#reset(this.#fingerprints.length);
    for (let level = 1; level <= Math.max(0, ...levels); level++) {
      const next = new Level(this.engine.words);
      const of = new Origins();
      this.engine.store.states = this.#level.packed;
      for (let first = 0; first < this.#level.count; ) first = this.#expandBatch(first, next, of);
      origins.push(of);
      this.#level = next;
    }
    this.transitions = kept.transitions;
    this.depth = kept.depth;
    this.#fingerprints = kept.fingerprints;
    return breaks.map(({ state }, index) => {
      const facts: number[] = [];
      for (let level = levels[index]!, at = state; level > 0; at = origins[level--]!.states[at]!)
        facts.push(origins[level]!.facts[at]!);
      return facts.reverse();
    });
  }

  #limit(): string | undefined {
    const { states, bytes, milliseconds } = this;
    return reached(this.options, { states, bytes, milliseconds });
  }

  get states(): number {
    return this.#fingerprints.count;
  }

  /** The probability that a state was missed, at most. */
  get missProbability(): number {
    return this.#fingerprints.missProbability;
  }

  /** Bytes of the fingerprints, and of the level that is whole. */
  get bytes(): number {
    return this.#fingerprints.bytes + this.#level.packed.byteLength;
  }

  get milliseconds(): number {
    return performance.now() - this.#started;
  }

  #progress(next: Level): Progress {
    const { states, transitions, milliseconds } = this;
    return { states, transitions, frontier: this.#level.count + next.count, milliseconds };
  }

  #noteBreaks(): void {
    this.engine.monitor.breaks.note(this.#levelOf, () => this.depth);
  }
}
