import { isUtf8 } from 'node:buffer';
import { closeSync, fsyncSync, ftruncateSync, openSync, readdirSync, readSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Fact } from '../facts/index.ts';
import { makeDirectory } from '../outside/make-directory.ts';
import { decoded, openRegular } from '../outside/read-file.ts';
import { writeAll, writeFileAtomically } from '../outside/write-file.ts';
import { entryOf, isLogName, LONGEST_ENTRY, readEntry, writeEntry } from './entry.ts';
import { checkHeader, type LogHeader } from './header.ts';
import { whileLocked } from './lock.ts';
import { BrokenLog, LogExists, type LogStore, NoSuchLog, VersionConflict } from './log-store.ts';
import type { Origins } from './origin.ts';

const ENDING = '.jsonl';
const NEWLINE = 10;
/** How many facts are written at once: all of a long log are too much for one string. */
const AT_ONCE = 10_000;

/** What of a log is whole: its version, the byte after it, and whether its last line lacks its end. */
interface Measured {
  readonly version: number;
  readonly bytes: number;
  readonly isOpen?: boolean;
}

/** Whole lines, with the byte after them. A line that only lacks its end is whole. */
interface Block extends Omit<Measured, 'version'> {
  readonly lines: string[];
}

/**
 * A directory of JSON Lines files, one a log: the header in the first line, then one fact a line.
 * A last line that is no JSON was torn by a crash before anybody was told that it is there: it is reported and dropped.
 */
export class JsonLinesStore implements LogStore {
  readonly dropped: string[] = [];
  readonly #versions = new Map<string, Measured>();

  /** The directory is made with the first log. */
  constructor(readonly directory: string) {}

  logs(): string[] {
    return readdirSync(this.directory)
      .filter((file) => file.endsWith(ENDING))
      .map((file) => basename(file, ENDING))
      .sort();
  }

