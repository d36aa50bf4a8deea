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

/** A local state: the C at rest or between two facts of opens and closes, or inside a call that runs in one piece. */
interface Local {
  readonly state: number;
  readonly view: SubjectView;
  /** What is left to happen of a call that ran in one piece, and where it leads. */
  readonly playing?: {
    readonly event: number;
    readonly happenings: readonly Happening[];
    /** How many of them were told. */
    readonly told: number;
    readonly then: Known;
  };
}

/** The kinds of event, by the number under which the C knows them. */
export const ATTRIBUTE_NAMES = Object.keys(EVERY_ATTRIBUTE) as readonly Attribute[];

const NO_EVENT = -1;
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
  readonly #numbers = new Map<string, number>();
  readonly #steps: (Step | null)[][] = [];

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
   * null if the code cannot take that now. `counters` are those of the hart that is called.
   */
  after(local: number, fact: Fact, counters: readonly Word[]): number | null {
    const { state, view, playing } = this.#locals[local]!;
    if (playing !== undefined) return null;
    const command = commandOf(fact, counters);
    if (command === undefined) return null;
    const result = this.subject.perform(state, command);
    if (result.kind === 'refused') return null;
    const event = 'event' in fact ? fact.event : NO_EVENT;
    const callback = callbackOf(fact);
    const seen = callback === undefined ? view : inCall(view, event, callback, flagsOf(fact));
    return this.#play(`${state} ${command}`, seen, event, happenings(result, event), 0, result);
  }

  /** Says that {@link after} will be asked. */
  expectCall(local: number, fact: Fact, counters: readonly Word[]): void {
    const { state, playing } = this.#locals[local]!;
    const command = playing === undefined ? commandOf(fact, counters) : undefined;
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
      const { happenings, told, then } = playing;
      const now = happenings[told];
      if (now === undefined) return null;
      return {
        fact: now.fact as Fact,
        at: now.at,
        next: this.#play(`after ${local}`, view, event, happenings, told + 1, then),
      };
    }
    if (!goesOn(view.events[event]!)) return null;
    const command = commands.step(event);
    const result = this.subject.perform(state, command);
    if (result.kind === 'refused') return null;
    const all = happenings(result, event);
    const now = all[0];
    if (now === undefined) throw new Error(`event ${event}: the driver's code went on without a fact`);
    return { fact: now.fact as Fact, at: now.at, next: this.#play(`${state} ${command}`, view, event, all, 1, result) };
  }

  /** The local state in which those facts are left of a call; at rest when none is. */
  #play(
    key: string,
    view: SubjectView,
    event: number,
    ...[happenings, told, then]: [readonly Happening[], number, Known]
  ): number {
    if (told === happenings.length && then.kind === 'done') return this.#atRest(then.state, then.view);
    return this.#local(`${key} ${told}`, { state: -1, view, playing: { event, happenings, told, then } });
  }

  #atRest(state: number, view: SubjectView): number {
    this.#resting[state] ??= this.#locals.push({ state, view }) - 1;
    return this.#resting[state];
  }

  #local(key: string, local: Local): number {
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.#locals.push(local) - 1;
      this.#numbers.set(key, number);
    }
    return number;
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
