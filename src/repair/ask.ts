import { DRIVERS, type DriverMachine, type DriverName } from '../../machines/drivers.ts';
import { compose, type Environment, type Model, propertyOf } from '../../models/index.ts';
import { isomorphic } from '../engine/check/isomorphic.ts';
import { Pool } from '../engine/check/pool.ts';
import { Product } from '../engine/check/product.ts';
import { search } from '../engine/check/search.ts';
import { Thread } from '../engine/check/thread.ts';
import { statesAlong } from '../engine/compose/index.ts';
import type { Counterexample, Outcome, System } from '../facts/index.ts';
import { type Decided, type Noting, noting } from './decided.ts';
import type { Excluded } from './smallest.ts';

/** One search: a model in an environment. */
export interface ScopeOfSearch {
  readonly model: Model;
  readonly environment: Environment;
}

/** Every scope that models ask in some environments. */
export const scopesOf = (models: readonly Model[], environments: readonly Environment[]): ScopeOfSearch[] =>
  models.flatMap((model) =>
    model.environments
      .filter((environment) => environments.includes(environment))
      .map((environment) => ({ model, environment })),
  );

/** A property that is broken, and all variants of the driver of which the same log says so. */
export interface Broken extends Excluded {
  readonly property: string;
}

/** What a search came to, and all variants of which it says so: those that agree with `value` on `mask`. */
export interface Answer extends Excluded {
  readonly broken: readonly Broken[];
  readonly states: number;
}

/** What a thread is to ask of a variant of a driver: the answers, or only what is broken. */
export interface AskTask {
  readonly kind: 'answers' | 'broken';
  readonly driver: DriverName;
  readonly decided: Decided;
  readonly scopes: readonly ScopeOfSearch[];
}

/** What came of it, by scope, and how many searches it took. */
export interface AskAnswer {
  readonly answers: readonly Answer[];
  readonly broken: readonly (readonly string[])[];
  readonly searches: number;
}

/** A search of a variant, which may have been one in another environment too: perf cores differ in little. */
interface Searched extends Noting {
  readonly model: Model;
  readonly product: Product;
  readonly outcome: Outcome;
}

/**
 * Asks scopes of variants of one driver. An answer holds for every variant that agrees on the decisions that its search
 * came to, so that few of the scopes are searched anew. Throws an Error if a search is stopped before its end.
 */
export class Asker {
  readonly #answers = new Map<ScopeOfSearch, Answer[]>();
  readonly #name: DriverName | undefined;
  /** The variant that was asked last, and its searches. */
  #variant: { readonly decided: Decided; readonly searched: Searched[]; shared?: Noting } | undefined;
  /** The end of what is being asked here: one variant after another. */
  #last: Promise<unknown> = Promise.resolve();
  /** How many searches there were. */
  searches = 0;

  /** `threads`: where a driver of ours is asked, if not here. */
  constructor(
    readonly driver: DriverMachine,
    readonly signal?: AbortSignal,
    readonly threads?: AskThreads,
  ) {
    this.#name = Object.keys(DRIVERS).find((name) => DRIVERS[name as DriverName] === driver) as DriverName | undefined;
  }

