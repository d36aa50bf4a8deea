import { availableParallelism } from 'node:os';
import { type Component, componentsOf } from './component.ts';
import { Engine } from './engine.ts';
import { yieldToEventLoop } from './event-loop.ts';
import { type Kept, keptFor } from './kept.ts';
import { LargeSearch } from './large-search.ts';
import { LARGE_HEADROOM, layoutFor } from './layout.ts';
import { reached, type Stops } from './limits.ts';
import { sharedIntegers } from './linear-memory.ts';
import { availableMemory } from './memory.ts';
import type { Product } from './product.ts';
import type { OfProperty } from './property-set.ts';
import { QuotientStore } from './quotient-store.ts';
import { Reachability } from './reach.ts';
import type { SearchOptions } from './search.ts';
import { MOST_SORTED, Sorter } from './sorter.ts';
import { Space } from './space.ts';
import { StateStore } from './state-store.ts';
import type { Store } from './store.ts';
import type { Break } from './table-monitor.ts';
import { waysTo } from './trace.ts';
import type { Found, WorkerPool } from './worker-pool.ts';

/** How many states a component is expected to have at least. */
export const FIRST_GUESS = 1 << 6;
/** Transitions between two reports, once there are many; milliseconds between two looks at workers. */
const SLICE = 1 << 17;
const LOOK = 50;
/** From how many states on successors are sorted, and from how many in a level; the same of workers. */
const SORTED_FROM = 1 << 19;
const SORTED_LEVEL = 1 << 11;
const LARGE = 1 << 20;
const LARGE_LEVEL = 1 << 13;
const MOST_WORKERS = 8;

/** States that there is room for at least. */
const LEAST_ROOM = 1 << 12;

/** The share of the memory that is free at the start which transitions may take. */
const EDGES_SHARE = 1 / 4;
/** How many states can be numbered: a table that grows still has a bit for a tag beside each number. */
const MOST_STATES = 2 ** 30;

/** Finds the states of a product level by level. */
export class BfsSearch {
  engine: Engine;
  store: Store;
  transitions = 0;
  /** The number of the next state to expand. */
  next = 0;
  /** Decides what can be reached; null if nothing asks it. */
  readonly reach: Reachability | null;
  /** Bytes of the transitions that are kept of open states, where not all are kept: see `sweep-again.ts`. */
  openBytes = 0;
  readonly #components: readonly Component[];
  /** The workers, once there are any. */
  pool: WorkerPool | null = null;
  #sorter: Sorter | null = null;
  /** What a large search lies in; null while it is small, or where there is no WebAssembly. */
  #large: LargeSearch | null = null;
  #look = 0;
  readonly #stops: Stops;
  readonly #mostEdges = availableMemory() * EDGES_SHARE;
  readonly #started = performance.now();

