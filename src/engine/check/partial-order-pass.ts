import { FIRST_GUESS } from './bfs-search.ts';
import type { Found } from './breaks.ts';
import type { Component } from './component.ts';
import { Engine } from './engine.ts';
import { yieldToEventLoop } from './event-loop.ts';
import { LARGE_HEADROOM, layoutFor } from './layout.ts';
import { reached } from './limits.ts';
import type { LocalSteps } from './local-steps.ts';
import { Passed } from './passed.ts';
import { PassedReachability } from './passed-reach.ts';
import { PassedWalk, type Place } from './passed-walk.ts';
import type { Product } from './product.ts';
import type { OfProperty } from './property-set.ts';
import type { SearchOptions } from './search.ts';
import { Space } from './space.ts';
import { StateStore } from './state-store.ts';
import type { Break } from './table-monitor.ts';

/** Of so many levels, one is kept whole: so no search goes round for ever among states that it does not keep. */
const KEPT_LEVEL = 64;
/** Transitions between two looks at the limits. */
const SLICE = 1 << 16;
/** States that there is room for at least. */
const FIRST_ROOM = 1 << 12;
/** From how many states on components get room for all the states that they may need. */
const LARGE = 1 << 19;

/** Said by a pass in which a local step went first that a property sees. */
export const SEEN = 'a local step was seen';

/** What a pass goes by. */
export interface PassOptions {
  readonly components: readonly Component[];
  /** Local steps that go first, if any do. */
  readonly steps: LocalSteps | null;
  /** Breaks that are known to be found: the pass ends when it has found as many. */
  readonly sought: Found<unknown> | null;
  /** When the search began, as `performance.now()` says it. */
  readonly started: number;
}

/**
 * One search of all states, of which it keeps those that must be told from others; it passes through the rest.
 *
 * What it passes through is in the frontier, but not in the table: there is one way on, so it need not be known whether it was met before.
 * So levels and lengths are those of a search that keeps all.
 */
export class PartialOrderPass {
  engine: Engine;
  /** From a kept state to the next: a transition for each way. */
  transitions = 0;
  readonly #reach: PassedReachability | null;
  /** What is passed in the level that is expanded, and in the next: `from` is the kept state, `by` are invariants to be asked. */
  #passed: Passed;
  #next: Passed;
  /** The first kept state, and the first of those that are passed, that is not expanded yet. */
  #first = 0;
  #firstPassed = 0;
  /** By successor of a batch: the kept state from which it came. */
  #sources: Int32Array;
  #look = 0;
  #walk: PassedWalk | null = null;
  readonly #places = new Map<Break, Place>();

  constructor(
    readonly product: Product,
    readonly clauses: readonly OfProperty[],
    readonly options: SearchOptions,
    readonly pass: PassOptions,
  ) {
    const layout = layoutFor(this.#sizes());
    this.engine = this.#newEngine(layout, new StateStore(layout.words));
    this.#sources = new Int32Array(this.engine.numbers.length);
    this.#passed = new Passed(layout.words);
    this.#next = new Passed(layout.words);
    this.engine.addState(pass.components.map(() => 0));
    this.engine.monitor.state(0, -1);
    this.#notePlaces(0);
    this.#reach = this.engine.propertySet.goals.length > 0 ? new PassedReachability(this) : null;
  }

  /** Searches until every property is decided or a limit is reached; says which, or {@link SEEN}. */
  async run(): Promise<string | undefined> {
    const stoppedBy = (await this.#findStates()) ?? (await this.#reach?.decide()) ?? this.#seen();
    // Local steps can be facts that never happened.
    this.engine.recall([]);
    return stoppedBy;
  }

  /** The level that is expanded. */
  get #level(): number {
    return this.engine.store.levels.length - 1;
  }

  async #findStates(): Promise<string | undefined> {
    while (this.#hasRest) {
      const end = this.engine.store.size;
      this.#reach?.mark(this.#first, end);
      while (this.#first < end) {
        this.#first = this.#expandKept(this.#first, end);
        const stoppedBy = await this.#lookAround();
        if (stoppedBy !== undefined) return stoppedBy;
      }
      this.#askPassed();
      while (this.#firstPassed < this.#passed.count) {
        this.#firstPassed = this.#expandPassed(this.#firstPassed);
        const stoppedBy = await this.#lookAround();
        if (stoppedBy !== undefined) return stoppedBy;
      }
      if (this.#isDone()) return undefined;
      const stoppedBy = this.#seen();
      if (stoppedBy !== undefined || !this.#hasRest) return stoppedBy;
      this.engine.store.levels.push(end);
      this.#passed = this.#next;
      this.#firstPassed = 0;
      this.#next = new Passed(this.engine.words);
    }
    return undefined;
  }

  /** Whether there is anything left to expand. */
  get #hasRest(): boolean {
    return this.#first < this.engine.store.size || this.#firstPassed < this.#passed.count || this.#next.count > 0;
  }

  /** Says how far the search is, now and then; answers the limit that is reached, where it matters. */
  async #lookAround(): Promise<string | undefined> {
    if (this.transitions >= this.#look) {
      this.#look = this.transitions + SLICE;
      this.#reach?.settle();
      const { states, transitions, milliseconds } = this;
      const frontier = states - this.#first + this.#next.count;
      this.options.onProgress?.({ states, transitions, frontier, milliseconds });
      await yieldToEventLoop();
    }
    return this.#hasRest ? this.limit() : undefined;
  }

