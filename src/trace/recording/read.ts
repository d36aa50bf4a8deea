import { BrokenLine } from '../broken-line.ts';
import { CPUS } from '../line.ts';
import { shown } from '../shown.ts';
import { rowsOf } from '../text-rows.ts';
import { FORMATS, type Format, type FormatName } from './formats.ts';
import type { EventLine, Head } from './heads.ts';
import { plain } from './plain.ts';
import { GROUP, isOfProbe, type Probe, probeNamed } from './probes.ts';
import { Values } from './values.ts';

/** One hit of a probe; task 0 is the idle task of each CPU. */
export interface Hit extends Head {
  /** Where it stands in the file, from 1. */
  readonly line: number;
  readonly probe: Probe;
  readonly values: Values;
}

/** The place and the time of an event, whoever's it is. */
export type Stamp = Pick<Hit, 'line' | 'cpu' | 'time'>;

/** A mark that events were lost before it: on one CPU, or on one that it does not name. */
export interface Loss {
  readonly line: number;
  readonly cpu?: number;
  readonly events?: number;
  /** Nobody knows where: before the mark or after it. */
  readonly anywhere?: true;
}

/** What a tool recorded, in the order of the file. */
export interface Recording {
  readonly format: FormatName;
  readonly hits: readonly Hit[];
  readonly losses: readonly Loss[];
  /** Every event, also those of others. */
  readonly stamps: readonly Stamp[];
  /** Hits of a probe that was defined twice, which are left out. */
  readonly doubled: number;
  /** Whether the recorder had overwritten the beginning. */
  readonly beginningLost: boolean;
  /** Whether the last line was cut off, and left out. */
  readonly torn: boolean;
}

/** A file that is no recording as text: the message says what to do. */
export class NoRecording extends Error {}

/** Throws {@link NoRecording} if a first row is of what a tool keeps for itself. */
function checkIsText(row: string): void {
  if (row.startsWith('\u0017\u0008Dtracing'))
    throw new NoRecording('is what trace-cmd record writes: give the text that `trace-cmd report` makes of it');
  if (row.startsWith('PERFILE2') || row.startsWith('2ELIFREP'))
    throw new NoRecording(
      'is what perf record writes: give the text that `perf script --ns --show-lost-events` makes of it',
    );
}

/**
 * Reads what a tool printed; its format is told from its first lines where it is not given.
 * A last line without its line feed may be cut off in the middle of a number, and is left out.
 * Throws {@link NoRecording} if it is nothing that can be read, {@link BrokenLine} at a line that cannot.
 */
export function readRecording(text: string | Iterable<string>, format?: FormatName): Recording {
  const reader = new Reader(format);
  for (const row of typeof text === 'string' ? rowsOf(text) : text) reader.read(row);
  return reader.recording();
}

const NAMES = Object.keys(FORMATS) as FormatName[];

class Reader {
  readonly #hits: Hit[] = [];
  readonly #losses: Loss[] = [];
  readonly #stamps: Stamp[] = [];
  /** By thread: the last hit, and the number of its probe among those of its name. */
  readonly #last = new Map<string, { hit: Hit; number: number }>();
  #format: FormatName | undefined;
  #line = 0;
  #doubled = 0;
  #marked = 0;
  #console = false;
  #beginningLost = false;
  #torn = false;

  constructor(format: FormatName | undefined) {
    this.#format = format;
  }

