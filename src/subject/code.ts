import { type Attribute, EVERY_ATTRIBUTE, type Fact, type Word } from '../facts/index.ts';
import {
  commands,
  type EventView,
  type Happening,
  isUndefined,
  type Known,
  type RunCallback,
  type Subject,
  type SubjectView,
} from './subject.ts';

/** A fact that says that the driver crashed or hung; nothing happens after it. */
interface Crash {
  readonly type: 'crash';
  readonly event: number;
  readonly signal: string;
}

/** What the code of one event does next: one fact, where in the object, and the local state after it. */
export interface Step {
  readonly fact: Fact;
  readonly at: string;
  readonly next: number;
}

/** A call that ran in one piece, while what happened in it is told, and where it leads. */
interface Playing {
  readonly event: number;
  readonly happenings: readonly Happening[];
  /** How many of them were told. */
  readonly told: number;
  readonly result: Known;
}

/** A local state: the C at rest or between two facts of opens and closes, or inside a call that runs in one piece. */
interface Local {
  readonly state: number;
  readonly view: SubjectView;
  readonly playing?: Playing;
}

/** The kinds of event, by the number under which the C knows them. */
export const ATTRIBUTE_NAMES = Object.keys(EVERY_ATTRIBUTE) as readonly Attribute[];

const NO_EVENT = -1;
const NONE: readonly Word[] = [];
const IDLE_CALL = { at: 'point' } as const;

/**
 * The driver's C as one more machine that folds facts: a local state is a number, and what may happen in it, and where
 * that leads, is found by running the code. A callback with interrupts off runs in one piece; its facts then happen one
 * by one, and what it did to the state is seen when it returns.
 */
export class Code {
  readonly #locals: Local[] = [];
  /** The local state at rest, by the state of the C. */
  readonly #resting: number[] = [];
  /** By what a command came to, and by the local state inside the call: the local state that follows. */
  readonly #begun = new Map<Known, number>();
  readonly #told: number[] = [];
  readonly #steps: (Step | null)[][] = [];
  /** By fact, and the counters of the hart that it calls: the command. */
  readonly #commands = new WeakMap<Fact, Map<readonly Word[], string | undefined>>();

  constructor(readonly subject: Subject) {
    this.#atRest(subject.boot.state, subject.boot.view);
  }

  /** The local state after boot. */
  readonly initial = 0;

  view(local: number): SubjectView {
    return this.#locals[local]!.view;
  }

  /** Whether a callback runs whose facts are being told: what it does to the state is not seen yet. */
  isInside(local: number): boolean {
    return this.#locals[local]!.playing !== undefined;
  }

  /**
   * The local state after the environment calls the driver, or frees an event, or another owner comes or goes;
   * null if the code cannot take that now. `counters` are those of the hart that is called: a list that
   * never changes, since what was made of it is found by it again.
   */
  after(local: number, fact: Fact, counters = NONE): number | null {
    const { state, view, playing } = this.#locals[local]!;
    if (playing !== undefined) return null;
    const command = this.#command(fact, counters);
    if (command === undefined) return null;
    const result = this.subject.perform(state, command);
    if (result.kind === 'refused') return null;
    const begun = this.#begun.get(result);
    if (begun !== undefined) return begun;
    const event = 'event' in fact ? fact.event : NO_EVENT;
    const callback = callbackOf(fact);
    const seen = callback === undefined ? view : inCall(view, event, callback, flagsOf(fact));
    return this.#begin({ event, happenings: happenings(result, event), told: 0, result }, seen);
  }

  /** Says that {@link after} will be asked. */
  expectCall(local: number, fact: Fact, counters = NONE): void {
    const { state, playing } = this.#locals[local]!;
    const command = playing === undefined ? this.#command(fact, counters) : undefined;
    if (command !== undefined) this.subject.expect(state, command);
  }

  /** Says that {@link step} will be asked. */
  expectStep(local: number, event: number): void {
    const { state, view, playing } = this.#locals[local]!;
    if (playing === undefined && goesOn(view.events[event]!)) this.subject.expect(state, commands.step(event));
  }

  /** What the code of an event does next, or null if it does nothing or waits. */
  step(local: number, event: number): Step | null {
    let steps = this.#steps[local];
    if (steps === undefined) {
      steps = [];
      this.#steps[local] = steps;
    }
    let step = steps[event];
    if (step === undefined) {
      step = this.#step(local, event);
      steps[event] = step;
    }
    return step;
  }

