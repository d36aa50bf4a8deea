import { parentPort } from 'node:worker_threads';
import { UNKNOWN } from './arena.ts';
import { CONTROL, type Expand, type Expanded, type Job, NUMBERS, type Shared } from './crew.ts';
import { Edges } from './edges.ts';
import { BATCH, type Inner, instantiate, type Surroundings } from './generate.ts';
import { mark } from './goals.ts';
import { type Agenda, Judge } from './judge.ts';

/** States that a worker takes at once, to expand them, and for what is quickly done. */
const TAKE = 1 << 8;
const TAKE_MANY = 1 << 14;

/** One worker of a crew, as the surroundings of the inner loops: see `crew.ts`. */
class Hand implements Surroundings {
  readonly numbers: Int32Array;
  readonly out: Int32Array;
  readonly starts = new Int32Array(BATCH + 1);
  readonly inner: Inner;
  readonly words: number;
  arena!: { memory: Int32Array };
  states!: Int32Array;
  slots!: Int32Array;
  about!: Int32Array;
  tagShift = 0;
  size = 0;
  end = 0;
  emitted = 0;
  judge!: Judge;
  edges = new Edges();
  #agenda!: Agenda;
  #control!: Int32Array;
  #unexpanded: number[] = [];
  #unjudged: [number, number][] = [];
  #unconcerned: [number, number, number, number][] = [];

  constructor(source: string, { offers, words }: Shared) {
    this.words = words;
    this.numbers = new Int32Array(BATCH + offers);
    this.out = new Int32Array(this.numbers.length * (words + 1));
    this.inner = instantiate(source, this);
  }

  work(job: Job): unknown {
    const { memory, states, slots, about, tagShift } = job;
    Object.assign(this, { arena: { memory }, states, slots, about, tagShift });
    this.#control = job.control;
    switch (job.kind) {
      case 'expand':
        return this.#expand(job);
      case 'fill':
        for (const [first, end] of this.#taken(TAKE_MANY, job.end))
          this.inner.fill(slots, states, tagShift, first, end);
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
      case 'sweep':
        if (job.runs !== undefined) {
          this.edges = new Edges();
          this.edges.adopt(job.runs);
        }
        return this.edges.sweep(job.reached, job.all);
    }
  }

  /** Takes states that nobody took, again and again. */
  *#taken(many: number, end: number): Generator<[number, number]> {
    while (Atomics.load(this.#control, CONTROL.stop) === 0) {
      const first = Atomics.add(this.#control, CONTROL.next, many);
      if (first >= end) return;
      yield [first, Math.min(end, first + many)];
    }
  }

  #expand({
    agenda = this.#agenda,
    first,
    lasting,
    mostNumbers,
    keepsEdges,
    end,
    words,
    states,
  }: Shared & Expand): Expanded {
    this.#agenda = agenda;
    this.judge = new Judge(agenda, this, () => UNKNOWN);
    this.judge.learnBreaks(first, lasting);
    this.#unexpanded = [];
    this.#unjudged = [];
    this.#unconcerned = [];
    this.refill();
    const edges = new Edges();
    let transitions = 0;
    const hasRoom = (): boolean => Atomics.load(this.#control, CONTROL.numbers) < mostNumbers;
    for (const [from, to] of hasRoom() ? this.#taken(TAKE, end) : []) {
      for (let at = from; at < to; ) {
        const batch = at;
        at = this.inner.expand(batch, to);
        this.inner.add();
        transitions += this.emitted / (words + 1);
        if (keepsEdges) edges.append(batch, at, this.starts, words + 1, this.numbers);
      }
      if (!hasRoom()) break;
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

  concern(state: number, fact: number, record: number, component: number): void {
    if (!this.judge.concern(state, fact, record, component)) this.#unconcerned.push([state, fact, record, component]);
  }

  stuck(state: number): void {
    if (!this.judge.stuck(state)) this.#unconcerned.push([state, -1, 0, 0]);
  }

  ask(state: number, invariants: number): void {
    if (!this.judge.judge(state, invariants)) this.#unjudged.push([state, invariants]);
  }

  refill(): void {
    this.size = Atomics.add(this.#control, CONTROL.numbers, NUMBERS);
    this.end = this.size + NUMBERS;
  }
}

let hand: Hand | undefined;
parentPort?.on('message', (job: Job) => {
  if (job.source !== undefined) hand = new Hand(job.source, job);
  parentPort?.postMessage(hand?.work(job));
});
