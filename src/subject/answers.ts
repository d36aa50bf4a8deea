import { type Channel, ChildGone } from './channel.ts';
import { Ints } from './ints.ts';

/** What was sent at once: questions by number, those of one line together; and how many bytes that was. */
interface Batch {
  readonly lines: readonly (readonly number[])[];
  readonly bytes: number;
}

/** Of a question: nobody spoke of it; it will be asked; it was sent; it is answered. */
const [UNASKED, EXPECTED, SENT, ANSWERED] = [0, 1, 2, 3] as const;

/** So many questions are expected that a process with nothing to do is given them before anything is asked. */
const MANY = 128;
/** About the bytes of a state's number. */
const NUMBER = 12;

/**
 * The questions to a process: a command in a state, or in part of one, is a question, which has a number and is asked once. What is expected to be
 * asked next is sent along, and answered while the caller goes on: on two processors both work.
 */
export class Answers {
  readonly #numbers = new Map<string, number>();
  readonly #commands: string[] = [];
  /** By question: the state and the command, what is known of it, and the question before it that is about the same state, plus one. */
  readonly #stateOf = new Ints();
  readonly #commandOf = new Ints();
  readonly #known = new Ints();
  readonly #before = new Ints();
  /** By state: the last question about it, plus one. Few are, and their numbers lie near each other. */
  readonly #last = new Ints();
  /** What is expected and was not sent yet: from `#next` on. */
  #expected: number[] = [];
  #next = 0;
  /** What was sent and is not received yet, in the order in which it is answered. */
  readonly #sent: Batch[] = [];
  /** Bytes of that. */
  #onTheWay = 0;

  /** `read`: keeps what each of some questions came to, from the lines of one answer. `nameOf`: how the process knows a state. */
  constructor(
    readonly channel: Channel,
    readonly read: (lines: readonly string[], questions: readonly number[]) => void,
    readonly nameOf: (state: number) => string = String,
  ) {}

  /** The number of a command. */
  command(text: string): number {
    let number = this.#numbers.get(text);
    if (number === undefined) {
      number = this.#commands.push(text) - 1;
      this.#numbers.set(text, number);
    }
    return number;
  }

  /** The number of the question what a command, by its number, comes to in a state. */
  question(state: number, command: number): number {
    const last = this.#last.at(state);
    for (let one = last; one > 0; one = this.#before.at(one - 1))
      if (this.#commandOf.at(one - 1) === command) return one - 1;
    const question = this.#stateOf.push(state);
    this.#commandOf.push(command);
    this.#known.push(UNASKED);
    this.#before.push(last);
    this.#last.set(state, question + 1);
    return question;
  }

  /** Waits until some questions about one state are answered. Throws {@link ChildGone} if the process ends before that. */
  ask(...questions: readonly number[]): void {
    for (;;) {
      const open = questions.filter((question) => this.#known.at(question) !== ANSWERED);
      if (open.length === 0) return;
      const batches = this.#sent.length;
      this.#send(open, 0, this.channel.room - this.#onTheWay);
      if (this.#sent.length > batches) continue;
      this.#sendExpected();
      this.#take(() => this.#sendExpected());
    }
  }

  isAnswered(question: number): boolean {
    return this.#known.at(question) === ANSWERED;
  }

  /** Says that a question was answered unasked. */
  answered(question: number): void {
    this.#known.set(question, ANSWERED);
  }

  stateOf(question: number): number {
    return this.#stateOf.at(question);
  }

  commandOf(question: number): number {
    return this.#commandOf.at(question);
  }

  /** Says that a question will be asked: it is sent with what is asked before, or as soon as there is much. */
  expect(question: number): void {
    if (this.#known.at(question) !== UNASKED) return;
    this.#known.set(question, EXPECTED);
    this.#expected.push(question);
    if (this.#sent.length === 0 && this.#expected.length - this.#next >= MANY) this.#sendExpected();
  }

  /** Takes the answers to all that was sent: before anything else is asked of the process. */
  settle(): void {
    while (this.#sent.length > 0) this.#take();
  }

  /** Takes the answers to what was sent first. `meanwhile` gives the process more to do before they are read. */
  #take(meanwhile?: () => void): void {
    const { lines, bytes } = this.#sent[0]!;
    const answers = this.channel.receive(lines.length);
    this.#sent.shift();
    this.#onTheWay -= bytes;
    meanwhile?.();
    for (const [number, questions] of lines.entries()) {
      this.read(answers[number]!, questions);
      for (const question of questions) this.#known.set(question, ANSWERED);
    }
  }

  /** That the process has ended meanwhile is told to whom it matters: who asks what is not known. */
  #sendExpected(): void {
    const { room } = this.channel;
    // While one part is answered, the next lies ready.
    const together = room / 2;
    try {
      while (this.#next < this.#expected.length && this.#onTheWay + together <= room)
        this.#next = this.#send(this.#expected, this.#next, together);
    } catch (error) {
      if (!(error instanceof ChildGone)) throw error;
    }
    if (this.#next < this.#expected.length) return;
    this.#expected = [];
    this.#next = 0;
  }

  /** Sends what was not sent yet of some questions, as far as there is room. Answers the place of the first that it did not send. */
  #send(questions: readonly number[], from: number, room: number): number {
    const lines: number[][] = [];
    const texts: string[] = [];
    let bytes = 0;
    let state = -1;
    let at = from;
    for (; at < questions.length; at++) {
      const question = questions[at]!;
      if (this.#known.at(question) >= SENT) continue;
      const text = this.#commands[this.#commandOf.at(question)]!;
      const isOfLine = this.#stateOf.at(question) === state;
      const more = text.length + 1 + (isOfLine ? 0 : NUMBER);
      if (bytes + more > room) break;
      bytes += more;
      this.#known.set(question, SENT);
      if (isOfLine) {
        lines.at(-1)!.push(question);
        texts[texts.length - 1] += ` ${text}`;
        continue;
      }
      state = this.#stateOf.at(question);
      lines.push([question]);
      texts.push(`${this.nameOf(state)} ${text}`);
    }
    if (lines.length > 0) {
      this.#sent.push({ lines, bytes });
      this.#onTheWay += bytes;
      this.channel.send(texts);
    }
    return at;
  }
}
