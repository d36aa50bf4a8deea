import { Undecided } from '../engine/check/index.ts';
import { NumberedRows } from '../engine/check/numbered-rows.ts';
import { type Attribute, attributeKind, type Capabilities, type Fact, type Word } from '../facts/index.ts';
import { Answers } from './answers.ts';
import type { Build } from './build.ts';
import { Channel, ChildGone } from './channel.ts';
import { NoSubject } from './compiler.ts';
import { sayUnconfined } from './confinement.ts';
import { Ints } from './ints.ts';
import { narrowed } from './narrowed.ts';
import { type End, Outcomes } from './outcomes.ts';
import { type ObservedRole, type SubjectView, Views } from './views.ts';

/** The machine that the driver runs on; widths in bits. */
export interface SubjectMachine {
  readonly events: number;
  readonly harts: number;
  readonly wordBits: number;
  readonly xlen: number;
  readonly counterWidth: number;
  readonly intBits: number;
  /** Whether the caller keeps no contract: it then destroys also what has no `destroy`. */
  readonly anyOrder: boolean;
  /** How many events, from the first, are one group. */
  readonly group: number;
  /** Whether every plain access of an open or a close to the driver's data is a fact, and so a scheduling point. */
  readonly everyAccess?: boolean;
  /** The width of the counters, if it is not that of a word; and whether they can be written. */
  readonly counterBits?: number;
  readonly writable?: boolean;
  /** Whether `add` gives an event one of several counters. */
  readonly givesOut?: boolean;
}

/** What a driver has; found when it is booted. */
export interface Has {
  readonly perfIrq: boolean;
  readonly activeEvents: boolean;
  readonly slots: boolean;
  readonly nEvents: boolean;
  readonly destroy: boolean;
}

/** What the `struct pmu` of a driver says, and the driver itself while it boots. */
interface Registered {
  /** The length of `events[]`; 0 if there is none. */
  readonly slots: number;
  readonly capabilities: Capabilities;
  /** Whether it has asked for an interrupt line. */
  readonly interrupt: boolean;
}

const PERF_PMU_CAP = { NO_INTERRUPT: 1, NO_EXCLUDE: 64 } as const;

/** Undefined behaviour that the sanitizers saw, by its line of the driver's text. */
export interface Undefined {
  readonly type: 'undefined';
  readonly event: number;
  readonly kind: string;
  readonly line: number;
  /** The file that is compiled: see `fileOf`. */
  readonly file: string;
}

export const isUndefined = (fact: Fact | Undefined): fact is Undefined => fact.type === 'undefined';

/** One thing that the driver did: a fact (of the vocabulary, or of the shim's own), and where in the object. */
export interface Happening {
  readonly fact: Fact | Undefined;
  /** Offset in the object, hexadecimal. */
  readonly at: string;
}

/** What a command did to the driver. */
type Result =
  | {
      readonly kind: 'done';
      readonly happenings: readonly Happening[];
      readonly state: number;
      readonly view: SubjectView;
    }
  /** It could not be done in this state. */
  | { readonly kind: 'refused' }
  | End;

/** What is known to have happened. */
export type Known = Exclude<Result, { readonly kind: 'unknown' }>;

const CALLBACK_NUMBERS = { add: 3, del: 4, start: 5, stop: 6, read: 7 } as const;
export type RunCallback = keyof typeof CALLBACK_NUMBERS;

/** The commands of the protocol. */
export const commands = {
  open: (event: number, attribute: Attribute, number: number, fits: boolean): string => {
    const { type, config, sampling, modifier } = attributeKind(attribute);
    const special = (sampling ? 1 : 0) | (modifier ? (attribute === 'exclude-idle' ? 4 : 2) : 0);
    return `i${event},${type},${config},${special},${number},${fits ? 1 : 0}`;
  },
  destroy: (event: number): string => `d${event}`,
  step: (event: number): string => `s${event}`,
  free: (event: number): string => `f${event}`,
  look: (event: number): string => `l${event}`,
  /** `counters` are those of the hart, in the order of their index. */
  run: (event: number, callback: RunCallback, hart: number, flags: number, ...counters: readonly Word[]): string =>
    `c${[event, CALLBACK_NUMBERS[callback], hart, flags, ...counters].join(',')}`,
  foreign: (takes: boolean): string => (takes ? 'F+' : 'F-'),
};