  constructor(
    readonly product: Product,
    readonly clauses: readonly OfProperty[],
    readonly options: SearchOptions,
  ) {
    const { limits } = options;
    const states = Math.min(limits?.states ?? Infinity, MOST_STATES);
    this.#stops = { ...options, limits: { ...limits, states } };
    this.reach = clauses.some(({ clause }) => clause.kind === 'can reach') ? new Reachability(this) : null;
    const kept = product.symmetry === undefined ? keptFor(product.kept, clauses) : undefined;
    kept?.space.moves.begin();
    this.#components = kept?.components ?? componentsOf(product.system);
    const layout = kept?.space.layout ?? layoutFor(this.#components.map(() => FIRST_GUESS));
    this.store = new StateStore(layout.words, (kept?.states ?? 0) + LEAST_ROOM);
    this.engine = this.#engine(kept?.space ?? new Space(product, this.#components, layout), kept);
    this.engine.addState(this.#components.map(() => 0));
    this.store.levels.push(1);
    this.engine.monitor.state(0, -1);
  }

  /** Searches until every property is decided or a limit is reached; says which. */
  async run(): Promise<string | undefined> {
    const stoppedBy = await this.#findStates();
    if (stoppedBy !== undefined || this.reach === null) return stoppedBy;
    if (this.reach.edges === null) this.keepAll();
    return this.reach.decide();
  }

  /** The numbers of the facts on a shortest path to the state of each break. */
  waysTo(breaks: readonly Break[]): number[][] {
    return waysTo(
      this,
      breaks.map(({ state }) => state),
    );
  }

  async #findStates(): Promise<string | undefined> {
    for (;;) {
      const end = this.store.levels.at(-1)!;
      if (this.next < end) await this.#expand(end);
      else if (end < this.store.size) {
        this.store.levels.push(this.store.size);
        if (this.store instanceof QuotientStore) {
          await this.reach?.mark();
          this.store.slide();
        }
      } else return undefined;
      const stoppedBy = this.next < this.store.size ? this.limit() : undefined;
      if (stoppedBy !== undefined) return stoppedBy;
      if (this.store.parts > 1) await this.reach?.settle();
      if (this.transitions < this.#look || this.next === this.store.size) continue;
      this.#look = this.transitions + Math.min(this.transitions, SLICE);
      this.options.onProgress?.(this.progress());
      await yieldToEventLoop();
    }
  }

  /** Ends the workers, and leaves to the next search of the product what it can use. */
  async close(): Promise<void> {
    await this.pool?.dismiss();
    const { product, clauses, states } = this;
    const { space, propertySet } = this.engine;
    if (product.choices !== undefined && product.symmetry === undefined && this.#large === null)
      product.kept = { components: this.#components, space, clauses, propertySet, states };
  }

  /** Expands some of the states before `end`. */
  async #expand(end: number): Promise<void> {
    const { workers = Math.min(availableParallelism(), MOST_WORKERS), largeFrom = LARGE } = this.options;
    const first = this.next;
    if (this.store.count < Math.min(largeFrom, SORTED_FROM) || end - first < Math.min(largeFrom, SORTED_LEVEL)) {
      this.next = this.#expandBatch(first, end);
      return;
    }
    // All states are laid out with as much room as there is: later, that takes long.
    if (this.store.parts === 1) {
      this.#large = await LargeSearch.create(1 + Math.max(workers, MOST_WORKERS));
      // From now on they are marked level by level, while their words are kept.
      if (this.#large !== null) await this.reach?.mark();
      this.#layOut('large');
    }
    if (this.store instanceof QuotientStore && !this.store.hasRoomFor(MOST_SORTED)) this.keepAll();
    const isWide = end - first >= Math.min(largeFrom, LARGE_LEVEL);
    if (workers > 1 && this.store.count >= largeFrom && isWide) await this.#expandTogether(end, workers);
    else this.next = this.#expandSorted(first, end);
  }

  /** Expands a batch of states from `first` on; returns the first that is left. */
  #expandBatch(first: number, end: number): number {
    const left = this.engine.inner.expand(first, end);
    this.transitions += this.engine.add();
    this.#remember(first, left);
    if (this.engine.overflow) this.#layOut(this.store.parts > 1 ? 'large' : 'small');
    return left;
  }

  /** Expands many states from `first` on, and sorts what follows before it is added; returns the first that is left. */
  #expandSorted(first: number, end: number): number {
    this.#sorter ??= new Sorter(this.engine.words, this.product.offers.length, 1, this.store.allocate);
    const sorter = this.#sorter;
    const left = sorter.collect(this.engine, first, end);
    this.engine.addSorted(sorter);
    this.transitions += sorter.count;
    sorter.clear(this.engine, this.reach?.edges ?? null);
    this.#limitEdges();
    if (this.engine.overflow) this.#layOut(this.store.parts > 1 ? 'large' : 'small');
    return left;
  }

  /** Has workers expand the states before `end`, and does what they leave. */
  async #expandTogether(end: number, workers: number): Promise<void> {
    this.pool ??= new (await import('./worker-pool.ts')).WorkerPool(workers);
    for (let hasRest = true; hasRest || this.next < end; ) {
      const watch = setInterval(() => {
        if (this.limit() !== undefined) this.pool?.stop();
      }, LOOK);
      const { transitions, chunks, found, ...left } = await this.pool
        .expand(this.engine, this.next, end, !!this.reach?.edges)
        .finally(() => clearInterval(watch));
      this.transitions += transitions;
      this.next = left.next;
      hasRest = left.hasRest;
      this.reach?.edges?.adopt(chunks);
      this.#limitEdges();
      this.#take(found);
      this.options.onProgress?.(this.progress());
      if (this.limit() !== undefined) return;
    }
  }

  /** Takes over what workers found, and does what they left. */
  #take(found: readonly Found[]): void {
    const { engine } = this;
    for (const breaks of found) engine.monitor.learnBreaks(breaks);
    for (const { unjudged, unconcerned } of found) {
      for (const [state, invariants] of unjudged) engine.ask(state, invariants);
      for (const [state, fact, record, component] of unconcerned)
        fact < 0 ? engine.stuck(state) : engine.concern(state, fact, record, component);
    }
    // Last, since another layout may be needed, in which the records lie elsewhere.
    for (const { unexpanded } of found)
      for (const state of unexpanded) while (this.#expandBatch(state, state + 1) === state);
  }

  /** Keeps the transitions from the states from `first` to `end`, if a property needs them and there is room. */
  #remember(first: number, end: number): void {
    const { starts, numbers, words } = this.engine;
    this.reach?.edges?.append(first, end, starts, words + 1, numbers);
    this.#limitEdges();
  }

