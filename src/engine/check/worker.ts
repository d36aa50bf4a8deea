import { parentPort } from 'node:worker_threads';
import { UNKNOWN } from './answers.ts';
import { compile, type Inner, type Surroundings } from './generate.ts';
import { LinearLoops } from './linear-loops.ts';
import type { SharedIntegers } from './linear-memory.ts';
import { OpenTransitions } from './open-transitions.ts';
import { mark } from './reach-targets.ts';
import { regenerate } from './regenerate.ts';
import { type Sorted, Sorter } from './sorter.ts';
import { type Agenda, TableMonitor } from './table-monitor.ts';
import { type Chunk, type Sweep, sweep, TransitionLog } from './transition-log.ts';
import {
  CONTROL,
  type Collect,
  type Collected,
  type Found,
  type Inserted,
  type Job,
  NUMBERS,
  type Questions,
  type Range,
  type Regenerate,
  type Regenerated,
  type Start,
  type Swept,
} from './worker-pool.ts';

/** States that a worker takes at once, to expand them, and for what is quickly done. */
const TAKE = 1 << 10;
const TAKE_MANY = 1 << 14;

/** One worker of a pool, as the surroundings of the inner loops: see `worker-pool.ts`. */
class Hand implements Surroundings {
  readonly numbers: Int32Array;
  readonly out: Int32Array;
  readonly starts: Int32Array;
  readonly mixes: Int32Array;
  readonly inner: Inner;
  readonly words: number;
  arena!: { memory: Int32Array };
  states!: SharedIntegers;
  slots!: SharedIntegers;
  about!: Int32Array;
  base = 0;
  parts = 1;
  tagShift = 0;
  size = 0;
  end = 0;
  emitted = 0;
  monitor!: TableMonitor;
  readonly #sorter: Sorter;
  readonly loops: LinearLoops | null;
  #open = new OpenTransitions(0);
  #agenda!: Agenda;
  #control!: Int32Array;
  #unexpanded: number[] = [];
  #unasked: [number, number][] = [];
  #unconcerned: [number, number, number, number][] = [];

  constructor({ source, room, batch, linear, quotient }: Start, { offers, words, workers }: Job) {
    this.words = words;
    this.out = batch.out;
    this.numbers = batch.numbers;
    this.starts = batch.starts;
    this.mixes = batch.mixes;
    this.#sorter = new Sorter(words, offers, workers, () => room);
    this.loops = linear && LinearLoops.of(linear);
    const inner = compile(source)(this);
    this.inner = this.loops?.over(inner, this, quotient) ?? inner;
  }

