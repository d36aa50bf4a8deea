import type { BfsSearch } from './bfs-search.ts';
import { yieldToEventLoop } from './event-loop.ts';
import { type SharedIntegers, sharedIntegers } from './linear-memory.ts';
import type { Goal } from './property-set.ts';
import { mark } from './reach-targets.ts';
import { sweepAgain } from './sweep-again.ts';
import { TransitionLog } from './transition-log.ts';

/** Goals that are decided together: one bit each. */
const TOGETHER = 8;
/** One of so many states is asked before workers ask the others. */
const SAMPLE = 1 << 10;
/** Transitions are swept while states are found, as soon as those that never were take so many bytes for each state. */
const FRESH = 2;

/**
 * Decides the properties that something can be reached from wherever they start.
 *
 * Each state gets a byte: the goals that it is known to reach. From the last state to the first, each takes over what its
 * successors reach; once all states are found, until a whole sweep changes nothing. What a state is known to reach it reaches, whatever
 * is found later: so a state that has all bits is settled, and its transitions are dropped.
 */
export class Reachability {
  /** The transitions; null if they became too many. */
  edges: TransitionLog | null;
  readonly #search: BfsSearch;
  #room: SharedIntegers = sharedIntegers(0);
  /** By state: the goals that it is known to reach, of those that are decided together; and how many states were asked. */
  #reached = new Uint8Array(this.#room.buffer);
  #marked = 0;

  constructor(search: BfsSearch) {
    this.#search = search;
    this.edges = new TransitionLog((least, most) => search.store.allocateSome(least, most));
  }

  /** Bytes that it takes. */
  get bytes(): number {
    return this.#marked + (this.edges?.bytes ?? 0);
  }

  /** Whether a state of which all is known needs its transitions no more: of more goals than are decided together, others are still to be asked. */
  get #drops(): boolean {
    return this.#search.engine.propertySet.goals.length <= TOGETHER;
  }

  /** Gives up the transitions: what is open is expanded again instead. */
  drop(): void {
    this.edges?.free(this.#search.store.memory);
    this.edges = null;
  }

  /** Marks the goals among all states that were found so far, while their words are kept. */
  async mark(): Promise<void> {
    if (this.#drops) await this.#mark(this.#search.engine.propertySet.goals);
  }

  /** While states are found: drops the transitions of those that are settled by what is known so far. */
  async settle(): Promise<void> {
    const { engine, store } = this.#search;
    const { goals } = engine.propertySet;
    if (this.edges === null || !this.#drops || this.edges.fresh < FRESH * store.count) return;
    await this.#mark(goals);
    await this.#sweep(this.edges, goals);
  }

  /** Decides them, once all states are found. Says which limit stopped it, if one did. */
  async decide(): Promise<string | undefined> {
    const { goals } = this.#search.engine.propertySet;
    for (let first = 0; first < goals.length; first += TOGETHER) {
      const together = goals.slice(first, first + TOGETHER);
      if (first > 0) this.#marked = 0;
      await this.#mark(together);
      const stoppedBy =
        this.edges === null
          ? await sweepAgain(this.#search, this.#reached, allOf(together))
          : await this.#sweepAll(this.edges, together);
      if (stoppedBy !== undefined) return stoppedBy;
      this.#findBreaks(together);
    }
    return undefined;
  }

  /** Marks the goals that each state is itself, of the states that were not asked yet. */
  async #mark(goals: readonly Goal[]): Promise<void> {
    const { pool, engine, store } = this.#search;
    const { propertySet } = engine;
    this.#makeRoom();
    const marked = { addresses: goals.map(({ address }) => address), reached: this.#reached };
    const compute = (address: number, state: number): number =>
      propertySet.answer(address, engine.states, store.at(state));
    for (const [first, end] of engine.ranges(this.#marked, store.size)) {
      if (pool === null) {
        mark(marked, engine, first, end, compute);
        continue;
      }
      // What a sample leaves open is little.
      for (let state = first; state < end; state += SAMPLE) mark(marked, engine, state, state + 1, compute);
      for (const state of await pool.mark(engine, marked, first, end)) mark(marked, engine, state, state + 1, compute);
    }
    this.#marked = store.size;
  }

  /** Makes room for all states that there is room for. */
  #makeRoom(): void {
    const { store } = this.#search;
    if (this.#reached.length >= store.size) return;
    const old = this.#room;
    const needed = Math.ceil(Math.max(store.size, store.capacity) / 4);
    const { byteRoom } = store;
    this.#room = byteRoom !== null && needed <= byteRoom.length ? byteRoom : store.allocate(needed);
    this.#room.set(old);
    store.memory?.free(old);
    this.#reached = new Uint8Array(this.#room.buffer, this.#room.byteOffset, this.#room.length * 4);
  }

  /** Sweeps over all transitions that are kept. Answers whether anything changed. */
  async #sweep(edges: TransitionLog, goals: readonly Goal[]): Promise<boolean> {
    const { pool, engine, store } = this.#search;
    const asked = { reached: this.#reached, all: allOf(goals), drops: this.#drops };
    const changed = pool === null ? edges.sweep(asked, engine.loops) : await pool.sweep(engine, edges, asked);
    edges.trim(store.memory);
    return changed;
  }

  /** Sweeps until nothing changes; says which limit stopped it, if one did. */
  async #sweepAll(edges: TransitionLog, goals: readonly Goal[]): Promise<string | undefined> {
    while (await this.#sweep(edges, goals)) {
      const stoppedBy = this.#search.limit();
      if (stoppedBy !== undefined) return stoppedBy;
      await yieldToEventLoop();
    }
    return undefined;
  }

  /** Finds, for each clause, the first state where it starts and that does not reach its goal. */
  #findBreaks(goals: readonly Goal[]): void {
    const { engine } = this.#search;
    const { breaks } = engine.monitor;
    const first = goals.map(() => Infinity);
    engine.unsettled(this.#reached, allOf(goals), (packed, at, state) => {
      for (let bit = 0; bit < goals.length; bit++)
        if (
          (this.#reached[state]! & (1 << bit)) === 0 &&
          state < first[bit]! &&
          engine.propertySet.ask(goals[bit]!.from, packed, at) === 1
        )
          first[bit] = state;
    });
    for (const [bit, { clause }] of goals.entries()) {
      const state = first[bit]!;
      if (state < Infinity) breaks.outOfReach(clause, { state, fact: -1 }, (known) => state < known.state);
    }
  }
}

/** A bit for each goal. */
const allOf = ({ length }: readonly Goal[]): number => 2 ** length - 1;
