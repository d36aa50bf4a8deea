import type { System } from '../compose/index.ts';
import type { AnyFact } from '../vocabulary.ts';
import { BfsSearch } from './bfs-search.ts';
import type { DiskOptions } from './disk/disk-options.ts';
import type { Stops } from './limits.ts';
import { permuted } from './permutation.ts';
import { Product } from './product.ts';
import { checkNames, type Property } from './property.ts';
import type { OfProperty } from './property-set.ts';
import { Asymmetric, symmetryOf } from './symmetry.ts';
import { SymmetryReduction } from './symmetry-reduction.ts';
import type { Break } from './table-monitor.ts';
import type { Covered, Outcome } from './verdict.ts';
import { verdictsOf } from './verdicts.ts';

/** How far a search is. @public */
export interface Progress {
  readonly states: number;
  readonly transitions: number;
  /** States that are found and not yet expanded. */
  readonly frontier: number;
  readonly milliseconds: number;
}

/** How a search goes about it, and how far. @public */
export interface SearchOptions extends Stops {
  /**
   * Expand only the callback that runs with interrupts off, where one runs (default true). Sound, because all that such a
   * callback does is to machines of its own hart and its own event, which nobody else reaches meanwhile: see docs/search.md.
   */
  readonly reduce?: boolean;
  /**
   * Keep only fingerprints of states (default false): for scopes that memory cannot hold. What is not broken is then `probable`, with
   * the probability that a state was missed; what something can be reached from is not decided. One thread only. A number is the bits
   * of a fingerprint, for tests.
   */
  readonly compact?: boolean | number;
  /**
   * Keep the states on disk (default: in memory): for scopes that memory cannot hold, at less speed, and as exact. A search that is
   * stopped leaves there what it has found, and the same search goes on with it. One thread only.
   */
  readonly disk?: DiskOptions;
  /**
   * Take states as one that are the same but for the numbers of events of one kind, or of harts (default false). It is found out
   * whether they are: where a machine or a property makes a difference between them, all states are searched. One thread only.
   */
  readonly symmetry?: boolean;
  /**
   * Keep fewer states (default false): none in the middle of a callback that runs with interrupts off, and none before a step that
   * concerns one machine's component alone and that no property sees. Verdicts and lengths are the same; the states are those that were
   * kept, and a transition leads from one to the next. It is for scopes that memory cannot hold. One thread only.
   */
  readonly partialOrder?: boolean;
  /** How many worker threads share the work once a search is large (default: one for each processor, at most 8); 0: none. */
  readonly workers?: number;
  /** How many states make a search large (default 2^20): below, handing out the work costs more than it saves. */
  readonly largeFrom?: number;
  readonly onProgress?: (progress: Progress) => void;
}

/**
 * Searches every log of a system breadth first, and decides the properties over it.
 * A counterexample is a shortest one. Throws if a machine does what a fold must not do, and a TypeError for options that exclude each other.
 *
 * @public
 */
export const check = <F extends AnyFact, R extends string>(
  system: System<F, R>,
  properties: readonly Property<F, R>[],
  options: SearchOptions = {},
): Promise<Outcome<F>> => search(new Product(system), properties, options);

/** What {@link check} does, in a product that a caller goes on to ask. */
export async function search<F extends AnyFact, R extends string>(
  product: Product<F, R>,
  properties: readonly Property<F, R>[],
  options: SearchOptions,
): Promise<Outcome<F>> {
  const other =
    options.reduce === false
      ? 'reduce: false'
      : (['compact', 'disk', 'symmetry'] as const).find((name) => options[name]);
  if (options.partialOrder && other !== undefined) throw new TypeError(`partialOrder and ${other} exclude each other`);
  for (const property of properties) checkNames(product.system.vocabulary, property);
  const clauses = properties.flatMap((property, number) =>
    property.clauses.map((clause) => ({ property: number, id: property.id, clause })),
  );
  product.symmetry = options.symmetry
    ? symmetryOf(
        product,
        clauses.map(({ clause }) => clause),
      )
    : undefined;
  try {
    return await searchOf(product, properties, clauses, product.symmetry ? { ...options, workers: 0 } : options);
  } catch (error) {
    if (!(error instanceof Asymmetric)) throw error;
    return search(product, properties, { ...options, symmetry: false });
  }
}

async function searchOf<F extends AnyFact, R extends string>(
  product: Product<F, R>,
  properties: readonly Property<F, R>[],
  clauses: readonly OfProperty[],
  options: SearchOptions,
): Promise<Outcome<F>> {
  const { symmetry, facts } = product;
  const partialOrder = options.partialOrder ? await import('./partial-order-search.ts') : undefined;
  const explorer = partialOrder?.decides(product, clauses)
    ? new partialOrder.PartialOrderSearch(product, clauses, options)
    : options.compact
      ? new (await import('./compact-search.ts')).CompactSearch(product, clauses, options)
      : options.disk
        ? new (await import('./disk/disk-search.ts')).DiskSearch(product, clauses, options, options.disk)
        : new BfsSearch(product, clauses, options);
  let stoppedBy: string | undefined;
  try {
    stoppedBy = await explorer.run();
    symmetry?.verify();
  } finally {
    await explorer.close();
  }
  const { engine } = explorer;
  const reduction = symmetry && new SymmetryReduction(symmetry, engine.space.components);
  const logsTo = (breaks: readonly Break[]): F[][] => {
    const paths = explorer.waysTo(breaks);
    return breaks.map(({ fact }, index) => {
      const path = fact < 0 ? paths[index]! : [...paths[index]!, fact];
      return reduction?.unfold<F>(path) ?? path.map((number) => facts[number]!);
    });
  };
  const met = facts.filter((_, fact) => engine.happened(fact));
  const happened = symmetry ? met.flatMap((fact) => symmetry.all.map((other) => permuted(fact, other))) : met;
  const { states, transitions, depth, bytes, milliseconds, missProbability, resumedFrom } = explorer;
  const covered: Covered = {
    ...{ states, transitions, depth, bytes, milliseconds },
    exhaustive: stoppedBy === undefined && missProbability === undefined,
    ...(missProbability === undefined ? {} : { missProbability }),
    ...('partialOrder' in explorer && { partialOrder: true }),
    ...(symmetry && { permutations: symmetry.merged.length }),
    ...(stoppedBy === undefined ? {} : { stoppedBy }),
    ...(resumedFrom === undefined ? {} : { resumedFrom }),
  };
  return {
    covered,
    verdicts: verdictsOf(properties, {
      breaks: engine.monitor.breaks,
      logsTo,
      happened: (property) => happened.some((fact) => property.speaksOf(fact)),
      stoppedBy,
      missProbability,
    }),
  };
}
