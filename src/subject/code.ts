import { type Attribute, EVERY_ATTRIBUTE, type Fact, type Word } from '../facts/index.ts';
import type { Ask } from './answers.ts';
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

/** How many states are asked at once. */
const AHEAD = 64;

const NO_EVENT = -1;
const IDLE_CALL = { at: 'point' } as const;

/**
 * The driver's C as one more machine that folds facts: a local state is a number, and what may happen in it, and where
 * that leads, is found by running the code. A callback with interrupts off runs in one piece; its facts then happen one
 * by one, and what it did to the state is seen when it returns.
 */
export class Code {
  readonly #locals: Local[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #steps: (Step | null)[][] = [];
  /** The first local state of which nothing was asked ahead of time. */
  #ahead = 0;
  /** The opens and closes that the environment has ever asked for, by event: they will be asked for again. */
  readonly #calls: Set<string>[] = [];
  readonly #foreign = new Set<string>();

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
    const { state, playing } = this.#locals[local]!;
    if (playing !== undefined) return null;
    const perform = (command: string, event: number): number | null => {
      this.#remember(event, command);
      return this.#landed(
        local,
        event,
        `${state} ${command}`,
        this.subject.perform(state, command, () => this.#likely(local)),
      );
    };
    switch (fact.type) {
      case 'event_init.call': {
        const number = ATTRIBUTE_NAMES.indexOf(fact.attribute);
        return perform(commands.open(fact.event, fact.attribute, number, fact.fits !== false), fact.event);
      }
      case 'destroy.call':
        return perform(commands.destroy(fact.event), fact.event);
      case 'event.free':
        return perform(commands.free(fact.event), fact.event);
      case 'foreign.take':
      case 'foreign.release':
        return perform(commands.foreign(fact.type === 'foreign.take'), NO_EVENT);
      case 'add.call':
      case 'del.call':
      case 'start.call':
      case 'stop.call':
      case 'read.call': {
        const callback = fact.type.slice(0, -'.call'.length) as RunCallback;
        const flags = 'flags' in fact ? fact.flags : 0;
        const command = commands.run(fact.event, callback, fact.hart, flags, ...counters);
        const result = this.subject.perform(state, command);
        if (result.kind === 'refused') return null;
        const key = `${state} ${command}`;
        return this.#play(
          key,
          this.#inCall(local, fact.event, callback, flags),
          fact.event,
          happenings(result, fact.event),
          0,
          result,
        );
      }
      default:
        return null;
    }
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
    const { at } = view.events[event]!;
    if (at !== 'point' && at !== 'out') return null;
    const command = commands.step(event);
    const result = this.subject.perform(state, command, () => this.#likely(local));
    if (result.kind === 'refused') return null;
    const all = happenings(result, event);
    const now = all[0];
    if (now === undefined) throw new Error(`event ${event}: the driver's code went on without a fact`);
    return { fact: now.fact as Fact, at: now.at, next: this.#play(`${state} ${command}`, view, event, all, 1, result) };
  }

  #remember(event: number, command: string): void {
    const of = event === NO_EVENT ? this.#foreign : (this.#calls[event] ?? new Set());
    of.add(command);
    if (event !== NO_EVENT) this.#calls[event] = of;
  }

  /** What will be asked next: the rest of this state, and the states that were found after it. */
  *#likely(local: number): Generator<Ask> {
    yield this.#ask(local);
    for (let ahead = 0; ahead < AHEAD && this.#ahead < this.#locals.length; this.#ahead++)
      if (this.#ahead > local && !this.isInside(this.#ahead)) {
        yield this.#ask(this.#ahead);
        ahead++;
      }
  }

  /** What is asked of a state: the steps of the code that runs, and calls where any may come. */
  #ask(local: number): Ask {
    const { state, view } = this.#locals[local]!;
    const likely: string[] = [...this.#foreign];
    for (const [event, { at }] of view.events.entries())
      if (at === 'idle') likely.push(...((this.subject.machine.anyOrder && this.#calls[event]) || []));
      else likely.push(commands.step(event));
    return { state, commands: likely };
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

  #landed(local: number, event: number, key: string, result: Known): number | null {
    if (result.kind === 'refused') return null;
    const { view } = this.#locals[local]!;
    return this.#play(key, view, event, happenings(result, event), 0, result);
  }

  #atRest(state: number, view: SubjectView): number {
    return this.#local(`${state}`, { state, view });
  }

  #local(key: string, local: Local): number {
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.#locals.push(local) - 1;
      this.#numbers.set(key, number);
    }
    return number;
  }

  #inCall(local: number, event: number, callback: RunCallback, flags: number): SubjectView {
    const { view } = this.#locals[local]!;
    const inside: EventView = { ...view.events[event]!, ...IDLE_CALL, callback, flags };
    return { ...view, events: view.events.with(event, inside) };
  }
}

function happenings(result: Known, event: number): readonly Happening[] {
  if (result.kind === 'done')
    // A slot outside events[] is a fact of its own: that it is undefined behaviour too need not be said.
    return result.happenings.filter(
      ({ fact }, at, all) =>
        !(isUndefined(fact) && fact.kind === 'index out of bounds' && all[at + 1]?.fact.type === 'slots.write'),
    );
  if (result.kind === 'refused') return [];
  const crash: Crash = { type: 'crash', event, signal: result.signal };
  return [...result.happenings, { fact: crash as unknown as Fact, at: result.at }];
}
