import { parentPort, type ResourceLimits, type Worker } from 'node:worker_threads';
import { startWorker } from './start-worker.ts';

/** What a thread is told, and what it says. */
type Told<T> = { readonly task: T } | 'stop';
type Said<A, N> = { readonly news: N } | { readonly answer: A };

export interface DoOptions<N> {
  /** Told to the thread, which ends its task as it sees fit. */
  readonly signal?: AbortSignal | undefined;
  /** Called with what the thread says before it answers. */
  readonly onNews?: ((news: N) => void) | undefined;
}

/** A worker thread that does one task at a time: what it runs calls {@link serve}. Tasks, answers and news are data. */
export class Thread<T, A, N = never> {
  #worker: Worker | undefined;
  #isClosed = false;

  /** `file` is one of ours, named as `.ts`. It is started with the first task, if not before. */
  constructor(
    readonly file: URL,
    readonly limits: ResourceLimits = {},
  ) {}

  /** The answer to a task; undefined where the thread was closed before. Rejects with what ended the thread. */
  do(task: T, { signal, onNews }: DoOptions<N> = {}): Promise<A | undefined> {
    if (this.#isClosed) return Promise.resolve(undefined);
    const worker = this.start();
    return new Promise((resolve, reject) => {
      const tell = (told: Told<T>): void => worker.postMessage(told);
      const stop = (): void => tell('stop');
      const settle = (how: () => void): void => {
        worker.off('message', said).off('error', failed).off('exit', exited);
        signal?.removeEventListener('abort', stop);
        how();
      };
      const said = (message: Said<A, N>): void => {
        if ('news' in message) onNews?.(message.news);
        else settle(() => resolve(message.answer));
      };
      const failed = (error: Error): void => {
        // The next task begins another one.
        this.#worker = undefined;
        settle(() => reject(error));
      };
      const exited = (): void => settle(() => resolve(undefined));
      worker.on('message', said).on('error', failed).on('exit', exited);
      signal?.addEventListener('abort', stop);
      tell({ task });
      if (signal?.aborted) stop();
    });
  }

  /** Starts it: it loads its code while the caller does something else. */
  start(): Worker {
    this.#worker ??= startWorker(this.file, this.limits);
    return this.#worker;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#worker?.terminate();
  }
}

/** In a worker thread: does the tasks of {@link Thread.do}. `signal` is aborted when the thread is told to stop. */
export function serve<T, A, N = never>(
  work: (task: T, signal: AbortSignal, tell: (news: N) => void) => Promise<A>,
): void {
  const say = (said: Said<A, N>): void => parentPort!.postMessage(said);
  let stopping = new AbortController();
  parentPort!.on('message', async (told: Told<T>) => {
    if (told === 'stop') {
      stopping.abort();
      return;
    }
    stopping = new AbortController();
    say({ answer: await work(told.task, stopping.signal, (news) => say({ news })) });
  });
}
