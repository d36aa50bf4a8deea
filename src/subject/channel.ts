import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, readSync, writeSync } from 'node:fs';
import { fifo } from './fifos.ts';
import { inTime, tookTooLong } from './patience.ts';

/**
 * The child has ended. What the driver does is no reason: its crashes are answers. So the end came from outside (a signal, no
 * memory), or the driver has overwritten the harness.
 */
export class ChildGone extends Error {
  /** `isSaid`: the child itself has said why. */
  constructor(
    message: string,
    readonly isSaid = false,
  ) {
    super(message);
  }
}

const ENDED = 'the process of the C ended without an answer';

/** Seconds for the answers to what was asked at once; each command has a tenth of a second of processor time. */
const PATIENCE = 60;

/** Bytes that fit into every pipe. */
const ROOM = 4096;

/**
 * A child process that is asked in lines and answers in lines up to a `.`, while the caller waits: a search asks in the
 * middle of a step. Two named pipes do what Node's own streams cannot, and end when either side does.
 */
export class Channel {
  readonly #child: ChildProcess;
  readonly #to: number;
  readonly #from: number;
  readonly #buffer = Buffer.alloc(1 << 16);
  /** What has come and was not asked for yet: whole lines, and the beginning of one. */
  #lines: string[] = [];
  #rest = '';
  #open = true;
  /** How many bytes can be sent before any is read. */
  room = ROOM;

  /** `patience`: how many seconds what was asked may take. */
  constructor(
    program: string,
    args: readonly string[],
    readonly patience = PATIENCE,
  ) {
    const [questions, answers] = [fifo(), fifo()];
    this.#to = questions.writes;
    this.#from = answers.reads;
    // In a session of its own: what is typed at the terminal is for the caller to decide.
    this.#child = spawn(program, args, {
      // Its protocol has descriptors of its own: what the driver prints, or reads, is nothing.
      stdio: ['ignore', 'ignore', 'ignore', questions.reads, answers.writes],
      ...{ detached: true, env: {}, cwd: '/' },
    });
    this.#child.on('error', () => {});
    this.#child.unref();
    closeSync(questions.reads);
    closeSync(answers.writes);
  }

  /** Sends lines and waits for the lines of each answer; no question: only listens for one answer. Throws {@link ChildGone}. */
  ask(questions: readonly string[] = []): string[][] {
    if (questions.length > 0) this.send(questions);
    return this.receive(Math.max(1, questions.length));
  }

  /**
   * Sends lines. Together they must fit into a pipe ({@link room}), and all answers before must have been received, so that
   * neither side waits for the other to read.
   */
  send(questions: readonly string[]): void {
    if (!this.#open) throw new ChildGone(ENDED);
    try {
      writeSync(this.#to, `${questions.join('\n')}\n`);
    } catch {
      throw new ChildGone(ENDED);
    }
  }

  /** The lines of so many answers. */
  receive(count: number): string[][] {
    if (!this.#open) throw new ChildGone(ENDED);
    const { pid } = this.#child;
    return pid === undefined ? this.#answers(count) : inTime(pid, this.patience, () => this.#answers(count));
  }

  #answers(count: number): string[][] {
    const answers: string[][] = [];
    let from = 0;
    for (let at = 0; answers.length < count; at++) {
      while (at === this.#lines.length) this.#read(from);
      if (this.#lines[at] !== '.') continue;
      answers.push(this.#lines.slice(from, at));
      from = at + 1;
    }
    this.#lines = this.#lines.slice(from);
    return answers;
  }

  /** Waits for more lines of the answer that begins at one. */
  #read(answer: number): void {
    const bytes = readSync(this.#from, this.#buffer);
    if (bytes === 0) {
      const said = this.#lines.find((line, at) => at >= answer && line.startsWith('? '))?.slice(2);
      throw new ChildGone(said ?? this.#end(), said !== undefined);
    }
    const read = (this.#rest + this.#buffer.toString('latin1', 0, bytes)).split('\n');
    this.#rest = read.pop()!;
    this.#lines.push(...read);
  }

  /** Why there is no answer. */
  #end(): string {
    return tookTooLong(this.#child.pid!) ? `the driver did not answer within ${this.patience} s` : ENDED;
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    closeSync(this.#to);
    closeSync(this.#from);
    this.#child.kill('SIGKILL');
  }
}
