import type { Fact } from '../facts/index.ts';
import { Ints } from './ints.ts';
import type { Happening, Undefined } from './subject.ts';
import type { Views } from './views.ts';

/** How a command ended that came to no state. */
export type End =
  | { readonly kind: 'unknown'; readonly why: string }
  /** `signal` ended it, `at` an offset in the object (0: not in it). */
  | { readonly kind: 'crash'; readonly signal: string; readonly at: string; readonly happenings: readonly Happening[] };

/** Of a question: it was refused; it came to an end; it is one about all of a state; or else, from {@link LISTS} on, which list happened. */
const [REFUSED, END, BEYOND, LISTS] = [1, 2, 3, 4] as const;

/** What questions to the process of the C came to, each by its number. */
export class Outcomes {
  readonly #facts: (Fact | Undefined)[] = [];
  readonly #lists: (readonly Happening[])[] = [];
  readonly #happened = new Ints();
  /** By question: where the pieces that it led to begin. The first is of the shared memory, then those that the command could touch. */
  readonly #after = new Ints();
  readonly #pieces = new Ints();
  readonly #ends = new Map<number, End>();

  /**
   * `views` is told what can be observed of pieces that are new. Where the code of an event was made to go on unasked, `next` is the
   * number of that question, by the pieces of the memory there and the question before.
   */
  constructor(
    readonly views: Views,
    readonly next: (shared: number, own: number, question: number) => number,
  ) {}

  /** Whether a command could not be done. */
  isRefused(question: number): boolean {
    return this.#happened.at(question) === REFUSED;
  }

  /** Whether it touched an event of which nothing was said: it is to be asked of the whole state. */
  isBeyond(question: number): boolean {
    return this.#happened.at(question) === BEYOND;
  }

  end(question: number): End | undefined {
    return this.#happened.at(question) === END ? this.#ends.get(question) : undefined;
  }

  /** The number of what happened in a command that was done: of two in which the same happened, one; negative if it was not done. */
  listOf(question: number): number {
    return this.#happened.at(question) - LISTS;
  }

  list(number: number): readonly Happening[] {
    return this.#lists[number]!;
  }

  /** A piece that a command led to, in its order: see `#after`. */
  piece(question: number, place: number): number {
    return this.#pieces.at(this.#after.at(question) + place);
  }

  /** Keeps what questions came to, in their order, and what is told with it. */
  read(lines: readonly string[], questions: readonly number[]): void {
    let at = -1;
    let question: number | undefined;
    let last = -1;
    for (const line of lines) {
      if (line[0] === '>') {
        const [shared, own] = numbersIn(line.slice(2));
        question = this.next(shared!, own!, last);
        continue;
      }
      question ??= questions[++at]!;
      if (!this.#readLine(line, question)) continue;
      last = question;
      question = undefined;
    }
  }

  /** Whether it answers the question. */
  #readLine(line: string, question: number): boolean {
    const told = line.slice(2);
    switch (line[0]) {
      case 'f':
      case 'p': {
        const end = told.indexOf(' ');
        const [number, text] = [Number(told.slice(0, end)), JSON.parse(told.slice(end + 1))];
        if (line[0] === 'p') this.views.tellPart(number, text);
        else this.#facts[number] = text;
        return false;
      }
      case 'g': {
        const [piece, activeEvents, ...parts] = numbersIn(told);
        this.views.tellShared(piece!, activeEvents!, parts);
        return false;
      }
      case 'e': {
        const [piece, part, blocked] = numbersIn(told);
        this.views.tellEvent(piece!, part!, blocked!);
        return false;
      }
      case 'w': {
        const [piece, shared, part] = numbersIn(told);
        this.views.tellWaiting(shared!, piece!, part!);
        return false;
      }
      case 'h':
        this.#lists.push(this.#list(told));
        return false;
      case '=': {
        const [list, ...pieces] = numbersIn(told);
        this.#happened.set(question, list! + LISTS);
        this.#after.set(question, this.#pieces.length);
        for (const piece of pieces) this.#pieces.push(piece);
        return true;
      }
      case '-':
        this.#happened.set(question, REFUSED);
        return true;
      case '*':
        this.#happened.set(question, BEYOND);
        return true;
      case '~':
      case '!':
        this.#happened.set(question, END);
        this.#ends.set(question, line[0] === '~' ? { kind: 'unknown', why: told } : this.#crash(told));
        return true;
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
  #crash(line: string): Extract<End, { readonly kind: 'crash' }> {
    const [, signal, at, happened] = /^(.*) at (\w+) = (\d+)$/.exec(line)!;
    return { kind: 'crash', signal: signal!, at: at!, happenings: this.#lists[Number(happened)]! };
  }
}

const numbersIn = (text: string): number[] => text.split(' ').map(Number);
