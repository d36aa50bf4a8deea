import { availableParallelism } from 'node:os';
import type { Environment, Model } from '../../models/index.ts';
import type { Limits } from '../engine/check/index.ts';
import { Thread } from '../engine/check/thread.ts';
import type { Property } from '../facts/index.ts';
import { nothingKnown, type SourceOptions, type SourceOutcome } from './audit.ts';
import type { Build } from './build.ts';
import { NoSubject } from './compiler.ts';

/** What a thread is to search. */
export interface SearchTask {
  readonly build: Build;
  readonly everyAccess: boolean;
  readonly model: Model;
  readonly environment: Environment;
  /** The ids of the properties: what they are is code, which the thread has too. */
  readonly properties: readonly string[];
  readonly limits: Limits;
}

/** What came of it, or why the driver is no subject. */
export type SearchAnswer =
  /** `search`: the number of the search that it comes from; of one that answers several tasks, all have it. */
  { readonly outcome: SourceOutcome; readonly search: number } | { readonly noSubject: string };

/** MiB of a thread's heap for what is new: most of what a search makes lasts, and is moved less often so. */
const YOUNG = 64;

/** A thread in which the C of drivers is searched: on several processors, so many searches go on side by side. */
export class SearchThread {
  /** It says how many states it has found. */
  readonly #thread = new Thread<SearchTask, SearchAnswer, number>(new URL('./search-worker.ts', import.meta.url), {
    maxYoungGenerationSizeMb: YOUNG,
  });
  /** By the number of the search: the outcome that came first, since copies of it are not known for the same. */
  readonly #outcomes = new Map<number, SourceOutcome>();

  /**
   * Does what `SourceAudit.decide` does, one search at a time. Throws `NoSubject` if the driver does not boot. A thread that is
   * closed meanwhile, or whose memory is used up, leaves the properties *bounded*.
   */
  async decide(
    { build, everyAccess }: Pick<SearchTask, 'build' | 'everyAccess'>,
    model: Model,
    environment: Environment,
    properties: readonly Property[],
    { limits = {}, signal, onProgress }: SourceOptions = {},
  ): Promise<SourceOutcome> {
    const ids = properties.map(({ id }) => id);
    const task = { build, everyAccess, model, environment, properties: ids, limits };
    let answer: SearchAnswer | undefined;
    try {
      answer = await this.#thread.do(task, { signal, onNews: onProgress });
    } catch (error) {
      if ((error as { code?: string }).code !== 'ERR_WORKER_OUT_OF_MEMORY') throw error;
      this.#outcomes.clear();
      return nothingKnown(properties, 'the memory of its thread is used up');
    }
    if (answer === undefined) return nothingKnown(properties, 'interrupted');
    if ('noSubject' in answer) throw new NoSubject(answer.noSubject);
    const first = this.#outcomes.get(answer.search) ?? answer.outcome;
    this.#outcomes.set(answer.search, first);
    return first;
  }

  /** Ends the thread, and the processes in which the C runs. */
  close(): Promise<void> {
    return this.#thread.close();
  }
}

/** Does what needs a thread for each processor, and ends them. */
export async function withThreads<T>(action: (threads: readonly SearchThread[]) => Promise<T>): Promise<T> {
  const threads = Array.from({ length: availableParallelism() }, () => new SearchThread());
  try {
    return await action(threads);
  } finally {
    await Promise.all(threads.map((thread) => thread.close()));
  }
}
