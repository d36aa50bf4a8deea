import type { DriverMachine } from '../../machines/drivers.ts';
import { compose, type Environment, type Model } from '../../models/index.ts';
import type { Limits } from '../engine/check/index.ts';
import { shortOfMemory } from '../engine/check/memory.ts';
import type { Question } from './expression.ts';
import { type Answer, reachIn } from './reach.ts';
import { machinesOf, type Searched } from './searched.ts';
import { BadQuestion } from './words.ts';

/** What was asked, of which driver, where, and how far. */
export interface AskedOfModels {
  readonly question: Question;
  readonly machine: DriverMachine;
  /** What is searched in place of machines: the C of a driver. Throws `Undecided` where it cannot be run. */
  readonly inC?: (model: Model, environment: Environment) => Searched;
  readonly models: readonly Model[];
  readonly environments: readonly Environment[];
  readonly limits?: Limits;
  readonly signal?: AbortSignal;
  /** Called before each search, and now and then in it. */
  readonly onProgress?: (done: number, total: number, states: number) => void;
}

/** One search: where it was, and what came out; a search ends where its logs are as long as the shortest answer so far. */
export interface Search {
  readonly model: Model;
  readonly environment: Environment;
  readonly answer: Answer;
}

/** What all searches came to. */
export interface Asked {
  /** The search that found a shortest log. */
  readonly reached?: Search & { readonly answer: Extract<Answer, { kind: 'reached' }> };
  readonly searches: readonly Search[];
  /** How many scopes have not what the question names: an event, a hart, a counter. */
  readonly without: number;
}

/**
 * Asks a question of each model in each of its environments, and keeps the shortest log that answers it. Throws `BadQuestion` if
 * no model has what the question names.
 */
export async function askModels(asked: AskedOfModels): Promise<Asked> {
  const { question, machine, inC, models, environments, limits, signal, onProgress } = asked;
  const scopes = models.flatMap((model) =>
    model.environments.filter((one) => environments.includes(one)).map((environment) => ({ model, environment })),
  );
  const searches: Search[] = [];
  let reached: Asked['reached'];
  let without = 0;
  let unknown: BadQuestion | undefined;
  for (const [done, { model, environment }] of scopes.entries()) {
    onProgress?.(done, scopes.length, 0);
    try {
      const searched = inC?.(model, environment) ?? machinesOf(compose(model.scope, environment, machine));
      const answer = await reachIn(searched, question, {
        watch: shortOfMemory,
        onProgress: (states) => onProgress?.(done, scopes.length, states),
        ...(limits && { limits }),
        ...(signal && { signal }),
        // Only a shorter one is news.
        ...(reached && { depth: reached.answer.log.length }),
      });
      searches.push({ model, environment, answer });
      if (answer.kind === 'reached' && answer.log.length < (reached?.answer.log.length ?? Infinity))
        reached = { model, environment, answer };
    } catch (error) {
      if (!(error instanceof BadQuestion)) throw error;
      unknown ??= error;
      without++;
    }
  }
  if (searches.length === 0 && unknown !== undefined) throw unknown;
  return { searches, without, ...(reached && { reached }) };
}

/** The searches that were cut short before they could tell whether there is an answer, or a shorter one; with the reason of each. */
export function cutShort({ searches, reached }: Asked): { readonly scope: string; readonly reason: string }[] {
  return searches.flatMap(({ model, environment, answer }) => {
    // All states nearer than the last one were found, and none answers the question.
    const isFarEnough = reached !== undefined && answer.covered.depth >= reached.answer.log.length;
    if (answer.kind !== 'bounded' || isFarEnough) return [];
    return [{ scope: `${model.name}, ${environment}`, reason: answer.reason }];
  });
}
