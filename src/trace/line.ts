import { parse } from 'lossless-json';
import type { Word } from '../facts/index.ts';
import { BrokenLine } from './broken-line.ts';
import type { Asks } from './kind.ts';
import { shown } from './shown.ts';
import { rowsOf } from './text-rows.ts';

/** The callbacks that a trace shows, by the names of `struct pmu` and of `struct perf_event`. */
export const CALLBACKS = ['event_init', 'add', 'del', 'start', 'stop', 'read', 'event_destroy'] as const;

/** How many CPUs Linux can have (`NR_CPUS`). */
export const CPUS = 8192;

export type CallbackName = (typeof CALLBACKS)[number];

interface OfLine {
  /** Where it stands in the file, from 1. */
  readonly line: number;
  /** The scenario of the program that ran. */
  readonly scn: string;
  readonly cpu: number;
  /** The task that was running on that CPU. */
  readonly pid: number;
}

/** Slots of one CPU that are read: no driver has as many counters. */
export const MOST_SLOTS = 1024;

/** What the recorder saw at the entry or at the exit of a callback. */
export interface Snapshot {
  /** `hw.state`: `PERF_HES_*`. */
  readonly state: number;
  /** `hw.idx`. */
  readonly idx: number;
  /** `hw.prev_count`, 64 bits. */
  readonly prev: Word;
  /** `event->count`, 64 bits. */
  readonly count: Word;
  /** `event->state`: -4 DEAD, -3 EXIT, -1 OFF, 0 INACTIVE, 1 ACTIVE. */
  readonly evstate: number;
  /** `event->oncpu`, -1 for none. */
  readonly oncpu: number;
  /** `n_events` of this CPU. */
  readonly n_events: number;
  /** `events[]` of this CPU: the ids of events, 0 for NULL. */
  readonly slots: readonly number[];
  /** `riscv_active_events`, which another CPU may have changed meanwhile. */
  readonly active: number;
  /** The raw counter of the event's kind on this CPU, 64 bits. */
  readonly csr: Word;
}

/** One callback that the perf core made. */
export interface CallbackLine extends OfLine {
  readonly cb: CallbackName;
  /** The event, unique in a boot. */
  readonly id: number;
  /** The event that leads its group, if that is another one. */
  readonly leader?: number;
  /** The event from which a fork made this one. */
  readonly parent?: number;
  /** `attr.type`. */
  readonly type: number;
  /** `attr.config`, 64 bits. */
  readonly config: Word;
  /** `PERF_EF_*` of `add`, `del`, `start` and `stop`. */
  readonly flags?: number;
  /** What `event_init` and `add` returned. */
  readonly ret?: number;
  /** Why the core called. */
  readonly via: string;
  readonly hardirq: boolean;
  readonly irqoff: boolean;
  /** What was seen of it at the entry and at the exit: all, or as much as the recorder could reach. */
  readonly before: Partial<Snapshot>;
  readonly after: Partial<Snapshot>;
  /** What its open asked for beside `type` and `config`, where the recorder shows it. */
  readonly asks?: Asks;
  /** How many warnings the kernel printed inside it, where the recorder shows them. */
  readonly warned?: number;
  /** The first line that was entered after it had returned, where the recorder shows returns. */
  readonly left?: number;
}

/** A note of the program that ran. */
export interface MarkLine extends OfLine {
  readonly cb: 'mark';
  readonly text: string;
}

export type TraceLine = CallbackLine | MarkLine;

export interface ParsedTrace {
  readonly lines: readonly TraceLine[];
  /** Whether the last line was cut off in the middle, and left out. */
  readonly torn: boolean;
}

/**
 * Reads a trace: one JSON object a line, blank lines left out. 64-bit numbers keep every bit.
 * A last line without its line feed that is no JSON was cut off while it was written, and is left out.
 * Throws {@link BrokenLine} at any other line that cannot be read.
 *
 * @public
 */
export function parseTrace(text: string | Iterable<string>): ParsedTrace {
  const lines: TraceLine[] = [];
  let line = 0;
  for (const row of typeof text === 'string' ? rowsOf(text) : text) {
    line++;
    if (row.trim() === '') continue;
    let value: unknown;
    try {
      value = parse(row, null, number);
    } catch (error) {
      if (!row.endsWith('\n')) return { lines, torn: true };
      throw new BrokenLine(line, `is no JSON (${shown((error as Error).message)})`);
    }
    lines.push(traceLine(new Fields(line, '', value)));
  }
  return { lines, torn: false };
}

