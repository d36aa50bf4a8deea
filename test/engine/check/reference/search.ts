import { Product } from '../../../../src/engine/check/product.ts';
import { type Covered, counterexampleOf } from '../../../../src/engine/check/verdict.ts';
import {
  type Broken,
  type Clause,
  type Fact,
  type Outcome,
  type Property,
  type Role,
  type System,
  type Verdict,
  WIRING,
} from '../../../../src/facts/index.ts';
import { FieldOverflow, Packing } from './packing.ts';
import { type Predicate, predicates } from './predicate.ts';
import { backwards, TransitionLog } from './reach.ts';
import { StateStore } from './state-store.ts';

/** Where a search stops although it is not done. */
export interface Limits {
  readonly states?: number;
  /** Bytes for the states and what rebuilds the way to them. */
  readonly bytes?: number;
  readonly milliseconds?: number;
}

/** How far a search is. */
export interface Progress {
  readonly states: number;
  readonly transitions: number;
  /** States that are found and not yet expanded. */
  readonly frontier: number;
  readonly milliseconds: number;
}

export interface SearchOptions {
  readonly limits?: Limits;
  /**
   * Expand only the callback that runs with interrupts off, where one runs (default true). Sound, because all that such a
   * callback does is to machines of its own hart and its own event, which nobody else reaches meanwhile: see docs/search.md.
   */
  readonly reduce?: boolean;
  readonly onProgress?: (progress: Progress) => void;
  /** Stops the search; what was covered so far is the outcome. */
  readonly signal?: AbortSignal;
}

/** States between two looks at the clock. */
const SLICE = 1 << 14;

/**
 * Searches every log of a system breadth first, and decides the properties over it.
 * A counterexample is a shortest one. Throws if a machine does what a fold must not do.
 */
export async function check(
  system: System,
  properties: readonly Property[],
  options: SearchOptions = {},
): Promise<Outcome> {
  const bits = system.parts.map(() => 6);
  for (;;) {
    const search = new Search(system, properties, bits, options);
    try {
      return await search.run();
    } catch (error) {
      // The tables stay, so that what is searched again is look-ups.
      if (!(error instanceof FieldOverflow)) throw error;
      for (const [part, table] of search.product.tables.entries()) while (table.size > 2 ** bits[part]!) bits[part]!++;
    }
  }
}

/** A clause in the making: what was found against it so far. */
interface Watch {
  readonly property: number;
  readonly clause: Clause;
  readonly predicates: readonly Predicate[];
  /** For each predicate, the parts that it reads as a bit set. */
  readonly masks: readonly number[];
  /** The state (and fact) of the first break, and of the first break while no call is in flight. */
  first: Break | null;
  lasting: Break | null;
}

interface Break {
  readonly state: number;
  readonly fact: number;
}

class Search {
  readonly product: Product<Fact, Role>;
  readonly #packing: Packing;
  readonly #visited: StateStore;
  readonly #watches: Watch[];
  readonly #always: Watch[];
  readonly #whenever: Watch[];
  readonly #deadlock: Watch[];
  readonly #edges: TransitionLog | null;
  /** By fact number: the watches that the fact concerns, and whether it is progress. */
  readonly #concerned: Watch[][] = [];
  readonly #background: boolean[] = [];
  readonly #changes: number[] = [];
  readonly #happened: boolean[] = [];
  readonly #drivers: readonly number[];
  readonly #lifecycles: readonly number[];
  readonly #started = performance.now();
  #transitions = 0;
  #expanded = 0;

  constructor(
    readonly system: System,
    readonly properties: readonly Property[],
    bits: readonly number[],
    readonly options: SearchOptions,
  ) {
    this.product = new Product(system);
    this.#packing = new Packing(bits);
    this.#visited = new StateStore(this.#packing.words);
    this.#watches = properties.flatMap((property, number) =>
      property.clauses.map((clause) => this.#watch(number, clause)),
    );
    this.#always = this.#ofKind('always');
    this.#whenever = this.#ofKind('whenever');
    this.#deadlock = this.#ofKind('no deadlock');
    this.#edges = this.#ofKind('can reach').length > 0 ? new TransitionLog() : null;
    this.#drivers = system.ofRole('driver');
    this.#lifecycles = system.ofRole('lifecycle');
  }