/** In place of the piece of an event, where a question is about all of a state. */
const WHOLE = -1;
/** The same, where it is about no event. */
const NO_EVENT = -2;
/** So many commands are expected of an event that looks so. */
const MOST_EXPECTED = 32;

/**
 * The real C as a table: a state is a number, and what a command does in it is asked of the harness once.
 *
 * A state is a row of pieces, by number: of the memory that all share, and of what is of each event (its `struct perf_event`, its
 * call, its stack). What a command of an event touches beside what is shared is mostly its own: the harness closes the memory of the
 * others to it. So a command is asked once for each pair of pieces, and what it comes to is the same in every state that has them;
 * only one that touches another event is asked in each state.
 */
export class Subject {
  readonly has: Has;
  readonly registered: Registered;
  /** What it read while it booted, and is not known here. */
  readonly unknownAtBoot: string | undefined;
  /** The state after boot, and how it looks. */
  readonly boot: { readonly state: number; readonly view: SubjectView };
  /** What can be observed in its states. */
  readonly views: Views;
  readonly #channel: Channel;
  readonly #answers: Answers;
  readonly #outcomes: Outcomes;
  readonly #states: NumberedRows;
  /** Where commands are asked: a piece of the shared memory and one of the event, or a state and {@link WHOLE}. */
  readonly #places = new NumberedRows(2);
  readonly #place = new Int32Array(2);
  /** By command: the event that it is about, if it is about one. */
  readonly #eventOf: (number | undefined)[] = [];
  readonly #everyEvent: readonly (number | undefined)[];
  /** By place: 1 where it was met in a state. By event (the last: none), and by how it looks there: that. */
  readonly #isMet = new Ints();
  readonly #likely: number[][][];
  /** Why its process has ended, if it has: what was not asked until then is not known. */
  gone: string | undefined;