  /** Whether all that is sought is found. */
  #isDone(): boolean {
    const { sought } = this.pass;
    if (sought === null || this.#reach !== null) return false;
    const { first, lasting } = this.engine.monitor.breaks;
    const isFound = (found: unknown, clause: number): boolean => found === null || first[clause] !== null;
    const lasts = (found: unknown, clause: number): boolean => found === null || lasting[clause] !== null;
    return sought.first.every(isFound) && sought.lasting.every(lasts);
  }

  #seen(): string | undefined {
    return this.pass.steps?.exclude() ? SEEN : undefined;
  }

  /** Expands a batch of kept states from `first` on; returns the first that is left. */
  #expandKept(first: number, end: number): number {
    const left = this.engine.inner.expand(first, end);
    this.#notePlaces(this.#level);
    this.#take(first, left, null);
    return left;
  }

  /** Expands a batch of the states that are passed from `first` on; returns the first that is left. */
  #expandPassed(first: number): number {
    const passed = this.#passed;
    const { inner, store } = this.engine;
    const left = passed.among(store, () => {
      const rest = inner.expand(first, passed.count);
      this.#notePlaces(this.#level);
      return rest;
    });
    this.#take(first, left, passed);
    return left;
  }

  /** Asks the invariants that are to be asked of the states that are passed, and marks the goals that they are. */
  #askPassed(): void {
    const { engine } = this;
    const passed = this.#passed;
    passed.among(engine.store, () => {
      for (let state = 0; state < passed.count && engine.open !== 0; state++) {
        const invariants = passed.by[state]! & engine.open;
        if (invariants !== 0) engine.ask(state, invariants);
      }
      this.#notePlaces(this.#level);
    });
    this.#reach?.pass(passed);
  }

  /** Takes what follows the states from `first` to `left`: adds what is kept, and puts the rest into the next level. */
  #take(first: number, left: number, passed: Passed | null): void {
    const { engine } = this;
    const { out, starts, words, about, insistent, open } = engine;
    const sources = this.#sources;
    const level = this.#level + 1;
    let kept = 0;
    for (let state = first; state < left; state++) {
      const source = passed?.from[state] ?? state;
      if (passed !== null && starts[state - first] === starts[state - first + 1]) this.#reach?.noteDeadEnd();
      for (let at = starts[state - first]!; at < starts[state - first + 1]!; at += words + 1)
        if (this.isKept(out, at, level)) {
          sources[kept] = source;
          out.copyWithin(kept++ * (words + 1), at, at + words + 1);
        } else this.#next.push(out, at, source, (about[out[at + words]!]! | insistent) & open);
    }
    engine.emitted = kept * (words + 1);
    this.transitions += engine.add();
    this.#notePlaces(level);
    this.#reach?.append(sources, engine.numbers, kept);
    if (engine.overflow) this.#layOut();
  }

  /** Whether the packed state at `at`, met at that level, is kept. */
  isKept(packed: Int32Array, at: number, level: number): boolean {
    return level % KEPT_LEVEL === 0 || !this.engine.space.moves.isUrgent(packed, at);
  }

  /** The limit that is reached, if any. */
  limit(): string | undefined {
    const { states, bytes, milliseconds } = this;
    return reached(this.options, { states, bytes, milliseconds });
  }

  /** How many states are kept. */
  get states(): number {
    return this.engine.store.size;
  }

  /** The longest of the shortest paths to what is kept. */
  get depth(): number {
    return this.engine.store.depth(this.states - 1);
  }

  /** Bytes of what is kept, of what is passed, and of transitions. */
  get bytes(): number {
    return this.engine.store.bytes + this.#passed.bytes + this.#next.bytes + (this.#reach?.bytes ?? 0);
  }

  get milliseconds(): number {
    return performance.now() - this.pass.started;
  }

  /** The way through all that was found once more. */
  get walk(): PassedWalk {
    this.#walk ??= new PassedWalk(this);
    return this.#walk;
  }

  /** Where a break is that this pass found. */
  placeOf(broken: Break): Place | undefined {
    return this.#places.get(broken);
  }

  /** A clause is violated there, since something is out of reach from there on. */
  breakAt(clause: number, place: Place): void {
    const broken: Break = { state: -1, fact: -1 };
    this.#places.set(broken, place);
    this.engine.monitor.breaks.outOfReach(clause, broken, (known) => place.level < this.#places.get(known)!.level);
  }

  /** Notes where breaks are that were found at a level, while their states are where they were found. */
  #notePlaces(level: number): void {
    const { monitor, space, states, store } = this.engine;
    monitor.breaks.note(this.#places, ({ state }) => ({ level, states: space.unpack(states, store.at(state)) }));
  }

  /** Gives the components the bits that they need by now. */
  #layOut(): void {
    const { space, store: old } = this.engine;
    const { size, levels } = old;
    const layout = layoutFor(this.#sizes(), size < LARGE ? undefined : LARGE_HEADROOM);
    const store = new StateStore(layout.words, Math.max(size, FIRST_ROOM));
    for (let state = 0; state < size; state++)
      layout.write(space.unpack(old.states, old.at(state)), store.states, store.at(state));
    store.size = size;
    store.levels.splice(0, 1, ...levels);
    this.#passed = this.#passed.laidOut(space, layout);
    this.#next = this.#next.laidOut(space, layout);
    this.engine = this.#newEngine(layout, store, this.engine);
    this.engine.fill(store.states);
    this.#sources = new Int32Array(this.engine.numbers.length);
  }

  #sizes(): number[] {
    return this.pass.components.map(({ size }) => Math.max(size, FIRST_GUESS));
  }

  #newEngine(layout: Space['layout'], store: StateStore, previous?: Engine): Engine {
    const { components, steps } = this.pass;
    const space = new Space(this.product, components, layout, undefined, steps);
    return new Engine(space, store, this.clauses, true, previous);
  }
}
