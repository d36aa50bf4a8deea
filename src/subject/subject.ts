import { Undecided } from '../engine/check/index.ts';
import { type Attribute, attributeKind, type Capabilities, type Fact, type Word } from '../facts/index.ts';
import { Answers } from './answers.ts';
import type { Build } from './build.ts';
import { Channel, ChildGone } from './channel.ts';
import { NoSubject } from './compiler.ts';
import { sayUnconfined } from './confinement.ts';
import { Ints } from './ints.ts';
import { narrowed } from './narrowed.ts';
import { type SubjectView, Views } from './views.ts';

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
export type Result =
  | {
      readonly kind: 'done';
      readonly happenings: readonly Happening[];
      readonly state: number;
      readonly view: SubjectView;
    }
  /** It could not be done in this state. */
  | { readonly kind: 'refused' }
  /** The harness has no room for all of it: what it does is not known. */
  | { readonly kind: 'unknown'; readonly why: string }
  /** The driver crashed or hung in it. */
  | {
      readonly kind: 'crash';
      /** What ended it, and where in the object (0: not in it). */
      readonly signal: string;
      readonly at: string;
      /** What it did until then. */
      readonly happenings: readonly Happening[];
    };

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
  /** `counters` are those of the hart, in the order of their index. */
  run: (event: number, callback: RunCallback, hart: number, flags: number, ...counters: readonly Word[]): string =>
    `c${[event, CALLBACK_NUMBERS[callback], hart, flags, ...counters].join(',')}`,
  foreign: (takes: boolean): string => (takes ? 'F+' : 'F-'),
};

/** In place of the number of what happened. */
const [REFUSED, END] = [-1, -2];