/** A number while that is exact, else what `word` makes of a larger one: a decimal string. */
function number(digits: string): number | string {
  const value = Number(digits);
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? BigInt(digits).toString() : value;
}

function traceLine(fields: Fields): TraceLine {
  const common = {
    line: fields.line,
    scn: fields.text('scn'),
    cpu: fields.cpu('cpu'),
    pid: fields.natural('pid'),
  };
  const cb = fields.text('cb');
  if (cb === 'mark') return { ...common, cb, text: fields.text('text') };
  if (!isCallback(cb))
    return fields.fail('cb', `is ${shown(cb.slice(0, 80))}, and not mark or one of ${CALLBACKS.join(', ')}`);
  const flagged = cb === 'add' || cb === 'del' || cb === 'start' || cb === 'stop';
  const answers = cb === 'event_init' || cb === 'add';
  return {
    ...common,
    cb,
    id: fields.natural('id'),
    ...(fields.has('leader') && { leader: fields.natural('leader') }),
    ...(fields.has('parent') && { parent: fields.natural('parent') }),
    type: fields.natural('type'),
    config: fields.word('config'),
    ...(flagged && { flags: fields.natural('flags') }),
    ...(answers && { ret: fields.integer('ret') }),
    via: fields.text('via'),
    hardirq: fields.natural('hardirq') !== 0,
    irqoff: fields.natural('irqoff') !== 0,
    before: seen(fields.inside('before')),
    after: seen(fields.inside('after')),
  };
}

const isCallback = (name: string): name is CallbackName => (CALLBACKS as readonly string[]).includes(name);

const seen = (fields: Fields): Snapshot => ({
  state: fields.natural('state'),
  idx: fields.integer('idx'),
  prev: fields.word('prev'),
  count: fields.word('count'),
  evstate: fields.integer('evstate'),
  oncpu: fields.integer('oncpu'),
  n_events: fields.integer('n_events'),
  slots: fields.naturals('slots', MOST_SLOTS),
  active: fields.integer('active'),
  csr: fields.word('csr'),
});

/** The fields of one object of a line; each is asked for with what it must be. */
class Fields {
  readonly #fields: Readonly<Record<string, unknown>>;

  constructor(
    readonly line: number,
    /** The way to the object in its line: `before.`. */
    readonly path: string,
    value: unknown,
  ) {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new BrokenLine(line, `${path === '' ? 'it' : path.slice(0, -1)} is no JSON object`);
    this.#fields = value as Record<string, unknown>;
  }

  has(name: string): boolean {
    return this.#fields[name] !== undefined;
  }

  inside(name: string): Fields {
    return new Fields(this.line, `${this.path}${name}.`, this.#get(name));
  }

  text(name: string): string {
    const value = this.#get(name);
    return typeof value === 'string' ? value : this.fail(name, 'is no string');
  }

  integer(name: string): number {
    const value = this.#get(name);
    return Number.isSafeInteger(value) ? (value as number) : this.fail(name, 'is no whole number');
  }

  natural(name: string): number {
    const value = this.integer(name);
    return value >= 0 ? value : this.fail(name, 'is negative');
  }

  /** The number of a CPU. */
  cpu(name: string): number {
    const value = this.natural(name);
    return value < CPUS
      ? value
      : this.fail(name, `is ${value}, and Linux has at most ${CPUS.toLocaleString('en')} CPUs`);
  }

  naturals(name: string, most: number): number[] {
    const value = this.#get(name);
    if (!Array.isArray(value) || !value.every((item) => Number.isSafeInteger(item) && item >= 0))
      return this.fail(name, 'is no list of whole numbers');
    if (value.length > most) return this.fail(name, `has more than ${most.toLocaleString('en')} entries`);
    return value as number[];
  }

  /** A number of 64 bits. */
  word(name: string): Word {
    const value = this.#get(name);
    if (typeof value === 'number') return this.natural(name);
    if (typeof value !== 'string' || !/^\d+$/.test(value) || BigInt(value) >= 1n << 64n)
      return this.fail(name, 'is no number of 64 bits');
    return value;
  }

  fail(name: string, reason: string): never {
    throw new BrokenLine(this.line, `${this.path}${name} ${reason}`);
  }

  #get(name: string): unknown {
    return this.#fields[name] ?? this.fail(name, 'is missing');
  }
}
