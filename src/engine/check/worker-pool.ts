import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { Batch } from './batch.ts';
import type { Engine } from './engine.ts';
import { generate } from './generate.ts';
import type { Linear } from './linear-loops.ts';
import type { SharedIntegers } from './linear-memory.ts';
import type { Quotient } from './quotient.ts';
import type { ReachTargets } from './reach-targets.ts';
import { roomFor, type Sorted, Sorter } from './sorter.ts';
import { startWorker } from './start-worker.ts';
import type { OldTable } from './store.ts';
import type { Agenda, Break } from './table-monitor.ts';
import { type Chunk, longestRun, type Sweep, type TransitionLog } from './transition-log.ts';

/** What all share besides tables and states: the next state and the next part that nobody took, the next number to give, whether to stop. */
export const CONTROL = { next: 0, part: 1, numbers: 2, stop: 3 } as const;

/** How many numbers for new states a worker takes at once. */
export const NUMBERS = 1 << 10;

/** What a worker starts from: the source of the inner loops, the memory of its sorter, its batch, and, if there is one, the module for the loops. */
export interface Start {
  readonly source: string;
  readonly room: SharedIntegers;
  readonly batch: Batch;
  readonly linear: Linear | null;
  readonly quotient: Quotient | null;
}

/** What workers need for any job. */
export interface Shared {
  /** What the inner loops come from and lie in; absent if it is that of the last job. */
  readonly start?: Start;
  readonly control: Int32Array;
  readonly memory: Int32Array;
  readonly about: Int32Array;
  readonly states: SharedIntegers;
  readonly base: number;
  readonly slots: SharedIntegers;
  readonly parts: number;
  readonly tagShift: number;
  readonly words: number;
  /** How many facts the indices allow: the most successors of a state. */
  readonly offers: number;
  /** How many workers there are. */
  readonly workers: number;
  /** Up to which state. */
  readonly end: number;
}

/** What workers are to do. */
export type Job = Shared &
  (
    | Collect
    | { readonly kind: 'insert'; readonly sorters: readonly Sorted[] }
    /** With `room`, the transitions are kept there, one piece after another. */
    | { readonly kind: 'clear'; readonly room: readonly SharedIntegers[] | null }
    /** To move the parts that nobody took, up to part `end`. */
    | { readonly kind: 'move'; readonly old: OldTable }
    | { readonly kind: 'mark'; readonly goals: ReachTargets }
    | Regenerate
    /** The transitions that this worker kept of open states. */
    | { readonly kind: 'sweep open'; readonly reached: Uint8Array; readonly all: number }
    /** The transitions that are this worker's to sweep. */
    | { readonly kind: 'sweep'; readonly chunks: readonly Chunk[]; readonly asked: Sweep }
  );

/** What is asked while states are expanded, and what is known of it. */
export interface Questions {
  /** The questions; absent if they are those of the last job. */
  readonly agenda?: Agenda;
  readonly first: readonly (Break | null)[];
  readonly lasting: readonly (Break | null)[];
}

/** To expand open states again, with so many bytes for the transitions of those that stay open: see `sweep-again.ts`. */
export interface Regenerate extends Questions {
  readonly kind: 'regenerate';
  readonly reached: Uint8Array;
  readonly all: number;
  readonly most: number;
}

/** To collect the successors of states. */
export interface Collect extends Questions {
  readonly kind: 'collect';
  /** States that this worker took before, and had no room for. */
  readonly rest: Range;
}

export type Range = readonly [first: number, end: number];

/** What workers found out, and what they leave to the main thread. */
export interface Found {
  readonly first: readonly (Break | null)[];
  readonly lasting: readonly (Break | null)[];
  /** The states that need something that is not tabulated yet, and the questions that do; fact -1 asks whether a state is stuck. */
  readonly unexpanded: readonly number[];
  readonly unjudged: readonly (readonly [state: number, invariants: number])[];
  readonly unconcerned: readonly (readonly [state: number, fact: number, record: number, component: number])[];
}

export interface Collected extends Found {
  readonly sorted: Sorted;
  readonly bytes: number;
  readonly rest: Range;
}

export interface Regenerated {
  readonly changed: boolean;
  /** Whether there was no room for the transitions of what is open; the bytes that they take; the states that were left out. */
  readonly isFull: boolean;
  readonly bytes: number;
  readonly left: readonly number[];
}