/** The real C as a table: a state is a number, and what a command does in it is asked of the harness once. */
export class Subject {
  readonly has: Has;
  readonly registered: Registered;
  /** What it read while it booted, and is not known here. */
  readonly unknownAtBoot: string | undefined;
  /** The state after boot, and how it looks; `seen` is the number of the view. */
  readonly boot: { readonly state: number; readonly view: SubjectView; readonly seen: number };
  /** What can be observed in its states. */
  readonly views: Views;
  readonly #channel: Channel;
  readonly #facts: (Fact | Undefined)[] = [];
  /** By the number that the process gave it: what happened. */
  readonly #lists: (readonly Happening[])[] = [];
  readonly #answers: Answers;
  /** By question: the number of what happened, or that it was refused or came to an end; the state, and the view of it. */
  readonly #happened = new Ints();
  readonly #states = new Ints();
  readonly #views = new Ints();
  /** What did not come to a state, by question. */
  readonly #ends = new Map<number, Extract<Result, { readonly kind: 'unknown' | 'crash' }>>();
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
    this.#answers = new Answers(this.#channel, (lines, questions) => this.#read(lines, questions));
    this.views = new Views(machine.events, machine.harts);
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
      for (const line of narrowed(build, machine.intBits)) this.#channel.ask([line]);
      const lines = this.#channel.ask([`machine ${numbers.join(' ')}`])[0]!;
      if (lines[0]?.startsWith('? ')) throw new NoSubject(lines[0].slice(2));
      const booted = this.#answers.question(0, this.#answers.command(''));
      this.#read(lines, [booted]);
      const result = this.#result(booted);
      if (result.kind !== 'done') throw new NoSubject('the driver does not boot');
      this.boot = { state: result.state, view: result.view, seen: this.viewAfter(booted) };
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
    return this.#result(this.ask(state, this.command(command))) as Known;
  }

  /** The number of a command, by which it is asked sooner. */
  command(text: string): number {
    return this.#answers.command(text);
  }

  /** Asks what a command, by its number, does in a state: the number of the question. Throws what {@link perform} throws. */
  ask(state: number, command: number): number {
    const question = this.#answers.question(state, command);
    if (!this.#answers.isAnswered(question))
      try {
        this.#answers.ask(question);
      } catch (error) {
        throw this.#ended(error);
      }
    const end = this.#happened.at(question) === END ? this.#ends.get(question) : undefined;
    if (end?.kind === 'unknown') throw new Undecided(end.why, false);
    return question;
  }

  /** Says that a command will be asked in a state: it is answered meanwhile. */
  expect(state: number, command: number): void {
    this.#answers.expect(this.#answers.question(state, command));
  }

  /** Whether a command that was asked could not be done. */
  isRefused(question: number): boolean {
    return this.#happened.at(question) === REFUSED;
  }

  /** The state that a command led to, and the number of what is observed there; undefined where the driver crashed in it. */
  stateAfter(question: number): number | undefined {
    return this.#happened.at(question) < 0 ? undefined : this.#states.at(question);
  }

  viewAfter(question: number): number {
    return this.#views.at(question);
  }

  /** What happened in a command: of two commands in which the same happened, one list. */
  happenings(question: number): readonly Happening[] {
    const number = this.#happened.at(question);
    if (number >= 0) return this.#lists[number]!;
    const end = this.#ends.get(question);
    return end?.kind === 'crash' ? end.happenings : [];
  }

  /** What ended the driver in a command: a signal, and where in the object. */
  crash(question: number): { readonly signal: string; readonly at: string } | undefined {
    const end = this.#ends.get(question);
    return end?.kind === 'crash' ? end : undefined;
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

  #result(question: number): Result {
    const number = this.#happened.at(question);
    if (number === END) return this.#ends.get(question)!;
    if (number === REFUSED) return { kind: 'refused' };
    const [state, view] = [this.#states.at(question), this.views.view(this.#views.at(question))];
    return { kind: 'done', happenings: this.#lists[number]!, state, view };
  }

  /** Keeps what questions came to. */
  #read(lines: readonly string[], questions: readonly number[]): void {
    let answered = 0;
    for (const line of lines)
      switch (line[0]) {
        case 'f':
        case 'p': {
          const end = line.indexOf(' ', 2);
          const [number, told] = [Number(line.slice(2, end)), JSON.parse(line.slice(end + 1))];
          if (line[0] === 'p') this.views.tellPart(number, told);
          else this.#facts[number] = told;
          break;
        }
        case 'v':
          this.views.tellView(line.slice(2).split(' ').map(Number));
          break;
        case 'h':
          this.#lists.push(this.#list(line.slice(2)));
          break;
        case '=': {
          // `= HAPPENED STATE VIEW`
          const question = questions[answered++]!;
          const state = line.indexOf(' ', 2);
          const view = line.indexOf(' ', state + 1);
          this.#happened.set(question, Number(line.slice(2, state)));
          this.#states.set(question, Number(line.slice(state + 1, view)));
          this.#views.set(question, this.views.told(Number(line.slice(view + 1))));
          break;
        }
        case '-':
          this.#happened.set(questions[answered++]!, REFUSED);
          break;
        case '~':
        case '!': {
          const question = questions[answered++]!;
          this.#happened.set(question, END);
          this.#ends.set(
            question,
            line[0] === '~' ? { kind: 'unknown', why: line.slice(2) } : this.#crash(line.slice(2)),
          );
          break;
        }
        default:
          throw new Error(`the harness says: ${line}`);
      }
  }

  /** What happened, as `f@at f@at`. */
  #list(text: string): readonly Happening[] {
    return text
      .split(' ')
      .filter(Boolean)
      .map((token) => {
        const [number, at] = token.split('@');
        return { fact: this.#facts[Number(number)]!, at: at! };
      });
  }

  /** `signal at offset = HAPPENED`. */
  #crash(line: string): Extract<Result, { readonly kind: 'crash' }> {
    const [, signal, at, happened] = /^(.*) at (\w+) = (\d+)$/.exec(line)!;
    return { kind: 'crash', signal: signal!, at: at!, happenings: this.#lists[Number(happened)]! };
  }
}
