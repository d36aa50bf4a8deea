import { BrokenLine } from '../broken-line.ts';
import { CPUS } from '../line.ts';
import { shown } from '../shown.ts';
import { rowsOf } from '../text-rows.ts';
import { FORMATS, type Format, type FormatName } from './formats.ts';
import type { EventLine } from './heads.ts';
import { type Hit, Hits, type NamedProbe, Stamps } from './hits.ts';
import { plain } from './plain.ts';
import { GROUP, isOfProbe, probeNamed } from './probes.ts';

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
  readonly hits: Hits;
  readonly losses: readonly Loss[];
  /** Every event, also those of others. */
  readonly stamps: Stamps;
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

/** Throws {@link NoRecording} at a text of which no line says which tool printed it; reads no further than such a line. */
export function checkIsRecording(text: string): void {
  const reader = new Reader(undefined);
  for (const row of rowsOf(text)) {
    reader.read(row);
    if (reader.isTold) return;
  }
  reader.recording();
}

/** The last nanosecond that 64 bits hold. */
const LATEST = (1n << 64n) - 1n;

/** So many names of events are remembered: as many as a recorder may name. */
const NAMES_KEPT = 1 << 12;

const NAMES = Object.keys(FORMATS) as FormatName[];

class Reader {
  readonly #losses: Loss[] = [];
  readonly #stamps = new Stamps();
  readonly #hits = new Hits(this.#stamps);
  /** By thread: the last hit, and the text after its name. */
  readonly #last = new Map<string, { readonly named: NamedProbe; readonly rest: string }>();
  /** By the name in a line: the probe, or that it is none of ours. */
  readonly #probes = new Map<string, NamedProbe | undefined>();
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

  /** Whether a line has said which tool printed them. */
  get isTold(): boolean {
    return this.#format !== undefined;
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
    if (time > LATEST)
      throw new BrokenLine(line, `has the time ${shown(stamp)}, and 64 bits of nanoseconds hold none so late`);
    this.#stamps.push({ line, cpu, time });
    const named = group === undefined || group === GROUP ? this.#named(name) : undefined;
    if (named === undefined) return;
    const thread = threadOf({ task, cpu });
    const last = this.#last.get(thread);
    // A script that ran twice has put a second probe beside each.
    const isAgain = last?.named.probe === named.probe && last.named.number !== named.number && last.rest === rest;
    this.#last.set(thread, { named, rest });
    if (isAgain) this.#doubled++;
    else this.#hits.push(named, { task, stamp, rest });
  }

  #named(name: string): NamedProbe | undefined {
    const known = this.#probes.get(name);
    if (known !== undefined || this.#probes.has(name)) return known;
    const found = probeNamed(name);
    const named = found && { name, ...found };
    if (this.#probes.size < NAMES_KEPT) this.#probes.set(name, named);
    return named;
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
function sumDifferences({ times }: Stamps): void {
  if (times.length === 0 || times.at(0) !== 0n) return;
  let isDifference = false;
  for (let index = 1; index < times.length; index++) isDifference ||= times.at(index) < times.at(index - 1);
  if (!isDifference) return;
  let now = 0n;
  for (let index = 0; index < times.length; index++) {
    now += times.at(index);
    times.set(index, now);
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
