import { type Channel, ChildGone, MOST } from './channel.ts';

/** Commands in one state of a process. */
interface Ask {
  readonly state: number;
  readonly commands: string[];
}

/** What was sent at once, and how many bytes that was. */
interface Batch {
  readonly asks: readonly Ask[];
  readonly bytes: number;
}

/** Of a command: it will be asked; it was sent, and its answer is not received yet. */
const [EXPECTED, SENT] = [Symbol('expected'), Symbol('sent')];
type Known<R> = R | typeof EXPECTED | typeof SENT | undefined;

/** Bytes that are sent together of what is expected: while one part is answered, the next lies ready. */
const TOGETHER = MOST / 2;
/** States of which so much is expected that a process with nothing to do is given it before anything is asked. */
const MANY = 64;
/** About the bytes of a state's number. */
const NUMBER = 12;

/**
 * What the commands of a process come to: each is asked once in each state. What is expected to be asked next is sent along,
 * and answered while the caller goes on: on two processors both work.
 */
export class Answers<R> {
  readonly #numbers = new Map<string, number>();
  /** By state: the numbers of commands, and in the same order what is known of each. */
  readonly #commands: number[][] = [];
  readonly #known: Known<R>[][] = [];
  /** What is expected and was not sent yet: from `#next` on. */
  #expected: Ask[] = [];
  #next = 0;
  /** What was sent and is not received yet, in the order in which it is answered. */
  readonly #sent: Batch[] = [];
  /** Bytes of that. */
  #onTheWay = 0;

  /** `read`: the results of so many commands, from the lines of one answer. */
  constructor(
    readonly channel: Channel,
    readonly read: (lines: readonly string[]) => R[],
  ) {}

  /** What each command comes to in a state. Throws {@link ChildGone} if the process ends before that is known. */
  ask(state: number, commands: readonly string[]): R[] {
    const answers: R[] = [];
    for (const command of commands) {
      const known = this.#of(state, command);
      if (isAnswer(known)) {
        answers.push(known);
        continue;
      }
      this.#find(state, commands);
      answers.push(this.#of(state, command) as R);
    }
    return answers;
  }

  /** Says that a command will be asked in a state: it is sent with what is asked before, or as soon as there is much. */
  expect(state: number, command: string): void {
    if (this.#of(state, command) !== undefined) return;
    this.#set(state, command, EXPECTED);
    const last = this.#expected.at(-1);
    if (last?.state === state) last.commands.push(command);
    else this.#expected.push({ state, commands: [command] });
    if (this.#sent.length === 0 && this.#expected.length - this.#next >= MANY) this.#sendExpected();
  }

  /** Takes the answers to all that was sent: before anything else is asked of the process. */
  settle(): void {
    while (this.#sent.length > 0) this.#take();
  }

  /** Asks what is not known, and takes answers until all of it is. */
  #find(state: number, commands: readonly string[]): void {
    for (;;) {
      const open = commands.filter((command) => !isAnswer(this.#of(state, command)));
      if (open.length === 0) return;
      const batches = this.#sent.length;
      this.#send([{ state, commands: open }], 0, MOST - this.#onTheWay);
      if (this.#sent.length > batches) continue;
      this.#sendExpected();
      this.#take(() => this.#sendExpected());
    }
  }

  /** Takes the answers to what was sent first. `meanwhile` gives the process more to do before they are read. */
  #take(meanwhile?: () => void): void {
    const { asks, bytes } = this.#sent[0]!;
    const answers = this.channel.receive(asks.length);
    this.#sent.shift();
    this.#onTheWay -= bytes;
    meanwhile?.();
    for (const [number, { state, commands }] of asks.entries())
      for (const [place, result] of this.read(answers[number]!).entries()) this.#set(state, commands[place]!, result);
  }

  /** That the process has ended meanwhile is told to whom it matters: who asks what is not known. */
  #sendExpected(): void {
    try {
      while (this.#next < this.#expected.length && this.#onTheWay + TOGETHER <= MOST)
        this.#next = this.#send(this.#expected, this.#next, TOGETHER);
    } catch (error) {
      if (!(error instanceof ChildGone)) throw error;
    }
    if (this.#next < this.#expected.length) return;
    this.#expected = [];
    this.#next = 0;
  }

  /** Sends what was not sent yet of some questions, as far as there is room. Answers the first that it did not send whole. */
  #send(questions: readonly Ask[], from: number, room: number): number {
    const asks: Ask[] = [];
    let bytes = 0;
    let at = from;
    for (let isFull = false; at < questions.length && !isFull; isFull || at++) {
      const { state, commands } = questions[at]!;
      const unsent: string[] = [];
      for (const command of commands) {
        const known = this.#of(state, command);
        if (known === SENT || isAnswer(known)) continue;
        const more = command.length + 1 + (unsent.length === 0 ? NUMBER : 0);
        isFull = bytes + more > room;
        if (isFull) break;
        bytes += more;
        unsent.push(command);
        this.#set(state, command, SENT);
      }
      if (unsent.length > 0) asks.push({ state, commands: unsent });
    }
    if (asks.length > 0) {
      this.#sent.push({ asks, bytes });
      this.#onTheWay += bytes;
      this.channel.send(asks.map(({ state, commands }) => `${state} ${commands.join(' ')}`));
    }
    return at;
  }

  #of(state: number, command: string): Known<R> {
    const at = this.#commands[state]?.indexOf(this.#number(command)) ?? -1;
    return at < 0 ? undefined : this.#known[state]![at];
  }

  #set(state: number, command: string, known: Known<R>): void {
    const number = this.#number(command);
    let commands = this.#commands[state];
    if (commands === undefined) {
      commands = [];
      this.#commands[state] = commands;
      this.#known[state] = [];
    }
    let at = commands.indexOf(number);
    if (at < 0) at = commands.push(number) - 1;
    this.#known[state]![at] = known;
  }

  #number(command: string): number {
    let number = this.#numbers.get(command);
    if (number === undefined) {
      number = this.#numbers.size;
      this.#numbers.set(command, number);
    }
    return number;
  }
}

const isAnswer = <R>(known: Known<R>): known is R => known !== undefined && known !== EXPECTED && known !== SENT;
