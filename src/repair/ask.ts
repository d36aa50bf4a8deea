import type { DriverMachine } from '../../machines/drivers.ts';
import { compose, type Environment, type Model, propertyOf } from '../../models/index.ts';
import { check } from '../engine/check/index.ts';
import { statesAlong } from '../engine/compose/index.ts';
import type { Counterexample, Outcome } from '../facts/index.ts';
import { type Decided, noting } from './decided.ts';
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

/**
 * Asks scopes of variants of one driver. An answer holds for every variant that agrees on the decisions that its search
 * came to, so that few of the scopes are searched anew. Throws an Error if a search is stopped before its end.
 */
export class Asker {
  readonly #answers = new Map<ScopeOfSearch, Answer[]>();
  #shared: { readonly decided: Decided; readonly machine: DriverMachine } | undefined;
  /** How many searches there were. */
  searches = 0;

  constructor(
    readonly driver: DriverMachine,
    readonly signal?: AbortSignal,
  ) {}

  /** The answer, which notes what it and each violated property depend on. */
  async ask(scope: ScopeOfSearch, decided: Decided): Promise<Answer> {
    const known = this.#known(scope, decided);
    if (known !== undefined) return known;
    const { machine, asked } = noting(this.driver, decided);
    const { verdicts, covered } = await this.#search(scope, machine);
    const mask = asked();
    const broken = [...verdicts].flatMap(([property, verdict]) => {
      if (verdict.verdict !== 'violated') return [];
      const along = this.#askedAlong(scope, decided, verdict.counterexample) ?? mask;
      return [{ property, mask: along, value: decided & along }];
    });
    return this.#keep(scope, { broken, states: covered.states, mask, value: decided & mask });
  }

  /**
   * The ids of the properties that are broken. It is faster where many scopes are asked of one variant in a row, which share
   * their tables; for that, it does not find out for which other variants the answer holds.
   */
  async brokenBy(scope: ScopeOfSearch, decided: Decided): Promise<readonly string[]> {
    const known = this.#known(scope, decided);
    if (known !== undefined) return known.broken.map(({ property }) => property);
    if (this.#shared?.decided !== decided) this.#shared = { decided, machine: noting(this.driver, decided).machine };
    const { verdicts } = await this.#search(scope, this.#shared.machine);
    return [...verdicts].flatMap(([property, { verdict }]) => (verdict === 'violated' ? [property] : []));
  }

  #known(scope: ScopeOfSearch, decided: Decided): Answer | undefined {
    return this.#answers.get(scope)?.find(({ mask, value }) => (decided & mask) === value);
  }

  #keep(scope: ScopeOfSearch, answer: Answer): Answer {
    this.#answers.set(scope, [...(this.#answers.get(scope) ?? []), answer]);
    return answer;
  }

  async #search({ model, environment }: ScopeOfSearch, machine: DriverMachine): Promise<Outcome> {
    this.searches++;
    const outcome = await check(compose(model.scope, environment, machine), model.properties.map(propertyOf), {
      ...(this.signal && { signal: this.signal }),
    });
    if (!outcome.covered.exhaustive)
      throw new Error(`${model.name} in ${environment}: the search was stopped (${outcome.covered.stoppedBy})`);
    return outcome;
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
