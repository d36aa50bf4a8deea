import { BrokenLine } from '../line.ts';
import { FORMATS, type Format, type FormatName } from './formats.ts';
import { GROUP, PROBES, type Probe } from './probes.ts';
import { Values } from './values.ts';

/** One hit of a probe. */
export interface Hit {
  /** Where it stands in the file, from 1. */
  readonly line: number;
  readonly probe: Probe;
  readonly cpu: number;
  /** The thread that ran; 0 is the idle task of each CPU. */
  readonly task: number;
  /** Nanoseconds of the recorder's clock, and the same as it was printed. */
  readonly time: bigint;
  readonly stamp: string;
  readonly values: Values;
}

/** The place and the time of an event, whoever's it is. */
export type Stamp = Pick<Hit, 'line' | 'cpu' | 'time'>;

/** A mark that events were lost before it: on one CPU, or on one that it does not name. */
export interface Loss {
  readonly line: number;
  readonly cpu?: number;
  readonly events?: number;
}

/** What a tool recorded, in the order of the file. */
export interface Recording {
  readonly format: FormatName;
  readonly hits: readonly Hit[];
  readonly losses: readonly Loss[];
  /** Every event, also those of others. */
  readonly stamps: readonly Stamp[];
  /** Whether the recorder had overwritten the beginning. */
  readonly beginningLost: boolean;
  /** Whether the last line was cut off, and left out. */
  readonly torn: boolean;
}

/** A file that is no recording as text: the message says what to do. */
export class NoRecording extends Error {}

/** Throws {@link NoRecording} if a text is what a tool keeps for itself. */
export function checkIsText(text: string): void {
  if (text.startsWith('\u0017\u0008Dtracing'))
    throw new NoRecording('is what trace-cmd record writes: give the text that `trace-cmd report` makes of it');
  if (text.startsWith('PERFILE2') || text.startsWith('2ELIFREP'))
    throw new NoRecording(
      'is what perf record writes: give the text that `perf script --ns --show-lost-events` makes of it',
    );
  if (text.includes('\0')) throw new NoRecording('is no text');
}

/**
 * Reads what a tool printed; its format is told from its first lines where it is not given.
 * A last line without its line feed may be cut off in the middle of a number, and is left out.
 * Throws {@link NoRecording} if it is nothing that can be read, {@link BrokenLine} at a line that cannot.
 */
export function readRecording(text: string, format?: FormatName): Recording {
  checkIsText(text);
  const rows = text.split('\n').map((row) => row.replace(/\r$/, ''));
  const torn = rows.at(-1)!.trim() !== '';
  if (torn) rows.pop();
  const name = format ?? detect(rows);
  const grammar: Format = FORMATS[name];
  const hits: Hit[] = [];
  const losses: Loss[] = [];
  const stamps: Stamp[] = [];
  let beginningLost = false;
  for (const [index, row] of rows.entries()) {
    const line = index + 1;
    if (row.trim() === '') continue;
    const lost = grammar.lost.exec(row)?.groups;
    const event = grammar.event.exec(row)?.groups;
    if (lost !== undefined)
      losses.push({
        line,
        ...(lost.cpu !== undefined && { cpu: Number(lost.cpu) }),
        ...(lost.events !== undefined && { events: Number(lost.events) }),
      });
    else if (event !== undefined) {
      const stamp = { line, cpu: Number(event.cpu), time: nanoseconds(event.time!) };
      stamps.push(stamp);
      const probe = event.group === undefined || event.group === GROUP ? PROBES.get(event.name!) : undefined;
      if (probe === undefined) continue;
      const values = new Values(line, event.name!, event.rest!);
      hits.push({ ...stamp, probe, task: Number(event.task), stamp: event.time!, values });
    } else {
      const mixed = otherThan(name).find((other) => FORMATS[other].event.test(row) || FORMATS[other].header.test(row));
      if (mixed !== undefined)
        throw new BrokenLine(line, `is of ${FORMATS[mixed].tool}, and what comes before it of ${grammar.tool}`);
      if (!grammar.noise.test(row)) throw new BrokenLine(line, `is no line of ${grammar.tool}: ${row.slice(0, 80)}`);
      const kept = /^# entries-in-buffer\/entries-written: (\d+)\/(\d+)/.exec(row);
      if (kept !== null && kept[1] !== kept[2]) beginningLost = true;
    }
  }
  return { format: name, hits, losses, stamps, beginningLost, torn };
}

const NAMES = Object.keys(FORMATS) as FormatName[];

/** The formats from whose lines one can be told. */
const otherThan = (name: FormatName): FormatName[] =>
  NAMES.filter((other) => other !== name && (FORMATS[other].event !== FORMATS[name].event || other !== 'trace-cmd'));

function detect(rows: readonly string[]): FormatName {
  for (const row of rows) {
    const found =
      NAMES.find((name) => FORMATS[name].header.test(row)) ??
      NAMES.find((name) => FORMATS[name].event.test(row) || FORMATS[name].lost.test(row));
    if (found !== undefined) return found;
  }
  const tools = NAMES.map((name) => FORMATS[name].tool).join(', ');
  throw new NoRecording(`is nothing that ${tools} print, and no log of callbacks`);
}

function nanoseconds(time: string): bigint {
  const [whole, fraction] = time.split('.');
  return fraction === undefined
    ? BigInt(whole!)
    : BigInt(whole!) * 1_000_000_000n + BigInt(fraction.padEnd(9, '0').slice(0, 9));
}
