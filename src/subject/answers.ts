import { type Channel, ChildGone, MOST } from './channel.ts';

/** Commands in one state of a process. */
export interface Ask {
  readonly state: number;
  readonly commands: readonly string[];
}

/**
 * What the commands of a process come to: each is asked once in each state. What is likely asked next is sent along, and
 * answered while the caller goes on: on two processors both work.
 */
export class Answers<R> {
  readonly #known: Map<string, R>[] = [];
  /** What was sent and is not received yet. */
  #sent: readonly Ask[] = [];
  /** `read`: the results of so many commands, from the lines of one answer. */
  constructor(
    readonly channel: Channel,
    readonly read: (lines: readonly string[]) => R[],
  ) {}

  /** What each command comes to in a state. Throws {@link ChildGone} if the process ends before that is known. */
  ask(state: number, commands: readonly string[], likely: () => Iterable<Ask> = () => []): R[] {
    if (!this.#knows(state, commands)) {
      this.settle();
      while (!this.#knows(state, commands)) {
        this.#send([{ state, commands }, ...likely()]);
        this.settle();
      }
      this.#sendAhead(likely());
    }
    return commands.map((command) => this.#known[state]!.get(command)!);
  }

  /** That the process has ended meanwhile is told to whom it matters: who asks what is not known. */
  #sendAhead(likely: Iterable<Ask>): void {
    try {
      this.#send(likely);
    } catch (error) {
      if (!(error instanceof ChildGone)) throw error;
    }
  }

  /** Sends what is not known yet, as far as it may be sent at once. */
  #send(asks: Iterable<Ask>): void {
    const batch: Ask[] = [];
    let bytes = 0;
    for (const { state, commands } of asks) {
      const first = batch[0]?.state === state ? batch[0].commands : [];
      bytes += 12;
      const unknown: string[] = [];
      for (const command of commands) {
        if (this.#known[state]?.has(command) === true || first.includes(command)) continue;
        bytes += command.length + 1;
        if (bytes > MOST) break;
        unknown.push(command);
      }
      if (unknown.length > 0) batch.push({ state, commands: unknown });
      if (bytes > MOST) break;
    }
    if (batch.length === 0) return;
    this.channel.send(batch.map(({ state, commands }) => `${state} ${commands.join(' ')}`));
    this.#sent = batch;
  }

  /** Takes the answers to what was sent: before anything else is asked of the process. */
  settle(): void {
    if (this.#sent.length === 0) return;
    const batch = this.#sent;
    this.#sent = [];
    const answers = this.channel.receive(batch.length);
    for (const [number, { state, commands }] of batch.entries()) {
      const known = this.#known[state] ?? new Map<string, R>();
      this.#known[state] = known;
      for (const [place, result] of this.read(answers[number]!).entries()) known.set(commands[place]!, result);
    }
  }

  #knows(state: number, commands: readonly string[]): boolean {
    const known = this.#known[state];
    return commands.every((command) => known?.has(command) === true);
  }
}