  /** The answer of each scope, which notes what it and each violated property depend on. */
  async ask(scopes: readonly ScopeOfSearch[], decided: Decided): Promise<Answer[]> {
    const unknown = scopes.filter((scope) => this.#known(scope, decided) === undefined);
    const { answers } = await this.#found('answers', unknown, decided);
    for (const [place, scope] of unknown.entries())
      this.#answers.set(scope, [...(this.#answers.get(scope) ?? []), answers[place]!]);
    return scopes.map((scope) => this.#known(scope, decided)!);
  }

  /**
   * The ids of the properties that are broken in each scope. It is faster where many scopes are asked of one variant in a row,
   * which share their tables; for that, it does not find out for which other variants the answer holds.
   */
  async brokenBy(scopes: readonly ScopeOfSearch[], decided: Decided): Promise<(readonly string[])[]> {
    const known = new Map(scopes.map((scope) => [scope, this.#known(scope, decided)?.broken]));
    const unknown = scopes.filter((scope) => known.get(scope) === undefined);
    const { broken } = await this.#found('broken', unknown, decided);
    return scopes.map((scope) => known.get(scope)?.map(({ property }) => property) ?? broken[unknown.indexOf(scope)]!);
  }

  #known(scope: ScopeOfSearch, decided: Decided): Answer | undefined {
    return this.#answers.get(scope)?.find(({ mask, value }) => (decided & mask) === value);
  }

  /** Asks scopes in a thread, or here. */
  async #found(
    kind: AskTask['kind'],
    scopes: readonly ScopeOfSearch[],
    decided: Decided,
  ): Promise<Omit<AskAnswer, 'searches'>> {
    if (scopes.length === 0) return { answers: [], broken: [] };
    if (this.threads !== undefined && this.#name !== undefined) {
      const task = { kind, driver: this.#name, decided, scopes };
      const found = await this.threads.with((thread) => thread.do(task));
      if (found === undefined) throw new Error('interrupted');
      this.searches += found.searches;
      return found;
    }
    const before = this.#last;
    const asked = (async () => {
      await before;
      const found = { answers: [] as Answer[], broken: [] as (readonly string[])[] };
      for (const scope of scopes)
        if (kind === 'answers') found.answers.push(await this.#answer(scope, decided));
        else found.broken.push(await this.#broken(scope, decided));
      return found;
    })();
    // What fails is told to whom it matters.
    this.#last = asked.catch(() => {});
    return asked;
  }

  async #answer(scope: ScopeOfSearch, decided: Decided): Promise<Answer> {
    const { searched } = this.#of(decided);
    let found = searched.find((one) => this.#isSearchOf(one, scope));
    if (found === undefined) {
      // With a machine of its own, it notes what this search alone asks.
      found = await this.#search(scope, noting(this.driver, decided));
      searched.push(found);
    }
    const { outcome, asked } = found;
    const mask = asked();
    const broken = [...outcome.verdicts].flatMap(([property, verdict]) => {
      if (verdict.verdict !== 'violated') return [];
      const along = this.#askedAlong(scope, decided, verdict.counterexample) ?? mask;
      return [{ property, mask: along, value: decided & along }];
    });
    return { broken, states: outcome.covered.states, mask, value: decided & mask };
  }

  async #broken(scope: ScopeOfSearch, decided: Decided): Promise<readonly string[]> {
    const variant = this.#of(decided);
    variant.shared ??= noting(this.driver, decided);
    let found = variant.searched.find((one) => this.#isSearchOf(one, scope));
    if (found === undefined) {
      found = await this.#search(scope, variant.shared);
      variant.searched.push(found);
    }
    return [...found.outcome.verdicts].flatMap(([property, { verdict }]) => (verdict === 'violated' ? [property] : []));
  }

  #of(decided: Decided): { readonly searched: Searched[]; shared?: Noting } {
    if (this.#variant?.decided !== decided) this.#variant = { decided, searched: [] };
    return this.#variant;
  }

  #isSearchOf({ model, machine, product }: Searched, scope: ScopeOfSearch): boolean {
    return model === scope.model && isomorphic(product, systemOf(scope, machine));
  }

  async #search(scope: ScopeOfSearch, variant: Noting): Promise<Searched> {
    this.searches++;
    const { model, environment } = scope;
    const product = new Product(systemOf(scope, variant.machine));
    const outcome = await search(product, model.properties.map(propertyOf), {
      ...(this.signal && { signal: this.signal }),
    });
    if (!outcome.covered.exhaustive)
      throw new Error(`${model.name} in ${environment}: the search was stopped (${outcome.covered.stoppedBy})`);
    return { ...variant, model, product: product as unknown as Product, outcome };
  }

  /** The decisions that a log depends on; undefined if it is no log alone that violates the property. */
  #askedAlong(
    { model, environment }: ScopeOfSearch,
    decided: Decided,
    { facts, breaks }: Counterexample,
  ): Decided | undefined {
    if (breaks === 'never' || breaks === 'stuck') return undefined;
    const { machine, asked } = noting(this.driver, decided);
    statesAlong(compose(model.scope, environment, machine), facts);
    return asked();
  }
}

const systemOf = ({ model, environment }: ScopeOfSearch, machine: DriverMachine): System =>
  compose(model.scope, environment, machine);

/** Threads that ask variants of the drivers of ours. */
export type AskThreads = Pool<Thread<AskTask, AskAnswer>>;

export const askThreads = (): AskThreads => new Pool(() => new Thread(new URL('./ask-worker.ts', import.meta.url)));