export interface Inserted extends Found {
  /** The numbers that were taken and not given. */
  readonly left: Range;
}

/** Whether a bit changed; and by chunk, where its runs are now. */
export interface Swept {
  readonly changed: boolean;
  readonly starts: readonly number[][];
}

interface Expanded {
  readonly transitions: number;
  readonly chunks: readonly Chunk[];
  readonly found: readonly Found[];
  /** The first state that nobody took, and whether some that were taken are left. */
  readonly next: number;
  readonly hasRest: boolean;
}

/**
 * Workers that search together over shared memory. They know tables only: what is not tabulated yet, they leave to the
 * main thread, which computes it.
 */
export class WorkerPool {
  readonly #control = new Int32Array(new SharedArrayBuffer(Object.keys(CONTROL).length * 4));
  readonly #workers: readonly Worker[];
  /** The engines from which the workers started, and whose agenda, with so many facts, the workers have. */
  #source: Engine | null = null;
  #asker: Engine | null = null;
  #facts = 0;
  /** By worker: the memory of its sorter. */
  #rooms: readonly SharedIntegers[] = [];
  /** Bytes that the workers took to sort. */
  bytes = 0;
  /** By worker: the states that it took and had no room for. */
  #rests: readonly Range[] = [];

  constructor(readonly size: number) {
    this.#workers = Array.from({ length: size }, () => startWorker(new URL('./worker.ts', import.meta.url)));
  }