  /**
   * Boots the driver. Throws {@link NoSubject} if its initcalls fail or register no `struct pmu`, or if the machine is larger
   * than the harness; {@link Undecided} if its process ended from outside.
   */
  constructor(
    readonly build: Build,
    readonly machine: SubjectMachine,
  ) {
    this.#channel = new Channel(build.harness, [build.object, String(build.units)]);
    this.views = new Views(machine.events, machine.harts);
    this.#outcomes = new Outcomes(this.views, (shared, own, last) => this.#next(shared, own, last));
    this.#answers = new Answers(
      this.#channel,
      (lines, questions) => this.#outcomes.read(lines, questions),
      (place) => this.#nameOf(place),
    );
    this.#everyEvent = [...Array(machine.events).keys(), undefined];
    this.#likely = this.#everyEvent.map(() => []);
    try {
      const [first = '', ...more] = this.#channel.ask()[0] ?? [];
      if (!first.startsWith('! ')) throw new NoSubject(`the driver does not boot: ${first.replace(/^\? /, '')}`);
      sayUnconfined(first);
      this.unknownAtBoot = /^\^ (.*)$/m.exec(more.join('\n'))?.[1];
      const says = (name: string): boolean => new RegExp(`\\b${name} 1\\b`).test(first);
      this.has = {
        perfIrq: says('perf_irq'),
        activeEvents: says('active_events'),
        slots: says('slots'),
        nEvents: says('n_events'),
        destroy: says('destroy'),
      };
      const number = (name: string): number => Number(new RegExp(`\\b${name} (\\d+)`).exec(first)?.[1] ?? 0);
      this.#channel.room = number('room');
      const capabilities = number('capabilities');
      this.registered = {
        slots: this.has.slots ? number('counters') : 0,
        capabilities: {
          noInterrupt: (capabilities & PERF_PMU_CAP.NO_INTERRUPT) !== 0,
          noExclude: (capabilities & PERF_PMU_CAP.NO_EXCLUDE) !== 0,
        },
        interrupt: says('interrupt'),
      };
      const { counterBits = machine.wordBits, writable = false, givesOut = false } = machine;
      const { events, harts, wordBits, xlen, counterWidth, intBits, anyOrder, group, everyAccess } = machine;
      const numbers = [
        events,
        harts,
        wordBits,
        xlen,
        counterWidth,
        intBits,
        anyOrder ? 1 : 0,
        group,
        everyAccess ? 1 : 0,
        counterBits,
        writable ? 1 : 0,
        givesOut ? 1 : 0,
      ];
      const said = this.#channel.ask([...narrowed(build, machine.intBits), `machine ${numbers.join(' ')}`]);
      const lines = said.at(-1)!;
      if (lines[0]?.startsWith('? ')) throw new NoSubject(lines[0].slice(2));
      this.#states = new NumberedRows(1 + events);
      // What came of no command.
      const booted = this.#answers.question(this.#placeOf(0, WHOLE), this.command(''));
      this.#outcomes.read(lines, [booted]);
      const state = this.stateAfter(0, booted)!;
      this.boot = { state, view: this.view(state) };
    } catch (error) {
      this.close();
      if (!(error instanceof ChildGone)) throw error;
      if (error.isSaid) throw new NoSubject(`the driver does not boot: ${error.message}`);
      throw new Undecided(error.message, true);
    }
  }

  /**
   * What a command does in a state. Throws {@link Undecided} if that is not known, because the process has ended or has no room.
   */
  perform(state: number, command: string): Known {
    const question = this.ask(state, this.command(command));
    const end = this.#outcomes.end(question);
    if (end !== undefined) return end as Known;
    if (this.isRefused(question)) return { kind: 'refused' };
    const after = this.stateAfter(state, question)!;
    return { kind: 'done', happenings: this.happenings(question), state: after, view: this.view(after) };
  }

  /** The number of a command, by which it is asked sooner. */
  command(text: string): number {
    const command = this.#answers.command(text);
    const event = Number.parseInt(text.slice(1), 10);
    if (event < this.machine.events) this.#eventOf[command] = event;
    return command;
  }

  /** Asks what a command, by its number, does in a state: the number of the question. Throws what {@link perform} throws. */
  ask(state: number, command: number): number {
    const event = this.#eventOf[command];
    const question = this.#answers.question(this.#placeIn(state, event), command);
    if (!this.#answers.isAnswered(question)) {
      this.#isLikely(state, event, command);
      this.#wait(question);
    }
    return this.#known(this.#outcomes.isBeyond(question) ? this.#askWhole(state, command) : question);
  }

  /** Asks it of all of a state. */
  #askWhole(state: number, command: number): number {
    const question = this.#answers.question(this.#placeOf(state, WHOLE), command);
    if (!this.#answers.isAnswered(question)) this.#wait(question);
    return question;
  }

  #known(question: number): number {
    const end = this.#outcomes.end(question);
    if (end?.kind === 'unknown') throw new Undecided(end.why, false);
    return question;
  }

  #wait(...questions: readonly number[]): void {
    try {
      this.#answers.ask(...questions);
    } catch (error) {
      throw this.#ended(error);
    }
  }

  #placeOf(shared: number, own: number): number {
    this.#place[0] = shared;
    this.#place[1] = own;
    return this.#places.number(this.#place);
  }

  /** Where a command of an event, or of none, is asked in a state. */
  #placeIn(state: number, event: number | undefined): number {
    return this.#placeOf(this.#states.at(state, 0), event === undefined ? NO_EVENT : this.#states.at(state, 1 + event));
  }

  /** A place as the process knows it. */
  #nameOf(place: number): string {
    const [shared, own] = [this.#places.at(place, 0), this.#places.at(place, 1)];
    return own === WHOLE ? this.#states.row(shared).join(',') : `${shared}/${own === NO_EVENT ? 0 : own}`;
  }

  /** The question how the code of an event goes on that was asked of before: it is answered unasked. */
  #next(shared: number, own: number, last: number): number {
    const event = this.#eventOf[this.#answers.commandOf(last)]!;
    const question = this.#answers.question(this.#placeOf(shared, own), this.command(commands.step(event)));
    this.#answers.answered(question);
    return question;
  }

  /** What was asked where an event, or the reservation, looks as in a state. */
  #likelyIn(state: number, event: number | undefined): number[] {
    const looks = event === undefined ? this.seen(state, 'reservation', 0) : this.seen(state, 'driver', event);
    const likely = this.#likely[event ?? this.machine.events]!;
    likely[looks] ??= [];
    return likely[looks];
  }

  #isLikely(state: number, event: number | undefined, command: number): void {
    const likely = this.#likelyIn(state, event);
    if (likely.length < MOST_EXPECTED && !likely.includes(command)) likely.push(command);
  }

  /** Whether a command that was asked could not be done. */
  isRefused(question: number): boolean {
    return this.#outcomes.isRefused(question);
  }

  /** The state that a command led to from a state in which it was asked; undefined where the driver crashed in it. */
  stateAfter(state: number, question: number): number | undefined {
    if (this.#outcomes.listOf(question) < 0) return undefined;
    const row = this.#states.row(state);
    const event = this.#eventOf[this.#answers.commandOf(question)];
    row[0] = this.#outcomes.piece(question, 0);
    const own = this.#places.at(this.#answers.stateOf(question), 1);
    if (own === WHOLE)
      for (let place = 1; place < row.length; place++) row[place] = this.#outcomes.piece(question, place);
    else if (event !== undefined) row[1 + event] = this.#outcomes.piece(question, 1);
    const { size } = this.#states;
    const after = this.#states.number(row);
    if (after < size) return after;
    // Where nothing changed that all share, all other events are where they were.
    const isOwn = event !== undefined && own !== WHOLE && this.#states.at(after, 0) === this.#states.at(state, 0);
    if (isOwn) this.#meet(after, event);
    else for (const one of this.#everyEvent) this.#meet(after, one);
    return after;
  }

  /**
   * In a new state, asks how an event looks, if that is not known; and expects what was asked of events (or, of none, where the
   * reservation) looks so: most of that will be asked too, and is answered meanwhile.
   */
  #meet(state: number, event: number | undefined): void {
    const place = this.#placeIn(state, event);
    if (this.#isMet.at(place) === 1) return;
    if (event !== undefined && this.#part(state, event) === undefined)
      this.#wait(this.#answers.question(place, this.command(commands.look(event))));
    this.#isMet.set(place, 1);
    for (const command of this.#likelyIn(state, event)) this.#answers.expect(this.#answers.question(place, command));
  }

  /** Which pieces differ between two states: bit 0 for the shared memory, bit 1 + N for event N. */
  difference(one: number, other: number): number {
    let bits = 0;
    for (let place = 0; place < this.#states.width; place++)
      if (this.#states.at(one, place) !== this.#states.at(other, place)) bits |= 1 << place;
    return bits;
  }

  #part(state: number, event: number): number | undefined {
    return this.views.event(this.#states.at(state, 0), this.#states.at(state, 1 + event));
  }

  /** What happened in a command. */
  happenings(question: number): readonly Happening[] {
    const list = this.listOf(question);
    return list >= 0 ? this.#outcomes.list(list) : (this.crash(question)?.happenings ?? []);
  }

  /** The number of what happened, if the command was done: of two commands in which the same happened, one. Else it is negative. */
  listOf(question: number): number {
    return this.#outcomes.listOf(question);
  }

  /** What ended the driver in a command. */
  crash(question: number): Extract<End, { readonly kind: 'crash' }> | undefined {
    const end = this.#outcomes.end(question);
    return end?.kind === 'crash' ? end : undefined;
  }

  /** What of a state stands in place of a machine: the number of a part; of `activeEvents` the value itself. */
  seen(state: number, role: ObservedRole, index: number): number {
    const shared = this.#states.at(state, 0);
    if (role !== 'driver') return this.views.shared(shared, role, index);
    return this.#part(state, index)!;
  }

  /** All that can be observed in a state. */
  view(state: number): SubjectView {
    return this.views.all((role, index) => this.seen(state, role, index));
  }

  /**
   * What in the driver's data takes ever new values, in the states that were found so far: for each, a number that is the same
   * in every process of this build, where it is (`n_events`, `object OFFSET` or `allocated OFFSET`, hexadecimal), and how many
   * values it had. What is `known` to grow is told sooner. Throws {@link Undecided} if the process has ended.
   */
  growth(known: Iterable<number>): { readonly number: number; readonly where: string; readonly values: number }[] {
    try {
      this.#answers.settle();
      const [lines = []] = this.#channel.ask([['growth', ...known].join(' ')]);
      return lines.map((line) => {
        const [, number, where, values] = /^\+ (\d+) (.*) (\d+)$/.exec(line)!;
        return { number: Number(number), where: where!, values: Number(values) };
      });
    } catch (error) {
      throw this.#ended(error);
    }
  }

  /** What is thrown on where the process has ended. */
  #ended(error: unknown): unknown {
    if (!(error instanceof ChildGone)) return error;
    this.gone ??= error.message;
    return new Undecided(this.gone, true);
  }

  close(): void {
    this.#channel.close();
  }
}
