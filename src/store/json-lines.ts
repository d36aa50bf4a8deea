import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import type { Fact } from '../facts/index.ts';
import { whileLocked } from './lock.ts';
import {
  BrokenLog,
  checkHeader,
  LogExists,
  type LogHeader,
  type LogStore,
  NoSuchLog,
  type Snapshot,
  VersionConflict,
} from './log-store.ts';

const ENDING = '.jsonl';
const NEWLINE = 10;

/**
 * A directory of JSON Lines files, one a log: the header in the first line, then one fact a line.
 * A last line without its end was torn by a crash before anybody was told that it is there: it is reported and dropped.
 */
export class JsonLinesStore implements LogStore {
  readonly dropped: string[] = [];
  readonly #versions = new Map<string, { version: number; bytes: number }>();

  constructor(readonly directory: string) {
    mkdirSync(directory, { recursive: true });
  }

  logs(): string[] {
    return readdirSync(this.directory)
      .filter((file) => file.endsWith(ENDING))
      .map((file) => basename(file, ENDING))
      .sort();
  }

  create(name: string, header: LogHeader): void {
    let file: number;
    try {
      file = openSync(this.#path(name), 'wx');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw new LogExists(name);
      throw error;
    }
    try {
      writeSync(file, `${JSON.stringify(header)}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  }

  header(name: string): LogHeader {
    const [first] = this.#lines(name, 0);
    if (first === undefined) throw new BrokenLog(`${this.#path(name)}: empty`);
    return checkHeader(parse(first.text, this.#path(name), 1), this.#path(name));
  }

  version(name: string): number {
    return this.#measure(name).version;
  }

  append(name: string, expectedVersion: number, facts: readonly Fact[]): number {
    return whileLocked(`${this.#path(name)}.lock`, () => {
      const { version, bytes } = this.#measure(name);
      if (version !== expectedVersion) throw new VersionConflict(name, expectedVersion, version);
      const text = facts.map((fact) => `${JSON.stringify(fact)}\n`).join('');
      const file = openSync(this.#path(name), 'r+');
      try {
        // What a crash has torn goes first.
        ftruncateSync(file, bytes);
        writeSync(file, text, bytes);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      const written = { version: version + facts.length, bytes: bytes + Buffer.byteLength(text) };
      this.#versions.set(name, written);
      return written.version;
    });
  }

  *read(name: string, from = 0): Iterable<Fact> {
    let line = 0;
    for (const { text } of this.#lines(name, 0)) {
      line++;
      if (line > from + 1) yield parse(text, this.#path(name), line) as Fact;
    }
  }

  keepSnapshot(name: string, snapshot: Snapshot): void {
    const path = this.#snapshotPath(name);
    const kept = this.#snapshots(name).filter(({ version }) => version !== snapshot.version);
    const text = JSON.stringify([...kept, snapshot].sort((a, b) => a.version - b.version));
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  }

  snapshot(name: string, atMost: number): Snapshot | undefined {
    return this.#snapshots(name).findLast(({ version }) => version <= atMost);
  }

  close(): void {}

  #snapshots(name: string): Snapshot[] {
    const path = this.#snapshotPath(name);
    return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Snapshot[]) : [];
  }

  #path(name: string): string {
    if (!/^[\w.@+ -]+$/.test(name) || name.startsWith('.')) throw new BrokenLog(`${name} cannot be the name of a log`);
    return join(this.directory, `${name}${ENDING}`);
  }

  #snapshotPath(name: string): string {
    return this.#path(name).replace(/jsonl$/, 'snapshots.json');
  }

  /** The version and the length of what is whole, reading only what was not measured before. */
  #measure(name: string): { version: number; bytes: number } {
    const known = this.#versions.get(name) ?? { version: -1, bytes: 0 };
    let { version, bytes } = known;
    let torn = '';
    for (const { text, end, whole } of this.#lines(name, bytes, true)) {
      if (whole) {
        version++;
        bytes = end;
      } else torn = text;
    }
    const report = `${this.#path(name)}: a torn last line: ${torn.slice(0, 80)}`;
    if (torn !== '' && !this.dropped.includes(report)) this.dropped.push(report);
    if (version < 0) throw new BrokenLog(`${this.#path(name)}: no header of a log`);
    this.#versions.set(name, { version, bytes });
    return { version, bytes };
  }

  /** The lines from a byte on; a last line without its end only if it is asked for. */
  *#lines(name: string, from: number, torn = false): Iterable<{ text: string; end: number; whole: boolean }> {
    const path = this.#path(name);
    let file: number;
    try {
      file = openSync(path, 'r');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new NoSuchLog(name);
      throw error;
    }
    try {
      const chunk = Buffer.alloc(1 << 16);
      let rest = Buffer.alloc(0);
      let at = from;
      for (;;) {
        const length = readSync(file, chunk, 0, chunk.length, at + rest.length);
        if (length === 0) break;
        let buffer = Buffer.concat([rest, chunk.subarray(0, length)]);
        for (let newline = buffer.indexOf(NEWLINE); newline >= 0; newline = buffer.indexOf(NEWLINE)) {
          at += newline + 1;
          yield { text: buffer.toString('utf8', 0, newline), end: at, whole: true };
          buffer = buffer.subarray(newline + 1);
        }
        rest = Buffer.from(buffer);
      }
      if (torn && rest.length > 0) yield { text: rest.toString('utf8'), end: at + rest.length, whole: false };
    } finally {
      closeSync(file);
    }
  }
}

function parse(text: string, path: string, line: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new BrokenLog(`${path}: line ${line} is no JSON: ${text.slice(0, 80)}`);
  }
}
