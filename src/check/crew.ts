import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Run } from './edges.ts';
import type { Engine } from './engine.ts';
import { generate } from './generate.ts';
import type { Agenda, Break } from './judge.ts';

/** What all share besides tables and states: the next state to expand, the next number to give, and whether to stop. */
export const CONTROL = { next: 0, numbers: 1, stop: 2 } as const;

/** How many numbers for new states a worker takes at once. */
export const NUMBERS = 1 << 10;

/** What a worker is to do: expand states up to `end`, as long as there is room. */
export interface Job {
  /** The source of the inner loops, and the questions; absent if they are those of the last job. */
  readonly source?: string;
  readonly agenda?: Agenda;
  readonly first: readonly (Break | null)[];
  readonly lasting: readonly (Break | null)[];
  readonly control: Int32Array;
  readonly memory: Int32Array;
  readonly about: Int32Array;
  readonly states: Int32Array;
  readonly slots: Int32Array;
  readonly tagShift: number;
  readonly words: number;
  /** How many facts the indices allow: the most successors of a state. */
  readonly offers: number;
  readonly end: number;
  /** No batch is begun when more numbers than that are given. */
  readonly mostNumbers: number;
  readonly keepsEdges: boolean;
}

/** What came of a job. */
export interface Report {
  readonly transitions: number;
  /** The numbers that were taken and not given: from the first up to the second. */
  readonly left: readonly [number, number];
  /** The states that need something that is not tabulated yet, and the questions that do; fact -1 asks whether a state is stuck. */
  readonly unexpanded: readonly number[];
  readonly unjudged: readonly (readonly [state: number, invariants: number])[];
  readonly unconcerned: readonly (readonly [state: number, fact: number])[];
  readonly first: readonly (Break | null)[];
  readonly lasting: readonly (Break | null)[];
  readonly runs: readonly Run[];
}

/**
 * Workers that expand one level together over shared memory. They know tables only: what is not tabulated yet,
 * they leave to the main thread, which computes it and expands those states itself.
 */
export class Crew {
  readonly control = new Int32Array(new SharedArrayBuffer(Object.keys(CONTROL).length * 4));
  readonly #workers: readonly Worker[];
  #engine: Engine | null = null;
  #facts = 0;

  constructor(readonly size: number) {
    this.#workers = Array.from({ length: size }, startWorker);
  }

  /** How many numbers may be left unused when a worker stops for want of room. */
  margin({ space }: Engine): number {
    return this.size * (2 * NUMBERS + space.product.offers.length + NUMBERS);
  }

  /** Has the states from `first` to `end` expanded; those from `control.next` on are left when the room ran out. */
  async expand(engine: Engine, first: number, end: number, keepsEdges: boolean, reduce: boolean): Promise<Report[]> {
    const { visited, space, judge, inquiry } = engine;
    const facts = space.product.facts.length;
    const isNew = this.#engine !== engine;
    Atomics.store(this.control, CONTROL.next, first);
    Atomics.store(this.control, CONTROL.numbers, visited.size);
    const job: Job = {
      ...(isNew && { source: generate(space.moves, reduce, 'others') }),
      ...((isNew || facts !== this.#facts) && { agenda: inquiry.agenda }),
      first: judge.first,
      lasting: judge.lasting,
      control: this.control,
      memory: space.arena.memory,
      about: engine.about,
      states: visited.states,
      slots: visited.slots,
      tagShift: visited.tagShift,
      words: engine.words,
      offers: space.product.offers.length,
      end,
      mostNumbers: visited.capacity - this.margin(engine),
      keepsEdges,
    };
    this.#engine = engine;
    this.#facts = facts;
    return Promise.all(
      this.#workers.map(async (worker) => {
        worker.postMessage(job);
        const [report] = (await once(worker, 'message')) as [Report];
        return report;
      }),
    );
  }

  /** How many numbers were given by now, and the first state that nobody took. */
  get given(): number {
    return Atomics.load(this.control, CONTROL.numbers);
  }

  get next(): number {
    return Atomics.load(this.control, CONTROL.next);
  }

  /** Makes the workers stop at the end of the batch that they are at. */
  stop(): void {
    Atomics.store(this.control, CONTROL.stop, 1);
  }

  async dismiss(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}

/** A worker; where this file is TypeScript, with the loader that its sources need. */
function startWorker(): Worker {
  if (!import.meta.url.endsWith('.ts')) return new Worker(new URL('./worker.js', import.meta.url));
  const url = JSON.stringify(new URL('./worker.ts', import.meta.url));
  return new Worker(`import('tsx/esm/api').then(({ register }) => { register(); return import(${url}); });`, {
    eval: true,
    execArgv: [],
  });
}
