import { NumberedRows } from '../engine/check/numbered-rows.ts';
import { type Attribute, EVERY_ATTRIBUTE, type Fact, type Word } from '../facts/index.ts';
import { Ints } from './ints.ts';
import { commands, type Happening, isUndefined, type RunCallback, type Subject } from './subject.ts';
import type { EventView, ObservedRole, ReservationView, SubjectView } from './views.ts';

/** A fact that says that the driver crashed or hung; nothing happens after it. */
interface Crash {
  readonly type: 'crash';
  readonly event: number;
  readonly signal: string;
}

/** What the code of one event does next: one fact, and where in the object. */
export interface Step {
  readonly fact: Fact;
  readonly at: string;
}

/** The kinds of event, by the number under which the C knows them. */
export const ATTRIBUTE_NAMES = Object.keys(EVERY_ATTRIBUTE) as readonly Attribute[];

const NO_EVENT = -1;
const NONE: readonly Word[] = [];
/** In place of a state of the C: a call is being told. */
const INSIDE = -1;

/** In place of a command: the C has none for it. */
const NOTHING = -1;

/** What a fact of the environment is to the C: a command, by its number; of a callback that runs in one piece, which. */
export interface Call {
  readonly command: number;
  readonly event: number;
  readonly callback?: RunCallback | undefined;
  readonly flags?: number;
  /** Whether another owner takes the PMC, or leaves it, if that is what it is. */
  readonly takesPmc?: boolean;
}

/**
 * The driver's C as one more machine that folds facts: a local state is a number, and what may happen in it, and where
 * that leads, is found by running the code. A callback with interrupts off runs in one piece; its facts then happen one
 * by one, and what it did to the state is seen when it returns.
 */
export class Code {
  /**
   * By local state: the state of the C, at rest or between two facts of opens and closes. Where a call is told: {@link INSIDE}, the
   * number of the run, and how many facts were told. Then the next fact leads to the local state with the next number, the
   * last one to rest.
   */
  readonly #states = new Ints();
  readonly #runs = new Ints();
  readonly #told = new Ints();
  /** Of each run: the state of the C before it and the question that it was; its event, which list of facts is told of it. */
  readonly #calls = new NumberedRows(2);
  readonly #events = new Ints();
  readonly #listOf = new Ints();
  /** How its event looks meanwhile, if not as before, plus one; the local state with which it begins, plus one. */
  readonly #insides = new Ints();
  readonly #begun = new Ints();
  /** What is told of calls. Few things happen, and each many times. */
  readonly #lists: (readonly Step[])[] = [];
  /** By the number of what happened, plus one; of a crash, by question. */
  readonly #listNumbers = new Ints();
  readonly #crashes = new Map<number, number>();
  /** By state of the C: the local state at rest, plus one. */
  readonly #resting = new Ints();
  /** By fact, and the counters of the hart that it calls. */
  readonly #commands = new WeakMap<Fact, Map<readonly Word[], Call>>();
  /** By part of an event: whether its code can go on. */
  readonly #canGoOn: boolean[] = [];
  readonly #call = new Int32Array(2);
  /** By event. */
  readonly #stepOf: readonly number[];
  /** After {@link step}: the local state that it leads to. */
  next = 0;

  constructor(readonly subject: Subject) {
    this.#stepOf = Array.from({ length: subject.machine.events }, (_, event) => subject.command(commands.step(event)));
    this.#atRest(subject.boot.state);
  }

  /** The local state after boot. */
  readonly initial = 0;