  read(row: string): void {
    const line = ++this.#line;
    if (line === 1) checkIsText(row);
    if (row.includes('\0')) throw new NoRecording('is no text');
    if (row.trim() === '') return;
    if (!row.endsWith('\n')) {
      this.#torn = true;
      return;
    }
    const { text, console = false, lost } = plain(row);
    this.#console ||= console;
    if (lost !== undefined) this.#lose({ events: String(lost) });
    if (text.trim() === '') return;
    this.#format ??= NAMES.find((name) => FORMATS[name].header.test(text)) ?? NAMES.find((name) => isEvent(name, text));
    // What was printed before the first line of the recorder says nothing of an event.
    if (this.#format === undefined) return;
    const grammar: Format = FORMATS[this.#format];
    const mark = grammar.lost.exec(text)?.groups;
    const event = mark === undefined ? grammar.event(text) : undefined;
    if (mark !== undefined) this.#lose(mark);
    else if (event === undefined) this.#leaveOut(text, grammar);
    else this.#take(event);
  }

  recording(): Recording {
    if (this.#format === undefined) {
      const tools = NAMES.map((name) => FORMATS[name].tool).join(', ');
      throw new NoRecording(`is nothing that ${tools} print, and no log of callbacks`);
    }
    if (this.#format === 'perf') sumDifferences(this.#stamps);
    return {
      format: this.#format,
      hits: this.#hits,
      losses: this.#losses,
      stamps: this.#stamps,
      doubled: this.#doubled,
      beginningLost: this.#beginningLost,
      torn: this.#torn,
    };
  }

  #take(event: EventLine): void {
    const { task, cpu, time, stamp, group, name, rest } = event;
    const line = this.#line;
    if (cpu >= CPUS)
      throw new BrokenLine(line, `is of CPU ${cpu}, and Linux has at most ${CPUS.toLocaleString('en')} CPUs`);
    const found = group === undefined || group === GROUP ? probeNamed(name) : undefined;
    if (found === undefined) {
      this.#stamps.push({ line, cpu, time });
      return;
    }
    const { probe, number } = found;
    const hit = { line, cpu, time, task, stamp, probe, values: new Values(line, name, rest) };
    const thread = threadOf(hit);
    const last = this.#last.get(thread);
    // A script that ran twice has put a second probe beside each.
    const isAgain = last?.hit.probe === probe && last.number !== number && last.hit.values.text === rest;
    this.#last.set(thread, { hit, number });
    this.#stamps.push(hit);
    if (isAgain) this.#doubled++;
    else this.#hits.push(hit);
  }

  #lose({ cpu, events, dropped, total }: { readonly [name: string]: string | undefined }): void {
    const many = Number(events ?? dropped ?? total);
    // What each mark has said is part of the sum.
    const left = total === undefined ? many : many - this.#marked;
    if (total === undefined) this.#marked += Number.isNaN(many) ? 0 : many;
    else if (left <= 0) return;
    this.#losses.push({
      line: this.#line,
      ...(cpu !== undefined && { cpu: Number(cpu) }),
      ...(!Number.isNaN(left) && { events: left }),
      ...(total !== undefined && { anywhere: true }),
    });
  }

  #leaveOut(text: string, { tool, noise, advice }: Format): void {
    const line = this.#line;
    if (text.startsWith('#')) {
      const kept = /^# entries-in-buffer\/entries-written: (\d+)\/(\d+)|^# latency: .{1,40}, #(\d+)\/(\d+),/.exec(text);
      if (kept !== null && (kept[1] ?? kept[3]) !== (kept[2] ?? kept[4])) this.#beginningLost = true;
      return;
    }
    const mixed = otherThan(this.#format!).find((name) => FORMATS[name].header.test(text) || isEvent(name, text));
    if (mixed !== undefined)
      throw new BrokenLine(line, `is of ${FORMATS[mixed].tool}, and what comes before it of ${tool}`);
    const isOurs = this.#format === 'bpftrace' ? /hartproof: \w+ nsecs=\d/.test(text) : isOfProbe(text);
    if (!isOurs && (this.#console || noise.test(text))) return;
    throw new BrokenLine(line, `is no line of ${tool}: ${shown(text.slice(0, 80))}${isOurs ? `; ${advice}` : ''}`);
  }
}

/** `perf script`, which prints in the order of time, may have printed (`--deltatime`) the time from one event to the next. */
function sumDifferences(stamps: readonly { time: bigint }[]): void {
  const isDifference =
    stamps[0]?.time === 0n && stamps.some(({ time }, index) => time < (stamps[index - 1]?.time ?? 0n));
  if (!isDifference) return;
  let now = 0n;
  for (const stamp of stamps) {
    now += stamp.time;
    stamp.time = now;
  }
}

const isEvent = (name: FormatName, text: string): boolean =>
  FORMATS[name].lost.test(text) || FORMATS[name].event(text) !== undefined;

/** The formats from whose lines one can be told. */
const otherThan = (name: FormatName): FormatName[] =>
  NAMES.filter((other) => other !== name && (FORMATS[other].event !== FORMATS[name].event || other !== 'trace-cmd'));

/** The idle tasks of all CPUs have one number. */
export const threadOf = ({ task, cpu }: Pick<Hit, 'task' | 'cpu'>): string =>
  task === 0 ? `idle ${cpu}` : String(task);
