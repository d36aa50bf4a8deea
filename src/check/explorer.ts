import { availableParallelism } from 'node:os';
import { type Component, componentsOf } from './component.ts';
import type { Crew } from './crew.ts';
import { Edges } from './edges.ts';
import { Engine } from './engine.ts';
import type { OfProperty } from './inquiry.ts';
import { layoutFor } from './layout.ts';
import type { Product } from './product.ts';
import type { SearchOptions } from './search.ts';
import { Space } from './space.ts';
import { Visited } from './visited.ts';

/** How many states a component is expected to have at least. */
const FIRST_GUESS = 1 << 6;
/** Transitions between two reports, once there are many; milliseconds between two looks at workers. */
const SLICE = 1 << 17;
const LOOK = 50;
/** From how many states on workers are used, and from how many in a level. */
const LARGE = 1 << 20;
const WIDE = 1 << 13;
const MOST_WORKERS = 8;

/** Bytes of transitions that are kept at most. */
const MOST_EDGES = 2 ** 31;

/** Finds the states of a product level by level. */
export class Explorer {
  engine: Engine;
  visited: Visited;
  transitions = 0;
  /** The number of the next state to expand. */
  next = 0;
  /** The transitions; null if nothing needs them, or they became too many. */
  edges: Edges | null;
  readonly #components: readonly Component[];
  /** The workers, once there are any. */
  crew: Crew | null = null;
  #look = 0;
  readonly #started = performance.now();

  constructor(
    readonly product: Product,
    readonly clauses: readonly OfProperty[],
    readonly options: SearchOptions,
  ) {
    this.edges = clauses.some(({ clause }) => clause.kind === 'can reach') ? new Edges() : null;
    this.#components = componentsOf(product.system);
    const layout = layoutFor(this.#components.map(() => FIRST_GUESS));
    this.visited = new Visited(layout.words);
    this.engine = this.#engine(new Space(product, this.#components, layout));
    this.engine.addState(this.#components.map(() => 0));
    this.visited.levels.push(1);
    this.engine.judge.judge(0, -1);
  }

  /** Searches until every state is expanded or a limit is reached; says which. */
  async run(): Promise<string | undefined> {
    for (;;) {
      const end = this.visited.levels.at(-1)!;
      if (this.next < end) await this.#expand(end);
      else if (end < this.visited.size) this.visited.levels.push(this.visited.size);
      else return undefined;
      const stoppedBy = this.next < this.visited.size ? this.limit() : undefined;
      if (stoppedBy !== undefined) return stoppedBy;
      if (this.transitions < this.#look || this.next === this.visited.size) continue;
      this.#look = this.transitions + Math.min(this.transitions, SLICE);
      this.options.onProgress?.(this.progress());
      await breath();
    }
  }

  /** Ends the workers. */
  async close(): Promise<void> {
    await this.crew?.dismiss();
  }

  /** Expands some of the states before `end`. */
  async #expand(end: number): Promise<void> {
    const { workers = Math.min(availableParallelism(), MOST_WORKERS), largeFrom = LARGE } = this.options;
    const isLarge = this.visited.count >= largeFrom && end - this.next >= Math.min(largeFrom, WIDE);
    if (workers > 1 && isLarge) await this.#expandTogether(end, workers);
    else {
      const first = this.next;
      this.next = this.#expandBatch(first, end);
    }
  }

  /** Expands a batch of states from `first` on; returns the first that is left. */
  #expandBatch(first: number, end: number): number {
    const left = this.engine.inner.expand(first, end);
    this.transitions += this.engine.add();
    this.#remember(first, left);
    if (this.engine.overflow) this.#widen();
    return left;
  }

  /** Has workers expand the states before `end`, and does what they leave. */
  async #expandTogether(end: number, workers: number): Promise<void> {
    const { engine, visited } = this;
    this.crew ??= new (await import('./crew.ts')).Crew(workers);
    const { crew } = this;
    if (visited.reserve(2 * crew.margin(engine) + Math.min(visited.size, end - this.next))) await crew.fill(engine);
    const work = crew.expand(engine, this.next, end, this.edges !== null);
    const watch = setInterval(() => {
      visited.size = crew.given;
      if (this.limit() !== undefined) crew.stop();
      this.options.onProgress?.(this.progress());
    }, LOOK);
    const reports = await work.finally(() => clearInterval(watch));
    visited.size = crew.given;
    visited.leave(reports.map(({ left }) => left));
    engine.size = visited.size;
    this.next = Math.min(end, crew.next);
    for (const { transitions, runs, first, lasting } of reports) {
      this.transitions += transitions;
      this.edges?.adopt(runs);
      engine.judge.learnBreaks(first, lasting);
    }
    for (const { unjudged, unconcerned } of reports) {
      for (const [state, invariants] of unjudged) engine.ask(state, invariants);
      for (const [state, fact, record, component] of unconcerned)
        fact < 0 ? engine.stuck(state) : engine.concern(state, fact, record, component);
    }
    for (const { unexpanded } of reports)
      for (const state of unexpanded) while (this.#expandBatch(state, state + 1) === state);
  }

  /** Keeps the transitions from the states from `first` to `end`, if a promise needs them and there is room. */
  #remember(first: number, end: number): void {
    if (this.edges === null) return;
    const { starts, numbers, words } = this.engine;
    this.edges.append(first, end, starts, words + 1, numbers);
    if (this.edges.bytes > Math.min(MOST_EDGES, this.options.limits?.bytes ?? Infinity)) this.edges = null;
  }

  /** Gives the components the bits that they need by now. */
  #widen(): void {
    const { space: narrow } = this.engine;
    const layout = layoutFor(this.#components.map(({ size }) => Math.max(size, FIRST_GUESS)));
    const { size, holes, levels, states } = this.visited;
    const wider = new Visited(layout.words, Math.max(size, 1 << 12));
    for (let state = 0; state < size; state++)
      if (states[state * narrow.layout.words] !== 0)
        layout.write(narrow.unpack(states, state * narrow.layout.words), wider.states, state * layout.words);
    wider.size = size;
    wider.holes = holes;
    wider.levels.splice(0, 1, ...levels);
    this.visited = wider;
    this.engine = this.#engine(new Space(this.product, this.#components, layout));
    this.engine.fill();
  }

  #engine(space: Space): Engine {
    return new Engine(space, this.visited, this.clauses, this.options.reduce !== false, this.engine);
  }

  /** The limit that is reached, if any. */
  limit(): string | undefined {
    const { limits = {}, signal } = this.options;
    if (signal?.aborted) return 'interrupted';
    if (this.visited.count >= (limits.states ?? Infinity)) return `limit of ${limits.states} states`;
    if (this.visited.bytes >= (limits.bytes ?? Infinity)) return `limit of ${limits.bytes} bytes`;
    if (this.milliseconds >= (limits.milliseconds ?? Infinity)) return `limit of ${limits.milliseconds} ms`;
    return undefined;
  }

  progress() {
    const { count: states } = this.visited;
    const { transitions, milliseconds } = this;
    return { states, transitions, frontier: this.visited.size - this.next, milliseconds };
  }

  get milliseconds(): number {
    return performance.now() - this.#started;
  }
}

/** Lets a signal in. */
export const breath = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