  /** What is observed in place of a machine in a local state, by number: see `Subject.seen`. */
  seen(local: number, role: ObservedRole, index: number): number {
    const state = this.#states.at(local);
    if (state !== INSIDE) return this.subject.seen(state, role, index);
    const run = this.#runs.at(local);
    const inside = this.#insides.at(run);
    if (role === 'driver' && inside > 0 && index === this.#events.at(run)) return inside - 1;
    return this.subject.seen(this.#calls.at(run, 0), role, index);
  }

  /** All that is observed in a local state. */
  view(local: number): SubjectView {
    return this.subject.views.all((role, index) => this.seen(local, role, index));
  }

  /**
   * What differs between two local states at rest, as `Subject.difference` tells it; all of it, where one is not at rest.
   */
  difference(one: number, other: number): number {
    const [before, after] = [this.#states.at(one), this.#states.at(other)];
    return before === INSIDE || after === INSIDE ? -1 : this.subject.difference(before, after);
  }

  /** Whether a callback runs whose facts are being told: what it does to the state is not seen yet. */
  isInside(local: number): boolean {
    return this.#states.at(local) === INSIDE;
  }

  /**
   * The local state after the environment calls the driver, or frees an event, or another owner comes or goes;
   * null if the code cannot take that now. `counters` are those of the hart that is called: a list that
   * never changes, since what was made of it is found by it again.
   */
  after(local: number, fact: Fact, counters = NONE): number | null {
    return this.take(local, this.callOf(fact, counters));
  }

  /** The same, of what {@link callOf} gave. */
  take(local: number, call: Call): number | null {
    if (this.isInside(local) || call.command < 0) return null;
    if (call.takesPmc !== undefined && !letsAnother(this.#reservation(local), call.takesPmc)) return null;
    const state = this.#states.at(local);
    const question = this.subject.ask(state, call.command);
    return this.subject.isRefused(question) ? null : this.#begin(state, question, 0, call);
  }

  #reservation(local: number): ReservationView {
    return this.subject.views.part('reservation', this.seen(local, 'reservation', 0)) as ReservationView;
  }

  /** What the code of an event does next, or null if it does nothing or waits. Where that leads is in {@link next}. */
  step(local: number, event: number): Step | null {
    if (this.isInside(local)) {
      const run = this.#runs.at(local);
      if (this.#events.at(run) !== event) return null;
      const list = this.#lists[this.#listOf.at(run)]!;
      const told = this.#told.at(local);
      if (told === list.length) return null;
      this.next = told + 1 < list.length ? local + 1 : this.#end(run, local + 1);
      return list[told]!;
    }
    const state = this.#states.at(local);
    if (!this.#goesOn(state, event)) return null;
    const question = this.subject.ask(state, this.#stepOf[event]!);
    if (this.subject.isRefused(question)) return null;
    const list = this.#lists[this.#listNumber(question, event)]!;
    if (list.length === 0) throw new Error(`event ${event}: the driver's code went on without a fact`);
    this.next = this.#begin(state, question, 1, { event });
    return list[0]!;
  }

  /** Every step that was met so far, some of them more than once. */
  steps(): Step[] {
    return this.#lists.flat();
  }

  #goesOn(state: number, event: number): boolean {
    const part = this.subject.seen(state, 'driver', event);
    this.#canGoOn[part] ??= goesOn(this.subject.views.part('driver', part) as EventView);
    return this.#canGoOn[part];
  }

  /** The local state in which what a question came to begins to be told, from the fact of that number on. */
  #begin(state: number, question: number, told: number, { event, callback, flags = 0 }: Omit<Call, 'command'>): number {
    const list = this.#listNumber(question, event);
    const facts = this.#lists[list]!.length;
    // After a crash there is a local state in which nothing is left to be told.
    const last = this.subject.crash(question) === undefined ? facts - 1 : facts;
    if (told > last) return this.#atRest(this.subject.stateAfter(state, question)!);
    this.#call[0] = state;
    this.#call[1] = question;
    const run = this.#calls.number(this.#call);
    const begun = this.#begun.at(run);
    if (begun > 0) return begun - 1;
    this.#events.set(run, event);
    this.#listOf.set(run, list);
    if (callback !== undefined) {
      const inside = this.subject.views.inCall(this.subject.seen(state, 'driver', event), callback, flags);
      this.#insides.set(run, inside + 1);
    }
    const first = this.#states.length;
    for (let at = told; at <= last; at++) {
      const local = this.#states.push(INSIDE);
      this.#runs.set(local, run);
      this.#told.set(local, at);
    }
    this.#begun.set(run, first + 1);
    return first;
  }

  /** The local state in which all of a call is told; `crashed` where the driver has crashed in it. */
  #end(run: number, crashed: number): number {
    const state = this.subject.stateAfter(this.#calls.at(run, 0), this.#calls.at(run, 1));
    return state === undefined ? crashed : this.#atRest(state);
  }

  #atRest(state: number): number {
    const known = this.#resting.at(state);
    if (known > 0) return known - 1;
    const local = this.#states.push(state);
    this.#resting.set(state, local + 1);
    return local;
  }

  /** The list of what is told of a question. */
  #listNumber(question: number, event: number): number {
    const happened = this.subject.listOf(question);
    const known = happened >= 0 ? this.#listNumbers.at(happened) - 1 : (this.#crashes.get(question) ?? -1);
    if (known >= 0) return known;
    const number = this.#lists.push(toldOf(this.subject.happenings(question), this.subject.crash(question), event)) - 1;
    if (happened >= 0) this.#listNumbers.set(happened, number + 1);
    else this.#crashes.set(question, number);
    return number;
  }

  /** What a fact of the environment is to the C, with what the counters of its hart hold: see {@link after}. */
  callOf(fact: Fact, counters: readonly Word[]): Call {
    let byCounters = this.#commands.get(fact);
    if (byCounters === undefined) {
      byCounters = new Map();
      this.#commands.set(fact, byCounters);
    }
    let call = byCounters.get(counters);
    if (call === undefined) {
      call = this.#callOf(fact, counters);
      byCounters.set(counters, call);
    }
    return call;
  }

  #callOf(fact: Fact, counters: readonly Word[]): Call {
    const command = commandOf(fact, counters);
    const isForeign = fact.type === 'foreign.take' || fact.type === 'foreign.release';
    return {
      command: command === undefined ? NOTHING : this.subject.command(command),
      event: 'event' in fact ? fact.event : NO_EVENT,
      callback: callbackOf(fact),
      flags: flagsOf(fact),
      ...(isForeign && { takesPmc: fact.type === 'foreign.take' }),
    };
  }
}

/** Whether another owner can take the PMC, or leave it: what the harness would refuse is not asked of it (`call_foreign`). */
const letsAnother = ({ owner, perfIrq, foreignHolds }: ReservationView, takes: boolean): boolean =>
  owner === null && foreignHolds !== takes && !(takes && perfIrq !== 'nobody');

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

/** What is told of a call: what happened in it, and how it ended if the driver crashed. */
function toldOf(
  happened: readonly Happening[],
  crashed: { readonly signal: string; readonly at: string } | undefined,
  event: number,
): readonly Step[] {
  if (crashed !== undefined) {
    const crash: Crash = { type: 'crash', event, signal: crashed.signal };
    return [...(happened as Step[]), { fact: crash as unknown as Fact, at: crashed.at }];
  }
  // A slot outside events[] is a fact of its own: that it is undefined behaviour too need not be said.
  return happened.filter(
    ({ fact }, at) =>
      !(isUndefined(fact) && fact.kind === 'index out of bounds' && happened[at + 1]?.fact.type === 'slots.write'),
  ) as Step[];
}
