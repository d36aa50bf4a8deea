import { componentsOf } from './component.ts';
import { LocalSteps } from './local-steps.ts';
import { PartialOrderPass, type PassOptions, SEEN } from './partial-order-pass.ts';
import { MOST_GOALS } from './passed-reach.ts';
import { asked } from './predicate.ts';
import type { Product } from './product.ts';
import type { OfProperty } from './property-set.ts';
import type { SearchOptions } from './search.ts';
import type { Break } from './table-monitor.ts';

/** Whether such a search can decide all clauses: it has a bit for each thing that is to be reached. */
export const decides = ({ system }: Product, clauses: readonly OfProperty[]): boolean =>
  clauses.flatMap(({ id, clause }) => (clause.kind === 'can reach' ? [...asked(system, id, clause)] : [])).length <=
  MOST_GOALS;

/**
 * A search that keeps fewer states: none in the middle of a callback with interrupts off (they are merged into one step), and none before a local
 * step that no property sees (a stubborn set of one).
 *
 * A local step that goes first makes a path longer on which it was not needed. So what is violated is sought once more without local
 * steps, until it is found: the lengths are those of a search that keeps all.
 */
export class PartialOrderSearch {
  /** The states are those that were kept. */
  readonly partialOrder = true;
  /** States are compared word by word: none is missed. */
  readonly missProbability = undefined;
  /** It begins at the beginning. */
  readonly resumedFrom = undefined;
  #pass: PartialOrderPass;
  /** The pass that found what is violated by the shortest paths, if there was one. */
  #shortest: PartialOrderPass | null = null;
  readonly #passOptions: PassOptions;

  constructor(
    readonly product: Product,
    readonly clauses: readonly OfProperty[],
    readonly options: SearchOptions,
  ) {
    const components = componentsOf(product.system);
    const steps = new LocalSteps(product, components);
    this.#passOptions = { components, steps, sought: null, started: performance.now() };
    this.#pass = new PartialOrderPass(product, clauses, options, this.#passOptions);
  }

  /** Searches until every property is decided or a limit is reached; says which. */
  async run(): Promise<string | undefined> {
    for (;;) {
      const stoppedBy = await this.#pass.run();
      if (stoppedBy !== SEEN) return stoppedBy ?? this.#findShortest();
      this.#pass = new PartialOrderPass(this.product, this.clauses, this.options, this.#passOptions);
    }
  }

  async close(): Promise<void> {}

  /** Seeks what is violated once more, by the shortest paths. Says which limit stopped it, if one did. */
  async #findShortest(): Promise<string | undefined> {
    const { breaks } = this.engine.monitor;
    const numbers = [...this.clauses.keys()].filter((clause) => breaks.first[clause] !== null);
    if (numbers.length === 0 || !this.#passOptions.steps!.any) return undefined;
    const of = <T>(all: readonly T[]): T[] => numbers.map((clause) => all[clause]!);
    const sought = { first: of(breaks.first), lasting: of(breaks.lasting) };
    const pass = new PartialOrderPass(this.product, of(this.clauses), this.options, {
      ...this.#passOptions,
      steps: null,
      sought,
    });
    this.#shortest = pass;
    const stoppedBy = await pass.run();
    const found = pass.engine.monitor.breaks;
    for (const [number, clause] of numbers.entries()) {
      breaks.first[clause] = found.first[number] ?? breaks.first[clause]!;
      breaks.lasting[clause] = found.lasting[number] ?? breaks.lasting[clause]!;
    }
    return stoppedBy;
  }

  /** The numbers of the facts on a shortest path to the state of each break. */
  waysTo(breaks: readonly Break[]): number[][] {
    const ways = new Map<Break, number[]>();
    for (const pass of [this.#pass, this.#shortest]) {
      const its = breaks.filter((broken) => pass?.placeOf(broken) !== undefined);
      if (its.length > 0) for (const [place, way] of pass!.walk.waysTo(its).entries()) ways.set(its[place]!, way);
    }
    return breaks.map((broken) => ways.get(broken)!);
  }

  get engine() {
    return this.#pass.engine;
  }

  get states(): number {
    return this.#pass.states;
  }

  get transitions(): number {
    return this.#pass.transitions;
  }

  get depth(): number {
    return this.#pass.depth;
  }

  get bytes(): number {
    return this.#pass.bytes + (this.#shortest?.bytes ?? 0);
  }

  get milliseconds(): number {
    return this.#pass.milliseconds;
  }
}
