import type { AnyFact } from '../vocabulary.ts';
import { yieldToEventLoop } from './event-loop.ts';
import { expand } from './expand.ts';
import { type Limits, reached, type Stops } from './limits.ts';
import { Monitor } from './monitor.ts';
import { decideReachability, Edges } from './plain-reach.ts';
import { checkNames, type Property } from './property.ts';
import { Rows } from './rows.ts';
import type { TransitionSystem } from './transition-system.ts';
import { Undecided } from './undecided.ts';
import type { Outcome } from './verdict.ts';
import { verdictsOf } from './verdicts.ts';

/** How far a plain search goes, and whom it tells. @experimental */
export interface PlainSearchOptions {
  readonly limits?: Limits;
  readonly signal?: AbortSignal;
  readonly onProgress?: (states: number) => void;
  /** Asked now and then: why the search should be stopped. Throws {@link Undecided} where that is not known. */
  readonly watch?: () => string | undefined;
  /** Stop at the first break of any property. */
  readonly first?: boolean;
  /** Expand no state that is so many facts away from the first. */
  readonly depth?: number;
}

/** Where a property is violated: in a row, or by a fact in that row (else -1). */
interface Break {
  readonly row: number;
  readonly fact: number;
}

/** Rows that are expanded between two looks at the clock. */
const SLICE = 1024;
/** How many rows ahead a system is told of what it will be asked. */
const AHEAD = 1024;

/**
 * Searches any transition system breadth first, and decides properties: with the same verdicts and shortest counterexamples
 * as `check()`, which is many times as fast and searches machines alone. It looks nothing up ahead: each successor that it
 * asks for was needed.
 *
 * @experimental
 */
export const plainSearch = <F extends AnyFact, R extends string>(
  system: TransitionSystem<F, R>,
  properties: readonly Property<F, R>[],
  options: PlainSearchOptions = {},
): Promise<Outcome<F>> => new PlainSearch(system, properties, options).run();

class PlainSearch<F extends AnyFact, R extends string> {
  readonly #rows: Rows;
  readonly #monitor: Monitor<Int32Array, Break>;
  readonly #edges: Edges | null;
  readonly #started = performance.now();
  /** What is watched takes a while, and is looked at now and then: see #watch. */
  readonly #stops: Omit<Stops, 'watch'>;
  readonly #met: boolean[] = [];
  #transitions = 0;
  /** The first row that the system was not told of. */
  #told = 0;

  constructor(
    readonly system: TransitionSystem<F, R>,
    readonly properties: readonly Property<F, R>[],
    readonly options: PlainSearchOptions,
  ) {
    const { watch: _, ...stops } = options;
    this.#stops = stops;
    for (const property of properties) checkNames(system.vocabulary, property);
    this.#rows = new Rows(system.width);
    const partOf = (role: string, index: number) => system.partOf(role as R, index);
    const roles = {
      vocabulary: system.vocabulary,
      countOf: (index: string) => system.countOf(index),
      partOf,
      ofRole: (role: string) => [...everyPart(role, partOf)],
    };
    this.#monitor = new Monitor(roles, properties, {
      present: (row, part) => system.present(part, system.local(part, row)),
      local: (row, part) => system.local(part, row),
    });
    this.#edges = this.#monitor.bound.goals.length > 0 ? new Edges() : null;
  }

  async run(): Promise<Outcome<F>> {
    const { initial } = this.system;
    this.#monitor.state(initial, { row: this.#rows.add(initial, -1, -1), fact: -1 });
    const stoppedBy = await this.#findRows();
    if (stoppedBy === undefined && this.#edges !== null) {
      const { rows, monitor } = { rows: this.#rows, monitor: this.#monitor };
      decideReachability(monitor, rows, this.#edges, (row) => ({ row, fact: -1 }));
    }
    return {
      covered: {
        states: this.#rows.size,
        transitions: this.#transitions,
        depth: this.#rows.depth(this.#rows.size - 1),
        exhaustive: stoppedBy === undefined,
        ...(stoppedBy === undefined ? {} : { stoppedBy }),
        bytes: this.#rows.bytes,
        milliseconds: performance.now() - this.#started,
      },
      verdicts: verdictsOf(this.properties, {
        breaks: this.#monitor.breaks,
        logsTo: (breaks) => breaks.map((at) => this.#logTo(at)),
        happened: (_, number) => this.#monitor.happened[number] !== null,
        stoppedBy,
      }),
    };
  }

  /** Expands row after row; says why it stopped, if it did. */
  async #findRows(): Promise<string | undefined> {
    const { depth = Infinity, onProgress } = this.options;
    let unknown: string | undefined;
    for (let row = 0; row < this.#rows.size; ) {
      if (depth < Infinity && this.#rows.depth(row) >= depth) return `limit of ${depth} facts`;
      try {
        this.#expand(row);
      } catch (error) {
        if (!(error instanceof Undecided)) throw error;
        unknown ??= error.reason;
        if (error.ends) return error.reason;
      }
      row++;
      if (row % SLICE === 0) {
        onProgress?.(this.#rows.size);
        await yieldToEventLoop();
        const stoppedBy = this.#watch();
        if (stoppedBy !== undefined) return stoppedBy;
      }
      const stoppedBy = row < this.#rows.size ? this.#limit() : undefined;
      if (stoppedBy !== undefined) return stoppedBy;
    }
    return unknown;
  }

  #expand(from: number): void {
    const { system } = this;
    this.#tellAhead(from);
    let progress = false;
    expand(system, this.#rows, from, (number, before, after, to, isNew) => {
      const fact = system.facts[number]!;
      this.#transitions++;
      if (system.vocabulary.facts[fact.type]?.background !== true) progress = true;
      if (to !== from) this.#edges?.add(from, to);
      if (!this.#met[number]) this.#monitor.speak(fact, { row: from, fact: number });
      this.#met[number] = true;
      if (isNew) this.#monitor.state(after, { row: to, fact: -1 });
      this.#monitor.fact(before, fact, { row: from, fact: number }, number);
    });
    if (!progress) this.#monitor.stuck(this.#rows.row(from), { row: from, fact: -1 });
  }

  #tellAhead(from: number): void {
    const { system } = this;
    if (system.ahead === undefined) return;
    const end = Math.min(this.#rows.size, from + AHEAD);
    while (this.#told < end) system.ahead(this.#rows.row(this.#told++));
  }

  #watch(): string | undefined {
    try {
      return this.options.watch?.();
    } catch (error) {
      if (error instanceof Undecided) return error.reason;
      throw error;
    }
  }

  #limit(): string | undefined {
    if (this.options.first === true && this.#monitor.breaks.first.some((found) => found !== null))
      return 'the first break';
    const { size: states, bytes } = this.#rows;
    return reached(this.#stops, { states, bytes, milliseconds: performance.now() - this.#started });
  }

  #logTo({ row, fact }: Break): F[] {
    const path = this.#rows.pathTo(row);
    if (fact >= 0) path.push(fact);
    return path.map((number) => this.system.facts[number]!);
  }
}

/** The parts of a role, in the order of their index. */
function* everyPart(
  role: string,
  partOf: (role: string, index: number) => number | undefined,
): Generator<number, void> {
  for (let index = 0; ; index++) {
    const part = partOf(role, index);
    if (part === undefined) return;
    yield part;
  }
}
