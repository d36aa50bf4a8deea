import type { DriverMachine } from '../../machines/drivers.ts';
import { compose, type Environment, type Model, propertyOf } from '../../models/index.ts';
import { check } from '../engine/check/index.ts';
import { statesAlong } from '../engine/compose/index.ts';
import type { Counterexample, Outcome } from '../facts/index.ts';
import { type Decided, noting } from './decided.ts';
import type { Excluded } from './smallest.ts';

/** One search: a model in an environment. */
export interface Question {
  readonly model: Model;
  readonly environment: Environment;
}

/** Every question that models ask in some environments. */
export const questionsOf = (models: readonly Model[], environments: readonly Environment[]): Question[] =>
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
 * Asks questions of variants of one driver. An answer holds for every variant that agrees on the decisions that its search
 * came to, so that few of the questions are searched anew. Throws an Error if a search is stopped before its end.
 */
export class Asker {
  readonly #answers = new Map<Question, Answer[]>();
  #shared: { readonly decided: Decided; readonly machine: DriverMachine } | undefined;
  /** How many searches there were. */
  searches = 0;

  constructor(
    readonly driver: DriverMachine,
    readonly signal?: AbortSignal,
  ) {}

  /** The answer, which notes what it and each violated property depend on. */
  async ask(question: Question, decided: Decided): Promise<Answer> {
    const known = this.#known(question, decided);
    if (known !== undefined) return known;
    const { machine, asked } = noting(this.driver, decided);
    const { verdicts, covered } = await this.#search(question, machine);
    const mask = asked();
    const broken = [...verdicts].flatMap(([property, verdict]) => {
      if (verdict.verdict !== 'violated') return [];
      const along = this.#askedAlong(question, decided, verdict.counterexample) ?? mask;
      return [{ property, mask: along, value: decided & along }];
    });
    return this.#keep(question, { broken, states: covered.states, mask, value: decided & mask });
  }

  /**
   * The ids of the properties that are broken. It is faster where many questions are asked of one variant in a row, which share
   * their tables; for that, it does not find out for which other variants the answer holds.
   */
  async brokenBy(question: Question, decided: Decided): Promise<readonly string[]> {
    const known = this.#known(question, decided);
    if (known !== undefined) return known.broken.map(({ property }) => property);
    if (this.#shared?.decided !== decided) this.#shared = { decided, machine: noting(this.driver, decided).machine };
    const { verdicts } = await this.#search(question, this.#shared.machine);
    return [...verdicts].flatMap(([property, { verdict }]) => (verdict === 'violated' ? [property] : []));
  }

  #known(question: Question, decided: Decided): Answer | undefined {
    return this.#answers.get(question)?.find(({ mask, value }) => (decided & mask) === value);
  }

  #keep(question: Question, answer: Answer): Answer {
    this.#answers.set(question, [...(this.#answers.get(question) ?? []), answer]);
    return answer;
  }

  async #search({ model, environment }: Question, machine: DriverMachine): Promise<Outcome> {
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
    { model, environment }: Question,
    decided: Decided,
    { facts, breaks }: Counterexample,
  ): Decided | undefined {
    if (breaks === 'never' || breaks === 'stuck') return undefined;
    const { machine, asked } = noting(this.driver, decided);
    statesAlong(compose(model.scope, environment, machine), facts);
    return asked();
  }
}
