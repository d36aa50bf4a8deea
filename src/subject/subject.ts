import { Undecided } from '../engine/check/index.ts';
import {
  type Answer,
  type Attribute,
  attributeKind,
  type Capabilities,
  type Fact,
  type PmcOwner,
  type Word,
} from '../facts/index.ts';
import { Answers } from './answers.ts';
import type { Build } from './build.ts';
import { Channel, ChildGone } from './channel.ts';
import { NoSubject } from './compiler.ts';
import { sayUnconfined } from './confinement.ts';
import { narrowed } from './narrowed.ts';

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

/** One event, as the C has it, and the call of it that is on its way. */
export interface EventView {
  readonly hwState: number;
  readonly idx: number;
  readonly config: Word;
  readonly destroySet: boolean;
  readonly prevCount: Word;
  readonly callback: string;
  /** Between two facts, waiting for the mutex, or about to return. */
  readonly at: 'idle' | 'point' | 'blocked' | 'out';
  /** The number of the attribute that it was opened as; -1 outside `event_init`. */
  readonly attribute: number;
  readonly fits: boolean;
  readonly flags: number;
  readonly answer: Answer;
  readonly held: number;
  readonly oldOwner: PmcOwner;
  readonly foreignHeld: boolean;
  readonly displaced: boolean;
}

export interface SlotsView {
  readonly nEvents: number;
  /** -1: what lies there is no event. */
  readonly events: readonly (number | null)[];
}

/** What can be observed of the C in one state. */
export interface SubjectView {
  readonly activeEvents: number;
  readonly reservation: {
    readonly owner: number | null;
    readonly waiters: readonly number[];
    readonly perfIrq: PmcOwner;
    readonly foreignHolds: boolean;
  };
  readonly slots: readonly SlotsView[];
  readonly events: readonly EventView[];
}

/** A view as the process tells it: parts by number. */
interface PartsOfView {
  readonly activeEvents: number;
  readonly reservation: number;
  readonly slots: readonly number[];
  readonly events: readonly number[];
}

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

/** The real C as a table: a state is a number, and what a command does in it is asked of the harness once. */
export class Subject {
  readonly has: Has;
  readonly registered: Registered;
  /** What it read while it booted, and is not known here. */
  readonly unknownAtBoot: string | undefined;
  /** The state after boot, and how it looks. */
  readonly boot: { readonly state: number; readonly view: SubjectView };
  readonly #channel: Channel;
  readonly #texts: unknown[] = [];
  readonly #happened = new Map<string, readonly Happening[]>();
  readonly #answers: Answers<Result>;
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
    this.#answers = new Answers(this.#channel, (lines) => this.#read(lines));
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
      const [result] = this.#read(lines);
      if (result?.kind !== 'done') throw new NoSubject('the driver does not boot');
      this.boot = { state: result.state, view: result.view };
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
    let result: Result;
    try {
      result = this.#answers.ask(state, [command])[0]!;
    } catch (error) {
      throw this.#ended(error);
    }
    if (result.kind === 'unknown') throw new Undecided(result.why, false);
    return result;
  }

  /** Says that a command will be asked in a state: it is answered meanwhile. */
  expect(state: number, command: string): void {
    this.#answers.expect(state, command);
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

  #read(lines: readonly string[]): Result[] {
    const results: Result[] = [];
    for (const line of lines) {
      const rest = line.slice(2);
      switch (line[0]) {
        case 'f':
        case 'p':
        case 'v': {
          const end = rest.indexOf(' ');
          const told = JSON.parse(rest.slice(end + 1));
          this.#texts[Number(rest.slice(0, end))] = line[0] === 'v' ? this.#view(told) : told;
          break;
        }
        case '=':
        case '-': {
          if (line === '-') {
            results.push({ kind: 'refused' });
            break;
          }
          // `= f@at f@at -> state view`
          const end = line.indexOf('->');
          const between = line.indexOf(' ', end + 3);
          results.push({
            kind: 'done',
            happenings: this.#happenings(line.slice(2, end)),
            state: Number(line.slice(end + 3, between)),
            view: this.#texts[Number(line.slice(between + 1))] as SubjectView,
          });
          break;
        }
        case '~':
          results.push({ kind: 'unknown', why: rest });
          break;
        case '!':
          results.push(this.#crash(rest));
          break;
        default:
          throw new Error(`the harness says: ${line}`);
      }
    }
    return results;
  }

  /** A view, of which each part is told by its number: where two views are alike in a part, it is one object. */
  #view({ activeEvents, reservation, slots, events }: PartsOfView): SubjectView {
    const texts = this.#texts;
    return {
      activeEvents,
      reservation: texts[reservation] as SubjectView['reservation'],
      slots: slots.map((part) => texts[part] as SlotsView),
      events: events.map((part) => texts[part] as EventView),
    };
  }

  /** What happened, as `f@at f@at`. Few things happen, and each many times. */
  #happenings(text: string): readonly Happening[] {
    let happenings = this.#happened.get(text);
    if (happenings === undefined) {
      happenings = text
        .split(' ')
        .filter(Boolean)
        .map((token) => {
          const [number, at] = token.split('@');
          return { fact: this.#texts[Number(number)] as Fact | Undefined, at: at! };
        });
      this.#happened.set(text, happenings);
    }
    return happenings;
  }

  /** `signal at offset = f@at f@at`. */
  #crash(line: string): Result {
    const [, signal, at, tokens] = /^(.*) at (\w+) = (.*)$/.exec(line)!;
    return {
      kind: 'crash',
      signal: signal!,
      at: at!,
      happenings: this.#happenings(tokens!),
    };
  }
}
