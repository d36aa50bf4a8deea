import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import type { DriverName } from '../../machines/drivers.ts';
import type { Environment, Model } from '../../models/index.ts';
import type { Limits } from '../engine/check/index.ts';
import { Thread } from '../engine/check/thread.ts';
import type { Property } from '../facts/index.ts';
import { nothingCovered, nothingKnown, type SourceOptions, type SourceOutcome } from './audit.ts';
import type { Build, BuildOptions } from './build.ts';
import { NoSubject } from './compiler.ts';
import type { Conformance } from './conform.ts';
import type { Mutant } from './mutants.ts';
import type { Tested } from './self-test.ts';
import type { DriverSource } from './source.ts';

/** A model in an environment, and the C that is searched in it. */
interface InScope {
  readonly build: Build;
  readonly everyAccess: boolean;
  readonly model: Model;
  readonly environment: Environment;
  readonly limits: Limits;
}

/** What a thread is to do: what is code has a name, since the thread has it too. */
export type SearchTask =
  | (InScope & { readonly kind: 'decide'; readonly properties: readonly string[] })
  | (InScope & { readonly kind: 'compare'; readonly driver: DriverName })
  | {
      readonly kind: 'test';
      readonly source: DriverSource;
      readonly options: BuildOptions;
      readonly mutant: Mutant;
      readonly driver: DriverName;
      readonly models: readonly Model[];
    };

/** What came of it, or why the driver is no subject. */
export type SearchAnswer =
  /** `search`: the number of the search that it comes from; of one that answers several tasks, all have it. */
  | { readonly outcome: SourceOutcome; readonly search: number }
  | { readonly compared: Conformance }
  | { readonly tested: Tested }
  | { readonly noSubject: string };

/** MiB of a thread's heap for what is new: most of what a search makes lasts, and is moved less often so. */
const YOUNG = 64;

const INTERRUPTED = 'interrupted';
const FULL = 'the memory of its thread is used up';

/** A thread in which the C of drivers is searched: on several processors, so many searches go on side by side. One at a time. */
export class SearchThread {
  /** It says how many states it has found. */
  readonly #thread = new Thread<SearchTask, SearchAnswer, number>(new URL('./search-worker.ts', import.meta.url), {
    maxYoungGenerationSizeMb: YOUNG,
  });
  /** By the number of the search: the outcome that came first, since copies of it are not known for the same. */
  readonly #outcomes = new Map<number, SourceOutcome>();

  /**
   * Does what `SourceAudit.decide` does. Throws `NoSubject` if the driver does not boot. A thread that is closed meanwhile, or whose
   * memory is used up, leaves the properties *bounded*.
   */
  async decide(
    { build, everyAccess }: Pick<InScope, 'build' | 'everyAccess'>,
    model: Model,
    environment: Environment,
    properties: readonly Property[],
    options: SourceOptions = {},
  ): Promise<SourceOutcome> {
    const { limits = {} } = options;
    const ids = properties.map(({ id }) => id);
    const task = { kind: 'decide', build, everyAccess, model, environment, limits, properties: ids } as const;
    const answer = await this.#do(task, options);
    if (typeof answer === 'string') return nothingKnown(properties, answer);
    const { search, outcome } = answer as Extract<SearchAnswer, { outcome: unknown }>;
    const first = this.#outcomes.get(search) ?? outcome;
    this.#outcomes.set(search, first);
    return first;
  }

  /** Does what `conform` does with a driver of ours. What keeps it from its end keeps it from being a pass. */
  async compare(
    { build, everyAccess }: Pick<InScope, 'build' | 'everyAccess'>,
    model: Model,
    environment: Environment,
    driver: DriverName,
    options: SourceOptions = {},
  ): Promise<Conformance> {
    const { limits = {} } = options;
    const answer = await this.#do({ kind: 'compare', build, everyAccess, model, environment, limits, driver }, options);
    if (typeof answer === 'string') return { covered: nothingCovered(answer) };
    return (answer as Extract<SearchAnswer, { compared: unknown }>).compared;
  }

  /** Does what `testMutant` does with a driver of ours. */
  async test(
    task: Omit<Extract<SearchTask, { kind: 'test' }>, 'kind'>,
    options: Pick<SourceOptions, 'signal'>,
  ): Promise<Tested> {
    const answer = await this.#do({ kind: 'test', ...task }, options);
    if (typeof answer === 'string') return { mutant: task.mutant, outcome: 'undecided' };
    return (answer as Extract<SearchAnswer, { tested: unknown }>).tested;
  }

  /** The answer to a task, or why there is none. */
  async #do(task: SearchTask, { signal, onProgress }: SourceOptions): Promise<SearchAnswer | string> {
    let answer: SearchAnswer | undefined;
    try {
      answer = await this.#thread.do(task, { signal, onNews: onProgress });
    } catch (error) {
      if ((error as { code?: string }).code !== 'ERR_WORKER_OUT_OF_MEMORY') throw error;
      this.#outcomes.clear();
      return FULL;
    }
    if (answer !== undefined && 'noSubject' in answer) throw new NoSubject(answer.noSubject);
    return answer ?? INTERRUPTED;
  }

  /** Starts the thread, which loads its code while the caller does something else. */
  start(): void {
    this.#thread.start();
  }

  /** Ends the thread, and the processes in which the C runs. */
  close(): Promise<void> {
    return this.#thread.close();
  }
}

/**
 * So many bytes of its code has a function run before V8 optimizes it: eight times as many as it waits for otherwise. Each thread
 * compiles for itself, on the same processors on which all search, for a few seconds: what is not hot costs more than it saves.
 */
const HOT = 1 << 20;

/** Does what needs a thread for each processor, and ends them. */
export async function withThreads<T>(action: (threads: readonly SearchThread[]) => Promise<T>): Promise<T> {
  setFlagsFromString(`--interrupt-budget=${HOT}`);
  const threads = Array.from({ length: availableParallelism() }, () => new SearchThread());
  try {
    for (const thread of threads) thread.start();
    return await action(threads);
  } finally {
    await Promise.all(threads.map((thread) => thread.close()));
  }
}