  #step(local: number, event: number): Step | null {
    const { state, view, playing } = this.#locals[local]!;
    if (playing !== undefined) {
      if (playing.event !== event) return null;
      const { happenings, told, result } = playing;
      const now = happenings[told];
      if (now === undefined) return null;
      this.#told[local] ??= this.#play({ event, happenings, told: told + 1, result }, view);
      return { fact: now.fact as Fact, at: now.at, next: this.#told[local] };
    }
    if (!goesOn(view.events[event]!)) return null;
    const command = commands.step(event);
    const result = this.subject.perform(state, command);
    if (result.kind === 'refused') return null;
    const all = happenings(result, event);
    const now = all[0];
    if (now === undefined) throw new Error(`event ${event}: the driver's code went on without a fact`);
    const next = this.#begin({ event, happenings: all, told: 1, result }, view);
    return { fact: now.fact as Fact, at: now.at, next };
  }

  /** The local state in which what a command came to begins to be told. */
  #begin(playing: Playing, view: SubjectView): number {
    let number = this.#begun.get(playing.result);
    if (number === undefined) {
      number = this.#play(playing, view);
      this.#begun.set(playing.result, number);
    }
    return number;
  }

  /** The local state in which the rest of a call is still to be told; at rest when nothing is. */
  #play(playing: Playing, view: SubjectView): number {
    const { happenings, told, result } = playing;
    if (told === happenings.length && result.kind === 'done') return this.#atRest(result.state, result.view);
    return this.#locals.push({ state: -1, view, playing }) - 1;
  }

  #atRest(state: number, view: SubjectView): number {
    this.#resting[state] ??= this.#locals.push({ state, view }) - 1;
    return this.#resting[state];
  }

  #command(fact: Fact, counters: readonly Word[]): string | undefined {
    let byCounters = this.#commands.get(fact);
    if (byCounters === undefined) {
      byCounters = new Map();
      this.#commands.set(fact, byCounters);
    }
    if (!byCounters.has(counters)) byCounters.set(counters, commandOf(fact, counters));
    return byCounters.get(counters);
  }
}

/** Whether the code of an event can go on. */
const goesOn = ({ at }: EventView): boolean => at === 'point' || at === 'out';

/** The command that a fact of the environment is to the C; undefined if it is none. */
function commandOf(fact: Fact, counters: readonly Word[]): string | undefined {
  switch (fact.type) {
    case 'event_init.call': {
      const number = ATTRIBUTE_NAMES.indexOf(fact.attribute);
      return commands.open(fact.event, fact.attribute, number, fact.fits !== false);
    }
    case 'destroy.call':
      return commands.destroy(fact.event);
    case 'event.free':
      return commands.free(fact.event);
    case 'foreign.take':
    case 'foreign.release':
      return commands.foreign(fact.type === 'foreign.take');
    case 'add.call':
    case 'del.call':
    case 'start.call':
    case 'stop.call':
    case 'read.call':
      return commands.run(fact.event, callbackOf(fact)!, fact.hart, flagsOf(fact), ...counters);
    default:
      return undefined;
  }
}

const CALLBACKS: Readonly<Record<string, RunCallback>> = {
  ...{ 'add.call': 'add', 'del.call': 'del', 'start.call': 'start', 'stop.call': 'stop', 'read.call': 'read' },
};

/** The callback that runs in one piece, if a fact is its call. */
const callbackOf = ({ type }: Fact): RunCallback | undefined => CALLBACKS[type];

const flagsOf = (fact: Fact): number => ('flags' in fact ? fact.flags : 0);

function inCall(view: SubjectView, event: number, callback: RunCallback, flags: number): SubjectView {
  const inside: EventView = { ...view.events[event]!, ...IDLE_CALL, callback, flags };
  return { ...view, events: view.events.with(event, inside) };
}

function happenings(result: Known, event: number): readonly Happening[] {
  if (result.kind === 'done')
    // A slot outside events[] is a fact of its own: that it is undefined behaviour too need not be said.
    return result.happenings.some(({ fact }) => isUndefined(fact))
      ? result.happenings.filter(
          ({ fact }, at, all) =>
            !(isUndefined(fact) && fact.kind === 'index out of bounds' && all[at + 1]?.fact.type === 'slots.write'),
        )
      : result.happenings;
  if (result.kind === 'refused') return [];
  const crash: Crash = { type: 'crash', event, signal: result.signal };
  return [...result.happenings, { fact: crash as unknown as Fact, at: result.at }];
}
