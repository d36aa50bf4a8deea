import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import { startWorker } from '../../engine/check/start-worker.ts';
import { type Build, type BuildOptions, build, type DriverSource, NoSubject } from '../../subject/index.ts';
import type { ScopeOfSearch } from '../ask.ts';
import type { BrokenInC } from './broken-in-c.ts';

/** What a worker is to audit: all that is asked of a driver on one machine, since its runs are shared. */
export interface Task {
  readonly build: Build;
  readonly scopes: readonly ScopeOfSearch[];
}

/** What came of a task; `failed` says why it came to nothing. */
export type Answer = { readonly broken: BrokenInC } | { readonly failed: string };

/** Audits C drivers in the background, as many models at once as there are cores. */
export class Auditor {
  readonly #idle: Worker[] = [];
  readonly #waiting: (() => void)[] = [];
  readonly #workers: Worker[] = [];
  #tasks = 0;
  #done = 0;
  #closed = false;

  /** `onProgress` is called when a model was audited, with how many were and how many were asked for so far. */
  constructor(
    readonly options: BuildOptions,
    readonly onProgress: (done: number, tasks: number) => void = () => {},
  ) {}

  /** Audits a driver's C. Throws `NoSubject` if it does not compile or boot, or a search does not come to its end. */
  async audit(source: DriverSource, scopes: readonly ScopeOfSearch[]): Promise<BrokenInC> {
    const compiled = build(source, this.options);
    const answers = await Promise.all(
      [...new Set(scopes.map(({ model }) => model))].map((model) =>
        this.#ask({ build: compiled, scopes: scopes.filter((scope) => scope.model === model) }),
      ),
    );
    return new Map(
      answers.flatMap((answer) => {
        if ('failed' in answer) throw new NoSubject(answer.failed);
        return [...answer.broken];
      }),
    );
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  async #ask(task: Task): Promise<Answer> {
    this.#tasks++;
    const worker = await this.#worker();
    if (this.#closed) return { failed: 'interrupted' };
    const answer = await answerOf(worker, task);
    const next = this.#waiting.shift();
    this.#idle.push(worker);
    next?.();
    this.onProgress(++this.#done, this.#tasks);
    return answer;
  }

  async #worker(): Promise<Worker> {
    while (this.#idle.length === 0 && !this.#closed) {
      if (this.#workers.length < availableParallelism()) {
        const worker = startWorker(new URL('./audit-worker.ts', import.meta.url));
        this.#workers.push(worker);
        return worker;
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    return this.#idle.pop()!;
  }
}

function answerOf(worker: Worker, task: Task): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const exited = (): void => settle(() => resolve({ failed: 'interrupted' }));
    const failed = (error: Error): void => settle(() => reject(error));
    const answered = (answer: Answer): void => settle(() => resolve(answer));
    const settle = (how: () => void): void => {
      worker.off('exit', exited).off('error', failed).off('message', answered);
      how();
    };
    worker.on('exit', exited).on('error', failed).on('message', answered);
    worker.postMessage(task);
  });
}
