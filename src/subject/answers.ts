import { type Channel, ChildGone, MOST } from './channel.ts';

/** Commands in one state of a process. */
interface Ask {
  readonly state: number;
  readonly commands: string[];
}

/**
 * What the commands of a process come to: each is asked once in each state. What is expected to be asked next is sent along,
 * and answered while the caller goes on: on two processors both work.
 */
export class Answers<R> {
  /** By state and command: the answer, or undefined while it is only expected. */
  readonly #known: Map<string, R | undefined>[] = [];
  /** What is expected and was not sent yet: from `#next` on. */
  #expected: Ask[] = [];
  #next = 0;
  /** Bytes that were expected since something was sent, about. */
  #bytes = 0;
  /** What was sent and is not received yet. */
  #sent: readonly Ask[] = [];

  /** `read`: the results of so many commands, from the lines of one answer. */
  constructor(
    readonly channel: Channel,
    readonly read: (lines: readonly string[]) => R[],
  ) {}

  /** What each command comes to in a state. Throws {@link ChildGone} if the process ends before that is known. */
  ask(state: number, commands: readonly string[]): R[] {
    const unknown = this.#unknown(state, commands);
    if (unknown.length > 0) this.#find(state, unknown);
    const known = this.#known[state];
    return commands.map((command) => known!.get(command)!);
  }

  /** Says that a command will be asked in a state. It is sent with what is asked before, or as soon as there is enough. */
  expect(state: number, command: string): void {
    const known = this.#of(state);
    if (known.has(command)) return;
    known.set(command, undefined);
    const last = this.#expected.at(-1);
    if (last?.state === state) last.commands.push(command);
    else this.#expected.push({ state, commands: [command] });
    this.#bytes += command.length + 1;
    if (this.#bytes > MOST && this.#sent.length === 0) this.#sendExpected();
  }

  /** Takes the answers to what was sent: before anything else is asked of the process. */
  settle(): void {
    if (this.#sent.length === 0) return;
    const batch = this.#sent;
    this.#sent = [];
    const answers = this.channel.receive(batch.length);
    for (const [number, { state, commands }] of batch.entries()) {
      const known = this.#of(state);
      for (const [place, result] of this.read(answers[number]!).entries()) known.set(commands[place]!, result);
    }
  }

  /** Asks what is not known: it may have been sent already. */
  #find(state: number, commands: readonly string[]): void {
    this.settle();
    for (let left = this.#unknown(state, commands); left.length > 0; left = this.#unknown(state, left)) {
      this.#send({ state, commands: left });
      this.settle();
    }
    this.#sendExpected();
  }

  /** That the process has ended meanwhile is told to whom it matters: who asks what is not known. */
  #sendExpected(): void {
    try {
      this.#send();
    } catch (error) {
      if (!(error instanceof ChildGone)) throw error;
    }
  }

  /** Sends what is asked now, and what is expected, as far as it may be sent at once. */
  #send(first?: Ask): void {
    const batch: Ask[] = [];
    let bytes = 0;
    const add = ({ state, commands }: Ask): boolean => {
      const isSent = (command: string): boolean => first?.state === state && first.commands.includes(command);
      const unknown: string[] = [];
      bytes += 12;
      for (const command of this.#unknown(state, commands)) {
        if (batch.length > 0 && isSent(command)) continue;
        bytes += command.length + 1;
        if (bytes > MOST) break;
        unknown.push(command);
      }
      if (unknown.length > 0) batch.push({ state, commands: unknown });
      return bytes <= MOST;
    };
    // What does not fit as a whole is sent again with the next.
    if (first === undefined || add(first))
      while (this.#next < this.#expected.length && add(this.#expected[this.#next]!)) this.#next++;
    if (this.#next === this.#expected.length) {
      this.#expected = [];
      this.#next = 0;
    }
    this.#bytes = 0;
    if (batch.length === 0) return;
    this.channel.send(batch.map(({ state, commands }) => `${state} ${commands.join(' ')}`));
    this.#sent = batch;
  }

  #of(state: number): Map<string, R | undefined> {
    const known = this.#known[state] ?? new Map<string, R | undefined>();
    this.#known[state] = known;
    return known;
  }

  /** Those of some commands in a state that were not answered. */
  #unknown(state: number, commands: readonly string[]): string[] {
    const known = this.#known[state];
    return commands.filter((command) => known?.get(command) === undefined);
  }
}