  /** Has as many of the states from `first` to `end` expanded as there is room for, and what follows them added. */
  async expand(engine: Engine, first: number, end: number, keepsEdges: boolean): Promise<Expanded> {
    const { store } = engine;
    const questions = this.#questions(engine);
    Atomics.store(this.#control, CONTROL.next, first);
    const collected = await this.#all<Collected>(engine, end, (worker) => ({
      kind: 'collect',
      ...questions,
      rest: this.#rests[worker] ?? [0, 0],
    }));
    this.bytes = Math.max(
      this.bytes,
      collected.reduce((sum, { bytes }) => sum + bytes, 0),
    );
    this.#rests = collected.map(({ rest }) => rest);
    const sorters = collected.map(({ sorted }) => sorted);
    const transitions = sorters.reduce((sum, { count }) => sum + count, 0);

    const growth = store.reserve(transitions + this.size * NUMBERS);
    if (growth !== null) {
      const { old } = growth;
      for (const [part, stop] of growth.rounds) await this.#all(engine, stop, () => ({ kind: 'move', old }), part);
      growth.free();
    }
    Atomics.store(this.#control, CONTROL.numbers, store.size);
    const inserted = await this.#all<Inserted>(engine, 0, () => ({ kind: 'insert', sorters }));
    store.size = Atomics.load(this.#control, CONTROL.numbers);
    store.leave(inserted.map(({ left }) => left));
    engine.size = store.size;

    return {
      transitions,
      chunks: await this.#clear(engine, sorters, keepsEdges),
      found: [...collected, ...inserted],
      next: Math.min(end, Atomics.load(this.#control, CONTROL.next)),
      hasRest: this.#rests.some(([from, to]) => from < to),
    };
  }

  /** Has the workers make room for other successors; answers with the transitions, if they are kept. */
  async #clear(engine: Engine, sorters: readonly Sorted[], keepsEdges: boolean): Promise<Chunk[]> {
    const { store } = engine;
    const longest = longestRun(engine.space.product.offers.length);
    const rooms = sorters.map((sorter) => (keepsEdges ? roomFor(sorter, longest, store.allocateSome) : null));
    const kept = await this.#all<readonly number[][]>(engine, 0, (worker) => ({ kind: 'clear', room: rooms[worker]! }));
    return rooms.flatMap((room, worker) =>
      (room ?? []).flatMap((piece, index) => {
        const starts = kept[worker]![index] ?? [];
        const used = starts.at(-1) ?? 0;
        store.memory?.free(piece.subarray(used));
        return used === 0 ? [] : [{ entries: piece.subarray(0, used), starts }];
      }),
    );
  }

  /** Has the goals marked in the states from `first` to `end`; answers with the states of which something is still to be asked. */
  async mark(engine: Engine, goals: ReachTargets, first: number, end: number): Promise<number[]> {
    Atomics.store(this.#control, CONTROL.next, first);
    return (await this.#all<number[]>(engine, end, () => ({ kind: 'mark', goals }))).flat();
  }

  /** Has the transitions swept once. Answers whether a bit changed. */
  async sweep(engine: Engine, edges: TransitionLog, asked: Sweep): Promise<boolean> {
    const all = edges.inOrder();
    const shares = this.#workers.map((_, worker) => all.filter((_, index) => index % this.size === worker));
    const swept = await this.#all<Swept>(engine, 0, (worker) => ({ kind: 'sweep', chunks: shares[worker]!, asked }));
    for (const [worker, { starts }] of swept.entries())
      for (const [index, chunk] of shares[worker]!.entries()) chunk.starts = starts[index]!;
    return swept.some(({ changed }) => changed);
  }

  /** Has the states that are open swept over once, expanded again; `most` is how many bytes each worker may keep for them. */
  async regenerate(engine: Engine, reached: Uint8Array, all: number, most: number): Promise<Regenerated> {
    Atomics.store(this.#control, CONTROL.next, 0);
    const questions = this.#questions(engine);
    const job = { kind: 'regenerate', ...questions, reached, all, most };
    const swept = await this.#all<Regenerated>(engine, engine.store.size, () => job);
    return {
      changed: swept.some(({ changed }) => changed),
      isFull: swept.some(({ isFull }) => isFull),
      bytes: swept.reduce((sum, { bytes }) => sum + bytes, 0),
      left: swept.flatMap(({ left }) => left),
    };
  }

  /** Has the transitions swept that the workers kept of open states. Answers whether anything changed. */
  async sweepOpen(engine: Engine, reached: Uint8Array, all: number): Promise<boolean> {
    return (await this.#all<boolean>(engine, 0, () => ({ kind: 'sweep open', reached, all }))).includes(true);
  }

  /** What workers need to know before they expand states. */
  #questions(engine: Engine): Questions {
    const { monitor, propertySet, space } = engine;
    const facts = space.product.facts.length;
    const isNew = this.#asker !== engine || facts !== this.#facts;
    this.#asker = engine;
    this.#facts = facts;
    const { first, lasting } = monitor.breaks;
    return { ...(isNew && { agenda: propertySet.agenda }), first, lasting };
  }

  /** Whether workers were told to stop. */
  get isStopped(): boolean {
    return Atomics.load(this.#control, CONTROL.stop) === 1;
  }

  /** Makes the workers stop when they have done what they took. */
  stop(): void {
    Atomics.store(this.#control, CONTROL.stop, 1);
  }

  async dismiss(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  /** What each worker starts from. */
  #start({ space, reduce, words, store, loops }: Engine): Start[] {
    const source = generate(space.moves, reduce);
    for (const room of this.#rooms) store.memory?.free(room);
    const { length: offers } = space.product.offers;
    const starts = this.#workers.map((_, worker) => ({
      source,
      room: new Sorter(words, offers, this.size, store.allocate).room,
      batch: new Batch(words, offers, store.allocate),
      quotient: store.quotient,
      linear: loops && { ...loops.linear, thread: worker + 1 },
    }));
    this.#rooms = starts.map(({ room }) => room);
    return starts;
  }

  /** Has every worker do a job; answers with what came of it. */
  async #all<Answer>(engine: Engine, end: number, job: (worker: number) => object, part = 0): Promise<Answer[]> {
    const { store, space } = engine;
    Atomics.store(this.#control, CONTROL.part, part);
    const starts = this.#source === engine ? null : this.#start(engine);
    const shared: Shared = {
      control: this.#control,
      memory: space.arena.memory,
      about: engine.about,
      states: store.states,
      base: store.base,
      slots: store.slots,
      parts: store.parts,
      tagShift: store.tagShift,
      words: engine.words,
      offers: space.product.offers.length,
      workers: this.size,
      end,
    };
    this.#source = engine;
    return Promise.all(
      this.#workers.map(async (worker, number) => {
        worker.postMessage({ ...shared, ...(starts && { start: starts[number] }), ...job(number) });
        const [answer] = (await once(worker, 'message')) as [Answer];
        return answer;
      }),
    );
  }
}
