import type { Device } from '../../../machines/hardware/index.ts';
import { Answers } from '../answers.ts';
import { Channel, ChildGone } from '../channel.ts';
import { NoSubject } from '../compiler.ts';
import type { GroundBuild } from './build.ts';
import { tableOf } from './device.ts';

/** What happened inside one step: an access to the device, a warning, the end of a call. `at` is an offset in the object. */
export interface Happening {
  readonly at: string;
  readonly type: string;
  readonly [key: string]: unknown;
}

/** One event, as the core and the C have it after a step. */
export interface EventView {
  readonly phase: 'closed' | 'open' | 'active' | 'stopped';
  readonly kind?: number;
  /** The event that leads its group, or -1. */
  readonly leader?: number;
  readonly cpu?: number;
  readonly idx?: number;
  /** `hw.state`. */
  readonly state?: number;
  readonly config?: string;
  /** How many words of the driver's own memory point into the event. */
  readonly refs: number;
  /** Where the device is described: `event->count`, and what it should be, hexadecimal; and whether it was stopped since `add`. */
  readonly count?: string;
  readonly ran?: string;
  readonly paused?: boolean;
  /** Where a user maps it: what its page says. */
  readonly page?: PageView;
  /** Where the device is described: whether its CPU slept while it was active. */
  readonly slept?: boolean;
  /** Where the device is described: whether `perf_event_overflow` ever told its handler to stop it. */
  readonly throttled?: boolean;
}

/** The page through which a user reads a counter, and what comes of it on the event's CPU. */
export interface PageView {
  readonly index: number;
  /** Whether it lets the user read the counter: it says an index and `cap_user_rdpmc`. */
  readonly reads: boolean;
  /** Where it does, and the device is described: the count that the user computes, hexadecimal. */
  readonly says?: string;
  /** There is no such counter, or no such width. */
  readonly nothing?: true;
  /** The CPU does not let users read that counter. */
  readonly denied?: true;
}

/** What can be seen after a step. */
export interface StepView {
  /** The CPUs that are online, as bits. */
  readonly online: number;
  /** The CPUs that sleep and have lost their registers, as bits. */
  readonly asleep: number;
  /** How many locks are held although no call is in flight. */
  readonly locks: number;
  readonly pmu: boolean;
  /** A CPU whose users can read counters (as bits) although nobody maps an event any more. */
  readonly readable?: { readonly cpu: number; readonly counters: number };
  /** The timers that are armed: the number and the CPU of each; left out where there are none. */
  readonly timers?: readonly (readonly [number: number, cpu: number])[];
  /** Whether two calls have run at once. */
  readonly paired?: true;
  /** Where the device is described: how often time has gone by, and the hart, number and selection of each counter that counts. */
  readonly ticks?: number;
  readonly counting?: readonly (readonly [hart: number, counter: number, selects: string])[];
  readonly events: readonly EventView[];
}

/** What a command did. */
export interface Done {
  readonly happenings: readonly Happening[];
  /** The number of the state after it; undefined where the step did not end: it crashed, or met what nobody knows. */
  readonly state: number | undefined;
  readonly view: StepView | undefined;
}

/** An event as a user asks for it. */
export interface Kind {
  /** The type in the attributes; undefined: the type of the PMU itself. */
  readonly type?: number;
  readonly config: bigint;
  readonly config1?: bigint;
  readonly config2?: bigint;
  readonly period?: bigint;
  readonly flags?: readonly Flag[];
  /** On which CPU it is opened; undefined: for a task. */
  readonly cpu: number | undefined;
}

const FLAGS = {
  ...{ exclude_user: 1, exclude_kernel: 2, exclude_hv: 4, exclude_idle: 8, exclude_host: 16, exclude_guest: 32 },
  ...{ precise_ip: 64, freq: 128, branch_stack: 256, pinned: 512, software: 1024 },
} as const;
export type Flag = keyof typeof FLAGS;

const MOST_KINDS = 1024;

