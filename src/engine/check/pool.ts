import { availableParallelism } from 'node:os';

/** What can be ended. */
interface Closing {
  close(): Promise<void>;
}

/** One thing for each processor, such as a thread, that work is done with: each takes the next work as soon as it is ready. */
export class Pool<R extends Closing> {
  readonly #all: readonly R[];
  readonly #idle: R[];
  readonly #waiting: ((one: R) => void)[] = [];

  constructor(make: () => R) {
    this.#all = Array.from({ length: availableParallelism() }, make);
    this.#idle = [...this.#all];
  }

  /** How much work is done at once. */
  get size(): number {
    return this.#all.length;
  }

  /** Does some work with one that is idle, as soon as there is one. Rejects with what the work does. */
  async with<A>(work: (one: R) => Promise<A>): Promise<A> {
    const one = this.#idle.pop() ?? (await new Promise<R>((resolve) => this.#waiting.push(resolve)));
    try {
      return await work(one);
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#idle.push(one);
      else next(one);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#all.map((one) => one.close()));
  }
}