  async run(): Promise<Outcome> {
    const packed = new Int32Array(this.#packing.words);
    this.#packing.pack(this.product.initial, packed, 0);
    this.#visited.add(packed, -1, -1);
    this.#judge(0, this.product.initial, -1);
    let stoppedBy: string | undefined;
    while (this.#expanded < this.#visited.size) {
      this.#expandSlice(packed);
      stoppedBy = this.#limit();
      if (stoppedBy !== undefined && this.#expanded < this.#visited.size) break;
      stoppedBy = undefined;
      if (this.#expanded < this.#visited.size) {
        this.options.onProgress?.(this.#progress());
        // Lets a signal in.
        await new Promise<void>((resolve) => setImmediate(resolve));
      }
    }
    if (stoppedBy === undefined) this.#decideReachability();
    return { covered: this.#covered(stoppedBy), verdicts: this.#verdicts(stoppedBy) };
  }

  #expandSlice(packed: Int32Array): void {
    const { product } = this;
    const visited = this.#visited;
    const parts = product.tables.length;
    const state = new Int32Array(parts);
    const next = new Int32Array(parts);
    const end = Math.min(visited.size, this.#expanded + SLICE);
    const reduce = this.options.reduce !== false;
    let from = 0;
    let progress = false;
    const visit = (fact: number): void => {
      this.#transitions++;
      if (this.#happened[fact] !== true) this.#meet(fact);
      if (!this.#background[fact]) progress = true;
      for (const watch of this.#concerned[fact]!) this.#judgeFact(watch, from, state, fact);
      this.#packing.pack(next, packed, 0);
      const known = visited.size;
      const to = visited.add(packed, from, fact);
      this.#edges?.add(from, to);
      if (to === known) this.#judge(to, next, fact);
    };
    while (this.#expanded < end) {
      from = this.#expanded;
      this.#packing.unpack(visited.states, from * this.#packing.words, state);
      next.set(state);
      progress = false;
      const urgent = reduce ? this.#urgent(state) : -1;
      if (urgent < 0 || product.successors(urgent, state, next, visit) === 0)
        for (let part = 0; part < parts; part++) product.successors(part, state, next, visit);
      if (!progress && this.#deadlock.length > 0 && !this.#isFinal(state))
        for (const watch of this.#deadlock) watch.first ??= watch.lasting ??= { state: from, fact: -1 };
      this.#expanded++;
    }
  }

  /** The driver of an event whose callback runs with interrupts off, or -1. */
  #urgent(state: Int32Array): number {
    for (const part of this.#lifecycles)
      if (this.product.tables[part]!.snapshots[state[part]!]!.hasTag('in callback'))
        return this.system.partOf('driver', this.system.parts[part]!.index) ?? -1;
    return -1;
  }

  #isFinal(state: Int32Array): boolean {
    return (
      this.#lifecycles.length > 0 &&
      this.#lifecycles.every((part) => this.product.tables[part]!.snapshots[state[part]!]!.hasTag('final'))
    );
  }

  /** Whether no callback runs at all. */
  #isQuiet(state: Int32Array): boolean {
    for (const part of this.#drivers)
      if (!this.product.tables[part]!.snapshots[state[part]!]!.hasTag('idle')) return false;
    return true;
  }

  /** Notes a fact that happens for the first time. */
  #meet(fact: number): void {
    const { type } = this.product.facts[fact]!;
    this.#happened[fact] = true;
    this.#background[fact] = WIRING[type].background === true;
    this.#concerned[fact] = this.#whenever.filter(
      ({ clause }) => clause.kind === 'whenever' && clause.facts.includes(type),
    );
    this.#changes[fact] = this.product.participants[fact]!.reduce((set, part) => set | (1 << part), 0);
  }

  #judgeFact(watch: Watch, from: number, state: Int32Array, fact: number): void {
    if (watch.first !== null) return;
    for (const predicate of watch.predicates)
      if (!predicate.holds(state, fact)) watch.first = watch.lasting = { state: from, fact };
  }

  /** Asks the invariants of a new state; those that read nothing that the fact changed still hold. */
  #judge(number: number, state: Int32Array, fact: number): void {
    const changed = fact < 0 ? -1 : this.#changes[fact]!;
    for (const watch of this.#always) {
      if (watch.lasting !== null) continue;
      for (let index = 0; index < watch.predicates.length; index++) {
        if (watch.first === null && fact >= 0 && (watch.masks[index]! & changed) === 0) continue;
        if (watch.predicates[index]!.holds(state)) continue;
        watch.first ??= { state: number, fact: -1 };
        if (this.#isQuiet(state)) watch.lasting ??= { state: number, fact: -1 };
      }
    }
  }

  #decideReachability(): void {
    const edges = this.#edges;
    if (edges === null) return;
    const state = new Int32Array(this.product.tables.length);
    const size = this.#visited.size;
    for (const watch of this.#ofKind('can reach')) {
      const { clause } = watch;
      if (clause.kind !== 'can reach') continue;
      const from = predicates(this.product, clause, (view) => clause.from?.(view) ?? true);
      for (const [index, goal] of watch.predicates.entries()) {
        const isGoal = new Uint8Array(size);
        const isFrom = new Uint8Array(size);
        for (let number = 0; number < size; number++) {
          this.#packing.unpack(this.#visited.states, number * this.#packing.words, state);
          isGoal[number] = goal.holds(state) ? 1 : 0;
          isFrom[number] = from[index]!.holds(state) ? 1 : 0;
        }
        const reaches = backwards(edges, isGoal);
        for (let number = 0; number < size && watch.first === null; number++)
          if (isFrom[number] === 1 && reaches[number] === 0) watch.first = watch.lasting = { state: number, fact: -1 };
      }
    }
  }

  #verdicts(stoppedBy: string | undefined): Map<string, Verdict> {
    const spoken = this.properties.map((property) =>
      this.product.facts.some((fact, number) => this.#happened[number] === true && property.speaksOf(fact)),
    );
    return new Map(
      this.properties.map((property, number) => {
        const counterexample = counterexampleOf(
          this.#watches.filter((watch) => watch.property === number).flatMap((watch) => this.#broken(watch)),
        );
        const verdict = ((): Verdict => {
          if (counterexample !== undefined) return { verdict: 'violated', counterexample };
          if (stoppedBy !== undefined) return { verdict: 'bounded', reason: stoppedBy };
          return spoken[number] ? { verdict: 'holds' } : { verdict: 'vacuous' };
        })();
        return [property.id, verdict];
      }),
    );
  }

  /** The logs to the breaks of a clause: to the first, and to the first that lasts. */
  #broken({ clause, first, lasting }: Watch): Broken[] {
    const breaks = { always: 'state', whenever: 'fact', 'can reach': 'never', 'no deadlock': 'stuck' } as const;
    return [...new Set([first, lasting])].flatMap((found) => {
      if (found === null) return [];
      const way = this.#visited.wayTo(found.state);
      if (found.fact >= 0) way.push(found.fact);
      const facts = way.map((number) => this.product.facts[number]!);
      return [{ facts, breaks: breaks[clause.kind], lasts: found === lasting }];
    });
  }

  #watch(property: number, clause: Clause): Watch {
    const asked = ((): readonly Predicate[] => {
      switch (clause.kind) {
        case 'always':
          return predicates(this.product, clause, clause.holds);
        case 'whenever':
          return predicates(this.product, clause, (view, fact) => clause.holds(this.product.facts[fact]!, view));
        case 'can reach':
          return predicates(this.product, clause, clause.goal);
        case 'no deadlock':
          return [];
      }
    })();
    const masks = asked.map(({ parts }) => parts.reduce((set, part) => set | (1 << part), 0));
    return { property, clause, predicates: asked, masks, first: null, lasting: null };
  }

  #ofKind(kind: Clause['kind']): Watch[] {
    return this.#watches.filter(({ clause }) => clause.kind === kind);
  }

  #limit(): string | undefined {
    const { limits = {}, signal } = this.options;
    if (signal?.aborted) return 'interrupted';
    if (this.#visited.size >= (limits.states ?? Infinity)) return `limit of ${limits.states} states`;
    if (this.#bytes() >= (limits.bytes ?? Infinity)) return `limit of ${limits.bytes} bytes`;
    if (performance.now() - this.#started >= (limits.milliseconds ?? Infinity))
      return `limit of ${limits.milliseconds} ms`;
    return undefined;
  }

  #bytes(): number {
    return this.#visited.bytes + (this.#edges?.bytes ?? 0);
  }

  #progress(): Progress {
    return {
      states: this.#visited.size,
      transitions: this.#transitions,
      frontier: this.#visited.size - this.#expanded,
      milliseconds: performance.now() - this.#started,
    };
  }

  #covered(stoppedBy: string | undefined): Covered {
    return {
      states: this.#visited.size,
      transitions: this.#transitions,
      depth: this.#visited.wayTo(this.#visited.size - 1).length,
      exhaustive: stoppedBy === undefined,
      ...(stoppedBy === undefined ? {} : { stoppedBy }),
      bytes: this.#bytes(),
      milliseconds: performance.now() - this.#started,
    };
  }
}
