import { type Component, componentsOf } from './component.ts';
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
/** Transitions between two looks at the limits. */
const SLICE = 1 << 17;

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
    for (let more = true; more; ) {
      more = this.#slice();
      if (!more) break;
      const stoppedBy = this.limit();
      if (stoppedBy !== undefined) return stoppedBy;
      this.options.onProgress?.(this.progress());
      await breath();
    }
    return undefined;
  }

  /** Expands some states; answers whether there are more. */
  #slice(): boolean {
    for (const enough = this.transitions + SLICE; this.transitions < enough; ) {
      const { levels } = this.visited;
      const end = levels.at(-1)!;
      if (this.next === end) {
        if (end === this.visited.size) return false;
        levels.push(this.visited.size);
        continue;
      }
      const first = this.next;
      this.next = this.engine.inner.expand(first, end);
      this.transitions += this.engine.add();
      this.#remember(first);
      if (this.engine.overflow) this.#widen();
    }
    return true;
  }

  /** Keeps the transitions from the states from `first` on, if a promise needs them and there is room. */
  #remember(first: number): void {
    if (this.edges === null) return;
    const { starts, numbers, words } = this.engine;
    this.edges.append(first, this.next, starts, words + 1, numbers);
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
    this.engine.inner.fill(wider.slots, wider.states, size, wider.tagShift);
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
