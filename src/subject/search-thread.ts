import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import type { Environment, Model } from '../../models/index.ts';
import type { Limits } from '../engine/check/index.ts';
import { startWorker } from '../engine/check/start-worker.ts';
import type { Property } from '../facts/index.ts';
import { nothingKnown, type SourceOptions, type SourceOutcome } from './audit.ts';
import type { Build } from './build.ts';
import { NoSubject } from './compiler.ts';

/** What a thread is to search. */
export interface Task {
  readonly build: Build;
  readonly everyAccess: boolean;
  readonly model: Model;
  readonly environment: Environment;
  /** The ids of the properties: what they are is code, which the thread has too. */
  readonly properties: readonly string[];
  readonly limits: Limits;
}

/** What a thread is told: what to search, or to stop. */
export type Told = Task | 'stop';

/** What a thread says: how many states it has found, what came of the task, or why the driver is no subject. */
export type Said =
  | { readonly states: number }
  /** `search`: the number of the search that it comes from; of one that answers several tasks, all have it. */
  | { readonly outcome: SourceOutcome; readonly search: number }
  | { readonly failed: string };

/** MiB of a thread's heap for what is new: most of what a search makes lasts, and is moved less often so. */
const YOUNG = 64;

/** A thread in which the C of drivers is searched: on several processors, so many searches go on side by side. */
export class SearchThread {
  #worker: Worker | undefined;
  /** By the number of the search: the outcome that came first, since copies of it are not known for the same. */
  readonly #outcomes = new Map<number, SourceOutcome>();
  #isClosed = false;

  /**
   * Does what `SourceAudit.decide` does, one search at a time. Throws `NoSubject` if the driver does not boot. A thread that is
   * closed meanwhile, or whose memory is used up, leaves the properties *bounded*.
   */
  decide(
    { build, everyAccess }: Pick<Task, 'build' | 'everyAccess'>,
    model: Model,
    environment: Environment,
    properties: readonly Property[],
    { limits = {}, signal, onProgress }: SourceOptions = {},
  ): Promise<SourceOutcome> {
    if (this.#isClosed) return Promise.resolve(nothingKnown(properties, 'interrupted'));
    const ids = properties.map(({ id }) => id);
    this.#worker ??= startWorker(new URL('./search-worker.ts', import.meta.url), { maxYoungGenerationSizeMb: YOUNG });
    const worker = this.#worker;
    return new Promise((resolve, reject) => {
      const tell = (told: Told): void => worker.postMessage(told);
      const stop = (): void => tell('stop');
      const settle = (how: () => void): void => {
        worker.off('message', said).off('error', failed).off('exit', exited);
        signal?.removeEventListener('abort', stop);
        how();
      };
      const said = (message: Said): void => {
        if ('states' in message) onProgress?.(message.states);
        else if ('outcome' in message) settle(() => resolve(this.#first(message)));
        else settle(() => reject(new NoSubject(message.failed)));
      };
      const failed = (error: Error & { code?: string }): void => {
        this.#worker = undefined;
        const isFull = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
        settle(() =>
          isFull ? resolve(nothingKnown(properties, 'the memory of its thread is used up')) : reject(error),
        );
      };
      const exited = (): void => settle(() => resolve(nothingKnown(properties, 'interrupted')));
      worker.on('message', said).on('error', failed).on('exit', exited);
      signal?.addEventListener('abort', stop);
      tell({ build, everyAccess, model, environment, properties: ids, limits });
      if (signal?.aborted) stop();
    });
  }

  #first({ search, outcome }: Extract<Said, { outcome: unknown }>): SourceOutcome {
    const first = this.#outcomes.get(search) ?? outcome;
    this.#outcomes.set(search, first);
    return first;
  }

  /** Ends the thread, and the processes in which the C runs. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#worker?.terminate();
  }
}

/** A thread for each processor. */
export const threadsForAll = (): SearchThread[] =>
  Array.from({ length: availableParallelism() }, () => new SearchThread());

/** Does what needs threads, and ends them. */
export async function withThreads<T>(action: (threads: readonly SearchThread[]) => Promise<T>): Promise<T> {
  const threads = threadsForAll();
  try {
    return await action(threads);
  } finally {
    await Promise.all(threads.map((thread) => thread.close()));
  }
}