  create(name: string, header: LogHeader, facts?: readonly Fact[], origins?: Origins): void {
    const path = this.#path(name);
    makeDirectory(this.directory);
    try {
      writeFileAtomically(path, linesOf(header, facts, origins), { fresh: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw new LogExists(name);
      throw error;
    }
  }

  together(action: () => void): void {
    action();
  }

  /** Whether a log is there, and is what {@link create} would write. */
  holds(name: string, header: LogHeader, facts?: readonly Fact[], origins?: Origins): boolean {
    const file = this.#open(name);
    try {
      let at = 0;
      for (const lines of linesOf(header, facts, origins)) {
        const bytes = Buffer.from(lines);
        const there = Buffer.alloc(bytes.length);
        if (readSync(file, there, 0, bytes.length, at) < bytes.length || !there.equals(bytes)) return false;
        at += bytes.length;
      }
      return readSync(file, Buffer.alloc(1), 0, 1, at) === 0;
    } finally {
      closeSync(file);
    }
  }

  header(name: string): LogHeader {
    const [block] = this.#blocks(name, 0);
    const [first] = block?.lines ?? [];
    if (first === undefined) throw new BrokenLog(`${this.#path(name)}: no header of a log`);
    const where = `${this.#path(name)}: line 1`;
    return checkHeader(readEntry(first, where), where);
  }

  version(name: string): number {
    return this.#measure(name).version;
  }

  append(name: string, expectedVersion: number, facts: readonly Fact[]): number {
    return whileLocked(`${this.#path(name)}.lock`, () => {
      const { version, bytes, isOpen } = this.#measure(name);
      if (version !== expectedVersion) throw new VersionConflict(name, expectedVersion, version);
      const text = Buffer.from((isOpen ? '\n' : '') + facts.map((fact) => `${JSON.stringify(fact)}\n`).join(''));
      const file = openSync(this.#path(name), 'r+');
      try {
        // What a crash has torn goes first.
        ftruncateSync(file, bytes);
        writeAll(file, text, bytes);
        fsyncSync(file);
      } catch (error) {
        // A full disk takes a part: none of it is there.
        ftruncateSync(file, bytes);
        throw new BrokenLog(`${this.#path(name)}: ${(error as Error).message}; its first ${version} facts are safe`);
      } finally {
        closeSync(file);
      }
      const written = { version: version + facts.length, bytes: bytes + text.length };
      this.#versions.set(name, written);
      return written.version;
    });
  }

  *read(name: string, from = 0, origins?: Origins): Iterable<Fact> {
    let position = -1;
    for (const { lines } of this.#blocks(name, 0))
      for (const text of lines) {
        if (position >= from) {
          const where = this.placeOf(name, position);
          const { fact, recorded } = entryOf(readEntry(text, where), where);
          if (recorded !== undefined) origins?.add(position, recorded);
          yield fact;
        }
        position++;
      }
  }

  placeOf(name: string, position: number): string {
    return `${this.#path(name)}: line ${position + 2}`;
  }

  close(): void {}

  #path(name: string): string {
    if (!isLogName(name)) throw new BrokenLog(`${name} cannot be the name of a log`);
    return join(this.directory, `${name}${ENDING}`);
  }

  /** What is whole, reading only what was not measured before. */
  #measure(name: string): Measured {
    let whole: Measured = this.#versions.get(name) ?? { version: -1, bytes: 0 };
    for (const { lines, ...end } of this.#blocks(name, whole.bytes)) {
      whole = { version: whole.version + lines.length, ...end };
    }
    if (whole.version < 0) throw new BrokenLog(`${this.#path(name)}: no header of a log`);
    // Who gives the last line its end comes after this.
    if (!whole.isOpen) this.#versions.set(name, whole);
    return whole;
  }

  /** The whole lines from a byte on, many at once. What comes after the last one is reported. */
  *#blocks(name: string, from: number): Iterable<Block> {
    const path = this.#path(name);
    const file = this.#open(name);
    try {
      const chunk = Buffer.alloc(LONGEST_ENTRY);
      let rest = Buffer.alloc(0);
      let end = from;
      let line = 1;
      for (;;) {
        const length = readSync(file, chunk, 0, chunk.length, end + rest.length);
        if (length === 0) break;
        const read = Buffer.concat([rest, chunk.subarray(0, length)]);
        const whole = read.lastIndexOf(NEWLINE) + 1;
        rest = read.subarray(whole);
        if (rest.length > LONGEST_ENTRY) throw new BrokenLog(`${path}: a line is longer than ${LONGEST_ENTRY} bytes`);
        end += whole;
        if (whole === 0) continue;
        const lines = linesIn(read.subarray(0, whole - 1), path, line);
        line += lines.length;
        yield { lines, bytes: end };
      }
      if (rest.length === 0) return;
      const [last = ''] = linesIn(rest, path, line);
      if (isWhole(last)) yield { lines: [last], bytes: end + rest.length, isOpen: true };
      else this.#drop(`${path}: a torn last line: ${last.slice(0, 80)}`);
    } finally {
      closeSync(file);
    }
  }

  #open(name: string): number {
    const path = this.#path(name);
    try {
      return orBroken(() => openRegular(path));
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') throw new NoSuchLog(name);
      if (code === undefined) throw error;
      throw new BrokenLog(`cannot read ${path}: ${message}`);
    }
  }

  #drop(report: string): void {
    if (!this.dropped.includes(report)) this.dropped.push(report);
  }
}

/** A log as lines. */
function* linesOf(header: LogHeader, facts: readonly Fact[] | undefined, origins?: Origins): Iterable<string> {
  yield `${JSON.stringify(facts === undefined ? header : { ...header, length: facts.length })}\n`;
  for (let at = 0; at < (facts?.length ?? 0); at += AT_ONCE)
    yield facts!
      .slice(at, at + AT_ONCE)
      .map((fact, index) => `${writeEntry(fact, origins?.startingAt(at + index))}\n`)
      .join('');
}

/** The lines in these bytes, of which the first has this number. */
function linesIn(bytes: Buffer, path: string, line: number): string[] {
  try {
    return decoded(bytes, path).split('\n');
  } catch {
    const before = bytes.toString('latin1').split('\n');
    const broken = before.findIndex((text) => !isUtf8(Buffer.from(text, 'latin1')));
    throw new BrokenLog(`${path}: line ${line + broken} is not UTF-8`);
  }
}

/** No part of an object in JSON is JSON. */
function isWhole(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

/** What is no text, or no file of text, is no log. */
function orBroken<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw error instanceof RangeError ? new BrokenLog(error.message) : error;
  }
}