/** A driver and its kernel in a process: a state is a number, and what a command does in it is asked once. */
export class GroundMachine {
  /** The state after the driver's initcalls, and what happened in them. */
  readonly boot: Done;
  readonly #channel: Channel;
  readonly #texts: unknown[] = [];
  readonly #answers: Answers;
  /** By question; null where it could not be done. */
  readonly #done: (Done | null)[] = [];
  readonly #kinds = new Map<string, number>();

  /**
   * `device`: the hardware; without it registers are memory that remembers. Throws {@link NoSubject} if the driver's object
   * cannot be loaded, its initcalls end the process, or the device is too large.
   */
  constructor(
    readonly build: GroundBuild,
    readonly device?: Device,
  ) {
    const table = device === undefined ? [] : [tableOf(device.layout)];
    this.#channel = new Channel(build.harness, [build.kernel, build.driver, ...table]);
    this.#answers = new Answers(this.#channel, (lines, questions) => {
      for (const [place, done] of this.#read(lines).entries()) this.#done[questions[place]!] = done;
    });
    try {
      const [done] = this.#read(this.#channel.ask()[0]!);
      this.boot = done!;
    } catch (error) {
      if (error instanceof ChildGone) throw new NoSubject(`the driver does not boot: ${error.message}`);
      throw error;
    }
  }

  /** Makes a kind known to the process, and returns its number. */
  kind({ type = -1, config, config1 = 0n, config2 = 0n, period = 0n, flags = [], cpu = -1 }: Kind): number {
    const bits = flags.reduce((sum, flag) => sum | FLAGS[flag], 0);
    const text = `${type} ${config} ${config1} ${config2} ${period} ${bits} ${cpu}`;
    const known = this.#kinds.get(text);
    if (known !== undefined) return known;
    const number = this.#kinds.size;
    if (number >= MOST_KINDS) throw new RangeError(`more than ${MOST_KINDS} kinds of events`);
    this.#kinds.set(text, number);
    this.#answers.settle();
    this.#channel.ask([`kind ${number} ${text}`]);
    return number;
  }

  /** What a command does in a state; null where it cannot be done there. Throws `ChildGone` if the driver takes the process with it. */
  perform(state: number, command: string): Done | null {
    return this.performAll(state, [command])[0]!;
  }

  /** What each of some commands does in one state. */
  performAll(state: number, commands: readonly string[]): (Done | null)[] {
    const questions = commands.map((command) => this.#question(state, command));
    this.#answers.ask(...questions);
    return questions.map((question) => this.#done[question]!);
  }

  /** Says that a command will be asked in a state: it is answered meanwhile. */
  expect(state: number, command: string): void {
    this.#answers.expect(this.#question(state, command));
  }

  #question(state: number, command: string): number {
    const question = this.#answers.question(state, this.#answers.command(command));
    if (question === this.#done.length) this.#done.push(null);
    return question;
  }

  /** What the kernel knows of the driver in a state: lines of what it registered and shows. */
  describe(state: number): string[] {
    this.#answers.settle();
    return this.#channel.ask([`describe ${state}`])[0]!;
  }

  /** Ends the process. */
  close(): void {
    this.#channel.close();
  }

  #read(lines: readonly string[]): (Done | null)[] {
    const answers: (Done | null)[] = [];
    for (const line of lines) {
      if (line === '-') answers.push(null);
      else if (line[0] === 'f' || line[0] === 'v') {
        const end = line.indexOf(' ', 2);
        this.#texts[Number(line.slice(2, end))] = JSON.parse(line.slice(end + 1));
      } else if (line[0] === '=') {
        const [happened, after] = line.slice(1).split('->');
        const [state, view] = after!.trim().split(' ').map(Number);
        answers.push({
          happenings: happened!
            .trim()
            .split(' ')
            .filter(Boolean)
            .map((number) => this.#texts[Number(number)] as Happening),
          state: state! < 0 ? undefined : state,
          view: view! < 0 ? undefined : (this.#texts[view!] as StepView),
        });
      } else throw new ChildGone(line.replace(/^\? /, ''));
    }
    return answers;
  }
}