  work(job: Job): unknown {
    const { memory, states, base, slots, parts, about, tagShift } = job;
    Object.assign(this, { arena: { memory }, states, base, slots, parts, about, tagShift });
    this.#control = job.control;
    switch (job.kind) {
      case 'collect':
        return this.#collect(job, job.end);
      case 'insert':
        return this.#insert(job.sorters);
      case 'clear':
        return this.#clear(job.room);
      case 'move':
        for (const part of this.#takenParts(job.end)) this.inner.move(job.old, part);
        return null;
      case 'mark': {
        const open = new Set<number>();
        const leave = (_: number, state: number): number => {
          open.add(state);
          return 0;
        };
        for (const [first, end] of this.#taken(TAKE_MANY, job.end)) mark(job.goals, this, first, end, leave);
        return [...open];
      }
      case 'regenerate':
        return this.#regenerate(job, job.end);
      case 'sweep open':
        return this.#open.sweep(job.reached, job.all);
      case 'sweep':
        return this.#sweep(job.chunks, job.asked);
    }
  }

  /** Takes states that nobody took, again and again. */
  *#taken(many: number, end: number): Generator<Range> {
    while (Atomics.load(this.#control, CONTROL.stop) === 0) {
      const first = Atomics.add(this.#control, CONTROL.next, many);
      if (first >= end) return;
      yield [first, Math.min(end, first + many)];
    }
  }

  *#takenParts(end = this.parts): Generator<number> {
    for (;;) {
      const part = Atomics.add(this.#control, CONTROL.part, 1);
      if (part >= end) return;
      yield part;
    }
  }

  #prepare({ agenda = this.#agenda, first, lasting }: Questions): void {
    this.#agenda = agenda;
    this.monitor = new TableMonitor(agenda, this, () => UNKNOWN);
    this.monitor.learnBreaks({ first, lasting });
  }

  #collect(job: Collect, end: number): Collected {
    this.#prepare(job);
    const { rest } = job;
    let [at, to] = rest;
    if (at < to) at = this.#sorter.collect(this, at, to);
    if (at === to)
      for ([at, to] of this.#taken(TAKE, end)) {
        at = this.#sorter.collect(this, at, to);
        if (at < to || this.#sorter.isFull) break;
      }
    const { entries, heads, length, count, states, ranges } = this.#sorter;
    return {
      ...this.#found(),
      sorted: { entries, heads, length, count, states, ranges },
      rest: [at, to],
      bytes: this.#sorter.bytes,
    };
  }

  #regenerate(job: Regenerate, end: number): Regenerated {
    this.#prepare(job);
    this.#open = new OpenTransitions(job.most);
    let changed = false;
    // Taken from the last state to the first.
    for (const [before, after] of this.#taken(TAKE_MANY, end))
      if (regenerate(this, job.reached, job.all, end - after, end - before, this.#open)) changed = true;
    const { isFull, bytes } = this.#open;
    return { changed, isFull, bytes, left: this.#found().unexpanded };
  }

  #insert(sorters: readonly Sorted[]): Inserted {
    this.refill();
    for (const part of this.#takenParts()) for (const sorted of sorters) this.inner.insert(sorted, part);
    return { ...this.#found(), left: [this.size, this.end] };
  }

  /** Hands over the transitions, if they are kept. */
  #clear(room: readonly SharedIntegers[] | null): readonly number[][] {
    let piece = 0;
    const edges = room && new TransitionLog(() => room[piece++]!);
    this.#sorter.clear(this, edges);
    return edges?.chunks.map(({ starts }) => starts) ?? [];
  }

  #sweep(chunks: readonly Chunk[], asked: Sweep): Swept {
    let changed = false;
    for (const chunk of chunks) if (sweep(chunk, asked, this.loops)) changed = true;
    return { changed, starts: chunks.map(({ starts }) => starts) };
  }

  #found(): Found {
    const { first, lasting } = this.monitor.breaks;
    const found = { unexpanded: this.#unexpanded, unjudged: this.#unasked, unconcerned: this.#unconcerned };
    this.#unexpanded = [];
    this.#unasked = [];
    this.#unconcerned = [];
    return { first, lasting, ...found };
  }

  get open(): number {
    return this.monitor.open;
  }

  get insistent(): number {
    return this.monitor.insistent;
  }

  learn(state: number): number {
    this.#unexpanded.push(state);
    return 0;
  }

  concern(state: number, fact: number, record: number, component: number): void {
    if (!this.monitor.concern(state, fact, record, component)) this.#unconcerned.push([state, fact, record, component]);
  }

  stuck(state: number): void {
    if (!this.monitor.stuck(state)) this.#unconcerned.push([state, -1, 0, 0]);
  }

  ask(state: number, invariants: number): void {
    if (!this.monitor.state(state, invariants)) this.#unasked.push([state, invariants]);
  }

  refill(): void {
    this.size = Atomics.add(this.#control, CONTROL.numbers, NUMBERS);
    this.end = this.size + NUMBERS;
  }
}

// A job that cannot be read would be waited for without end.
parentPort?.on('messageerror', (error) => {
  throw error;
});
let hand: Hand | undefined;
parentPort?.on('message', (job: Job) => {
  if (job.start !== undefined) hand = new Hand(job.start, job);
  parentPort?.postMessage(hand?.work(job));
});
