/** Where in a kernel's trace facts come from: the callback that did them, as the recorder saw it. */
export interface Origin {
  /** The line of its entry in the file, from 1. */
  readonly line: number;
  /** When it was entered, in the recorder's seconds or nanoseconds; absent where it shows no times. */
  readonly time?: string;
  /** When it returned, on the same clock, where that is shown. */
  readonly returned?: string;
  readonly cpu: number;
  readonly task: number;
  /** The event as the kernel knows it: its number, or its address. */
  readonly id: string;
  /** Set where `count-exact` rests on values that no line of the trace shows: what it says of these facts is not decided. */
  readonly inferred?: true;
}

/** The origins of the facts of a log: facts that follow each other are mostly of one callback, and it is kept once for them. */
export class Origins {
  readonly #starts: number[] = [];
  readonly #origins: Origin[] = [];

  /** How many runs of facts there are. */
  get size(): number {
    return this.#starts.length;
  }

  /** From this fact on (0 is the first, and each is behind the one before), facts are of this callback. */
  add(position: number, origin: Origin): void {
    const last = this.#origins.at(-1);
    const isAgain = last !== undefined && last.line === origin.line && last.id === origin.id;
    if (isAgain && last.inferred === origin.inferred) return;
    this.#starts.push(position);
    this.#origins.push(origin);
  }

  /** The origin of the fact at a position (from 0); undefined where none is known. */
  at(position: number): Origin | undefined {
    return this.#origins[this.#runAt(position)];
  }

  /** The origin, where a run of facts begins at a position; else undefined. */
  startingAt(position: number): Origin | undefined {
    const run = this.#runAt(position);
    return this.#starts[run] === position ? this.#origins[run] : undefined;
  }

  /** All runs: the positions (from 0) of the first fact, and behind the last one, where that is known; and the origin. */
  *runs(): Generator<readonly [from: number, origin: Origin, to: number | undefined]> {
    for (const [run, start] of this.#starts.entries()) yield [start, this.#origins[run]!, this.#starts[run + 1]];
  }

  /** The last run that begins at a position or before it; -1 if there is none. */
  #runAt(position: number): number {
    let [low, high] = [0, this.#starts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#starts[middle]! <= position) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

const isNatural = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const matches = (shape: RegExp) => (value: unknown) => typeof value === 'string' && shape.test(value);

const isTime = matches(/^\d{1,20}(?:\.\d{1,9})?$/);

/** What each field of an origin is. */
const FIELDS: { readonly [F in keyof Origin]-?: (value: unknown) => boolean } = {
  line: isNatural,
  time: isTime,
  returned: isTime,
  cpu: isNatural,
  task: isNatural,
  id: matches(/^(?:\d{1,16}|0x[\da-f]{1,16})$/),
  inferred: (value) => value === true,
};

const OPTIONAL: readonly string[] = ['time', 'returned', 'inferred'];

/** Why a value from outside is no origin; undefined if it is one. */
export function faultOfOrigin(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'recorded is no object';
  const fields = value as Readonly<Record<string, unknown>>;
  for (const [field, isGood] of Object.entries(FIELDS)) {
    if (OPTIONAL.includes(field) && fields[field] === undefined) continue;
    if (!Object.hasOwn(fields, field) || !isGood(fields[field])) return `recorded.${field} is none`;
  }
  const unknown = Object.keys(fields).find((field) => !Object.hasOwn(FIELDS, field));
  return unknown === undefined ? undefined : 'recorded has a field that no origin has';
}

/** A moment as the recorder wrote it, with its unit. */
export const timeText = (time: string): string => `${time} ${time.includes('.') ? 's' : 'ns'}`;

/** An origin in short: `line 58, 0.019727 s, cpu 0, task 212, event 3`. */
export const originText = ({ line, time, cpu, task, id }: Origin): string =>
  [`line ${line}`, ...(time === undefined ? [] : [timeText(time)]), `cpu ${cpu}`, `task ${task}`, `event ${id}`].join(
    ', ',
  );
