import { DRIVERS, type DriverMachine, type DriverName } from '../../machines/drivers.ts';
import { compose, type Environment, type Model, propertyOf } from '../../models/index.ts';
import { Choices } from '../engine/check/choices.ts';
import { isomorphic } from '../engine/check/isomorphic.ts';
import { Pool } from '../engine/check/pool.ts';
import { Product } from '../engine/check/product.ts';
import { search } from '../engine/check/search.ts';
import { Thread } from '../engine/check/thread.ts';
import { localsAlong } from '../engine/compose/locals.ts';
import type { Counterexample, Fact, Outcome, Role, System } from '../facts/index.ts';
import { choosing, type Decided } from './decided.ts';
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

/** A scope, and the variant of the driver that is asked in it. */
export interface Asked {
  readonly scope: ScopeOfSearch;
  readonly decided: Decided;
}

/** What a thread is to ask of a driver. */
export interface AskTask {
  readonly driver: DriverName;
  readonly asked: readonly Asked[];
}

/** What came of it, and how many searches it took. */
export interface AskAnswer {
  readonly answers: readonly Answer[];
  readonly searches: number;
}

/** The machines of a scope put together, for all variants that agree with `value` on `mask`. */
interface Composed extends Excluded {
  readonly product: Product<Fact, Role>;
}

/** What is known of a scope. */
interface Known {
  readonly answers: Answer[];
  readonly composed: Composed[];
}

/** A search of a variant, which may have been one in another environment too: perf cores differ in little. */
interface Searched extends Composed {
  readonly model: Model;
  readonly outcome: Outcome;
}

/**
 * Asks scopes of variants of one driver. An answer holds for every variant that agrees on the decisions that its search
 * came to, so that few of the scopes are searched anew; and a search goes on from the tables that the last one of the scope made.
 * Throws an Error if a search is stopped before its end.
 */
export class Asker {
  readonly #known = new Map<Model, Map<Environment, Known>>();
  readonly #name: DriverName | undefined;
  readonly #choices = new Choices();
  readonly #machine: DriverMachine;
  /** The variant that was asked last, and its searches. */
  #variant: { readonly decided: Decided; readonly searched: Searched[] } | undefined;
  /** The end of what is being asked here: one after another, since all share their choices. */
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
    this.#machine = choosing(driver, this.#choices);
  }

  /** The answers, which note what they and each violated property depend on. It is faster if all are of one model, and those of a variant in a row. */
  async ask(asked: readonly Asked[]): Promise<Answer[]> {
    const unknown = asked.filter((one) => this.#answered(one) === undefined);
    if (this.threads !== undefined && this.#name !== undefined && unknown.length > 0) {
      const task = { driver: this.#name, asked: unknown };
      const found = await this.threads.with((thread) => thread.do(task));
      if (found === undefined) throw new Error('interrupted');
      this.searches += found.searches;
      for (const [place, { scope }] of unknown.entries()) this.#of(scope).answers.push(found.answers[place]!);
    } else {
      const before = this.#last;
      const searched = (async () => {
        await before;
        for (const one of unknown) if (this.#answered(one) === undefined) await this.#find(one);
      })();
      // What fails is told to whom it matters.
      this.#last = searched.catch(() => {});
      await searched;
    }
    return asked.map((one) => this.#answered(one)!);
  }

  /** What every scope says of some variants: the scopes of a model are asked in one place. */
  async askAll(
    byModel: readonly (readonly ScopeOfSearch[])[],
    variants: readonly Decided[],
  ): Promise<ReadonlyMap<Decided, ReadonlyMap<ScopeOfSearch, Answer>>> {
    const all = new Map(variants.map((decided) => [decided, new Map<ScopeOfSearch, Answer>()]));
    const ofModel = async (scopes: readonly ScopeOfSearch[]): Promise<void> => {
      const asked = variants.flatMap((decided) => scopes.map((scope) => ({ scope, decided })));
      const answers = await this.ask(asked);
      for (const [place, { scope, decided }] of asked.entries()) all.get(decided)!.set(scope, answers[place]!);
    };
    await Promise.all(byModel.map(ofModel));
    return all;
  }

  #of({ model, environment }: ScopeOfSearch): Known {
    const ofModel = this.#known.get(model) ?? new Map<Environment, Known>();
    this.#known.set(model, ofModel);
    const known = ofModel.get(environment) ?? { answers: [], composed: [] };
    ofModel.set(environment, known);
    return known;
  }

  #answered({ scope, decided }: Asked): Answer | undefined {
    return this.#of(scope).answers.find((answer) => concerns(answer, decided));
  }

  async #find({ scope, decided }: Asked): Promise<void> {
    this.#choices.chosen = decided;
    if (this.#variant?.decided !== decided) this.#variant = { decided, searched: [] };
    const { searched } = this.#variant;
    const { mask, product, outcome } =
      searched.find((one) => this.#isSearchOf(one, scope)) ?? (await this.#search(scope, searched));
    const broken = [...outcome.verdicts].flatMap(([property, verdict]) => {
      if (verdict.verdict !== 'violated') return [];
      const along = this.#askedAlong(product, verdict.counterexample) ?? mask;
      return [{ property, mask: along, value: decided & along }];
    });
    this.#of(scope).answers.push({ broken, states: outcome.covered.states, mask, value: decided & mask });
  }

  #isSearchOf({ model, product }: Searched, scope: ScopeOfSearch): boolean {
    return model === scope.model && isomorphic(product as unknown as Product, this.#systemOf(scope));
  }

  async #search(scope: ScopeOfSearch, searched: Searched[]): Promise<Searched> {
    this.searches++;
    const { model, environment } = scope;
    const composed = this.#compose(scope);
    this.#choices.asked = composed.mask;
    const outcome = await search(composed.product, model.properties.map(propertyOf), {
      ...(this.signal && { signal: this.signal }),
    });
    if (!outcome.covered.exhaustive)
      throw new Error(`${model.name} in ${environment}: the search was stopped (${outcome.covered.stoppedBy})`);
    const mask = this.#choices.asked;
    const found = { model, ...composed, mask, value: this.#choices.chosen & mask, outcome };
    searched.push(found);
    return found;
  }

  /** The machines of a scope, put together once for all variants that differ only in what is asked later. */
  #compose(scope: ScopeOfSearch): Composed {
    const choices = this.#choices;
    const { composed } = this.#of(scope);
    const known = composed.find((one) => concerns(one, choices.chosen));
    if (known !== undefined) return known;
    choices.asked = 0;
    const product = new Product(this.#systemOf(scope), choices);
    const mask = choices.asked;
    const made = { product, mask, value: choices.chosen & mask };
    composed.push(made);
    return made;
  }

  #systemOf({ model, environment }: ScopeOfSearch): System {
    return compose(model.scope, environment, this.#machine);
  }

  /** The decisions that a log depends on; undefined if it is no log alone that violates the property. */
  #askedAlong({ system }: Composed['product'], { facts, breaks }: Counterexample): Decided | undefined {
    if (breaks === 'never' || breaks === 'stuck') return undefined;
    this.#choices.asked = 0;
    localsAlong(system, facts);
    return this.#choices.asked;
  }
}

/** Whether a variant is one of those of which something is said. */
const concerns = ({ mask, value }: Excluded, decided: Decided): boolean => (decided & mask) === value;

/** Threads that ask variants of the drivers of ours. */
export type AskThreads = Pool<Thread<AskTask, AskAnswer>>;

export const askThreads = (): AskThreads => new Pool(() => new Thread(new URL('./ask-worker.ts', import.meta.url)));
