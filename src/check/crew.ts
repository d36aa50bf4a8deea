import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import type { Edges, Run } from './edges.ts';
import type { Engine } from './engine.ts';
import { generate } from './generate.ts';
import type { Goals } from './goals.ts';
import type { Agenda, Break } from './judge.ts';
import { startWorker } from './start-worker.ts';

/** What all share besides tables and states: the next state that nobody took, the next number to give, whether to stop. */
export const CONTROL = { next: 0, numbers: 1, stop: 2 } as const;

/** How many numbers for new states a worker takes at once. */
export const NUMBERS = 1 << 10;

/** What workers need for any job. */
export interface Shared {
  /** The source of the inner loops; absent if it is that of the last job. */
  readonly source?: string;
  readonly control: Int32Array;
  readonly memory: Int32Array;
  readonly about: Int32Array;
  readonly states: Int32Array;
  readonly slots: Int32Array;
  readonly tagShift: number;
  readonly words: number;
  /** How many facts the indices allow: the most successors of a state. */
  readonly offers: number;
  /** Up to which state. */
  readonly end: number;
}

/** What workers are to do with the states from `control.next` on. */
export type Job = Shared &
  (
    | { readonly kind: 'fill' }
    | { readonly kind: 'mark'; readonly goals: Goals }
    /** With `runs`, the transitions that are this worker's to sweep from now on. */
    | { readonly kind: 'sweep'; readonly runs?: readonly Run[]; readonly reached: Uint8Array; readonly all: number }
    | Expand
  );

export interface Expand {
  readonly kind: 'expand';
  /** The questions; absent if they are those of the last job. */
  readonly agenda?: Agenda;
  readonly first: readonly (Break | null)[];
  readonly lasting: readonly (Break | null)[];
  /** No states are taken when more numbers than that are given. */
  readonly mostNumbers: number;
  readonly keepsEdges: boolean;
}

/** What came of expanding. */
export interface Expanded {
  readonly transitions: number;
  /** The numbers that were taken and not given: from the first up to the second. */
  readonly left: readonly [number, number];
  /** The states that need something that is not tabulated yet, and the questions that do; fact -1 asks whether a state is stuck. */
  readonly unexpanded: readonly number[];
  readonly unjudged: readonly (readonly [state: number, invariants: number])[];
  readonly unconcerned: readonly (readonly [state: number, fact: number, record: number, component: number])[];
  readonly first: readonly (Break | null)[];
  readonly lasting: readonly (Break | null)[];
  readonly runs: readonly Run[];
}

/**
 * Workers that search together over shared memory. They know tables only: what is not tabulated yet, they leave to the
 * main thread, which computes it.
 */
export class Crew {
  readonly #control = new Int32Array(new SharedArrayBuffer(Object.keys(CONTROL).length * 4));
  readonly #workers: readonly Worker[];
  /** The engines whose source and whose agenda, with so many facts, the workers have. */
  #source: Engine | null = null;
  #asker: Engine | null = null;
  #facts = 0;

  constructor(readonly size: number) {
    this.#workers = Array.from({ length: size }, () => startWorker(new URL('./worker.ts', import.meta.url)));
  }

  /** How many numbers may be taken after the room was looked at. */
  margin({ space }: Engine): number {
    return this.size * (3 * NUMBERS + space.product.offers.length);
  }

  /** Has the states from `first` to `end` expanded; those from {@link next} on are left when the room ran out. */
  expand(engine: Engine, first: number, end: number, keepsEdges: boolean): Promise<Expanded[]> {
    const { visited, judge, inquiry } = engine;
    const facts = engine.space.product.facts.length;
    const isNew = this.#asker !== engine || facts !== this.#facts;
    this.#asker = engine;
    this.#facts = facts;
    Atomics.store(this.#control, CONTROL.numbers, visited.size);
    return this.#all<Expanded>(engine, first, end, () => ({
      kind: 'expand',
      ...(isNew && { agenda: inquiry.agenda }),
      first: judge.first,
      lasting: judge.lasting,
      mostNumbers: visited.capacity - this.margin(engine),
      keepsEdges,
    }));
  }

  /** Has the empty hash table filled. */
  async fill(engine: Engine): Promise<void> {
    await this.#all(engine, 0, engine.visited.size, () => ({ kind: 'fill' }));
  }

  /** Has the goals marked; answers with the states of which something is still to be asked. */
  async mark(engine: Engine, goals: Goals): Promise<number[]> {
    return (await this.#all<number[]>(engine, 0, engine.visited.size, () => ({ kind: 'mark', goals }))).flat();
  }

  /** Has the transitions swept once; they are handed out if `edges` are given. Answers whether anything changed. */
  async sweep(engine: Engine, edges: Edges | null, reached: Uint8Array, all: number): Promise<boolean> {
    const runs = edges?.inOrder();
    const changes = await this.#all<boolean>(engine, 0, 0, (worker) => ({
      kind: 'sweep',
      ...(runs && { runs: runs.filter((_, index) => index % this.size === worker) }),
      reached,
      all,
    }));
    return changes.includes(true);
  }

  /** How many numbers were given by now, and the first state that nobody took. */
  get given(): number {
    return Atomics.load(this.#control, CONTROL.numbers);
  }

  get next(): number {
    return Atomics.load(this.#control, CONTROL.next);
  }

  /** Makes the workers stop when they have done what they took. */
  stop(): void {
    Atomics.store(this.#control, CONTROL.stop, 1);
  }

  async dismiss(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  /** Has every worker do a job with the states from `first` to `end`; answers with what came of it. */
  async #all<Answer>(engine: Engine, first: number, end: number, job: (worker: number) => object): Promise<Answer[]> {
    const { visited, space } = engine;
    Atomics.store(this.#control, CONTROL.next, first);
    const shared: Shared = {
      ...(this.#source !== engine && { source: generate(space.moves, engine.reduce, 'others') }),
      control: this.#control,
      memory: space.arena.memory,
      about: engine.about,
      states: visited.states,
      slots: visited.slots,
      tagShift: visited.tagShift,
      words: engine.words,
      offers: space.product.offers.length,
      end,
    };
    this.#source = engine;
    return Promise.all(
      this.#workers.map(async (worker, number) => {
        worker.postMessage({ ...shared, ...job(number) });
        const [answer] = (await once(worker, 'message')) as [Answer];
        return answer;
      }),
    );
  }
}