  #limitEdges(): void {
    const { edges } = this.reach ?? {};
    if (!edges || (edges.bytes <= this.#mostEdges && this.bytes < (this.options.limits?.bytes ?? Infinity))) return;
    this.reach?.drop();
  }

  /** Gives the components the bits that they need by now; in a large search, room for what they may need. */
  #layOut(search: 'small' | 'large', keepsAll = false): void {
    const { space: narrow } = this.engine;
    const sizes = this.#components.map(({ size }) => Math.max(size, FIRST_GUESS));
    const { store: old } = this;
    const { size, holes, levels } = old;
    const states = this.engine.packed();
    // The next store may lie where this one does.
    if (old instanceof QuotientStore) old.free();
    if (this.#sorter !== null) this.#large?.memory.free(this.#sorter.room);
    const { layout, store } = this.#newStore(search, sizes, Math.max(size, LEAST_ROOM), keepsAll);
    const packed = store instanceof StateStore ? store.states : sharedIntegers(size * layout.words);
    for (let state = 0; state < size; state++)
      if (states[state * narrow.layout.words] !== 0)
        layout.write(narrow.unpack(states, state * narrow.layout.words), packed, state * layout.words);
    store.size = size;
    store.holes = holes;
    store.levels.splice(0, 1, ...levels);
    if (old instanceof StateStore) old.free();
    this.store = store;
    this.#sorter = null;
    this.engine = this.#engine(new Space(this.product, this.#components, layout, store.allocate));
    this.engine.fill(packed);
  }

  #newStore(search: 'small' | 'large', sizes: readonly number[], states: number, keepsAll: boolean) {
    if (search === 'large' && this.#large !== null) return this.#large.newStore(sizes, states, keepsAll);
    const layout = layoutFor(sizes, search === 'large' ? LARGE_HEADROOM : undefined);
    const store = new StateStore(layout.words, states);
    if (search === 'large') store.divide();
    return { layout, store };
  }

  /** From now on, the words of all states are kept. */
  keepAll(): void {
    if (this.store instanceof QuotientStore) this.#layOut('large', true);
  }

  #engine(space: Space, kept?: Kept): Engine {
    const loops = this.#large?.loops(this.store) ?? null;
    return new Engine(space, this.store, this.clauses, this.options.reduce !== false, this.engine, loops, kept);
  }

  /** The limit that is reached, if any. */
  limit(): string | undefined {
    const { states, bytes, milliseconds } = this;
    return reached(this.#stops, { states, bytes, milliseconds });
  }

  /** States are compared word by word: none is missed. */
  readonly missProbability = undefined;
  /** It begins at the beginning. */
  readonly resumedFrom = undefined;

  get states(): number {
    return this.store.count;
  }

  /** The longest of the shortest paths. */
  get depth(): number {
    return this.store.depth(this.store.size - 1);
  }

  /** Bytes that the search takes: for the states, the transitions, and to sort. */
  get bytes(): number {
    const reach = this.openBytes + (this.reach?.bytes ?? 0);
    return this.store.bytes + reach + (this.#sorter?.bytes ?? 0) + (this.pool?.bytes ?? 0);
  }

  progress() {
    const { count: states } = this.store;
    const { transitions, milliseconds } = this;
    return { states, transitions, frontier: this.store.size - this.next, milliseconds };
  }

  get milliseconds(): number {
    return performance.now() - this.#started;
  }
}
