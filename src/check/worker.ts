import { parentPort } from 'node:worker_threads';
import { UNKNOWN } from './arena.ts';
import { CONTROL, type Job, NUMBERS, type Report } from './crew.ts';
import { Edges } from './edges.ts';
import { BATCH, type Inner, instantiate, type Surroundings } from './generate.ts';
import { type Agenda, Judge } from './judge.ts';

/** States that a worker takes at once. */
const TAKE = 1 << 8;

/** The surroundings of the inner loops in a worker: see `crew.ts`. */
class Hand implements Surroundings {
  readonly numbers: Int32Array;
  readonly out: Int32Array;
  readonly starts = new Int32Array(BATCH + 1);
  readonly inner: Inner;
  arena!: { memory: Int32Array };
  states!: Int32Array;
  slots!: Int32Array;
  about!: Int32Array;
  tagShift = 0;
  size = 0;
  end = 0;
  emitted = 0;
  judge!: Judge;
  readonly words: number;
  #job!: Job;
  #unexpanded: number[] = [];
  #unjudged: [number, number][] = [];
  #unconcerned: [number, number][] = [];

  constructor(source: string, { offers, words }: Job) {
    this.words = words;
    this.numbers = new Int32Array(BATCH + offers);
    this.out = new Int32Array(this.numbers.length * (words + 1));
    this.inner = instantiate(source, this);
  }

  work(job: Job, agenda: Agenda): Report {
    const { control, memory, states, slots, about, tagShift, first, lasting, words } = job;
    Object.assign(this, { arena: { memory }, states, slots, about, tagShift });
    this.#job = job;
    this.judge = new Judge(agenda, this, () => UNKNOWN);
    this.judge.learnBreaks(first, lasting);
    this.#unexpanded = [];
    this.#unjudged = [];
    this.#unconcerned = [];
    this.size = 0;
    this.end = 0;
    this.refill();
    const edges = new Edges();
    let transitions = 0;
    while (Atomics.load(control, CONTROL.stop) === 0 && Atomics.load(control, CONTROL.numbers) < job.mostNumbers) {
      const from = Atomics.add(control, CONTROL.next, TAKE);
      const to = Math.min(job.end, from + TAKE);
      for (let at = from; at < to; ) {
        const batch = at;
        at = this.inner.expand(batch, to);
        this.inner.add();
        transitions += this.emitted / (words + 1);
        if (job.keepsEdges) edges.append(batch, at, this.starts, words + 1, this.numbers);
      }
      if (to === job.end) break;
    }
    // What another worker came before with must not be taken for a state.
    states.fill(0, this.size * words, this.end * words);
    return {
      transitions,
      left: [this.size, this.end],
      unexpanded: this.#unexpanded,
      unjudged: this.#unjudged,
      unconcerned: this.#unconcerned,
      first: this.judge.first,
      lasting: this.judge.lasting,
      runs: edges.runs,
    };
  }

  get open(): number {
    return this.judge.open;
  }

  get insistent(): number {
    return this.judge.insistent;
  }

  learn(state: number): number {
    this.#unexpanded.push(state);
    return 0;
  }

  concern(state: number, fact: number): void {
    if (!this.judge.concern(state, fact)) this.#unconcerned.push([state, fact]);
  }

  stuck(state: number): void {
    if (!this.judge.stuck(state)) this.#unconcerned.push([state, -1]);
  }

  ask(state: number, invariants: number): void {
    if (!this.judge.judge(state, invariants)) this.#unjudged.push([state, invariants]);
  }

  refill(): void {
    this.size = Atomics.add(this.#job.control, CONTROL.numbers, NUMBERS);
    this.end = this.size + NUMBERS;
  }
}

let hand: Hand | undefined;
let agenda: Agenda | undefined;
parentPort?.on('message', (job: Job) => {
  if (job.source !== undefined) hand = new Hand(job.source, job);
  agenda = job.agenda ?? agenda;
  if (hand !== undefined && agenda !== undefined) parentPort?.postMessage(hand.work(job, agenda));
});
