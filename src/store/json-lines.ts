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
    const [block] = this.#blocks(name, 0);
    const [first] = block?.lines ?? [];
    if (first === undefined) throw new BrokenLog(`${this.#path(name)}: no header of a log`);
    return checkHeader(parse(first, this.#path(name), 1), this.#path(name));
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
    const path = this.#path(name);
    let line = 0;
    for (const { lines } of this.#blocks(name, 0))
      for (const text of lines) {
        line++;
        if (line > from + 1) yield parse(text, path, line) as Fact;
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
    let { version, bytes } = this.#versions.get(name) ?? { version: -1, bytes: 0 };
    for (const { lines, end } of this.#blocks(name, bytes)) {
      version += lines.length;
      bytes = end;
    }
    if (version < 0) throw new BrokenLog(`${this.#path(name)}: no header of a log`);
    this.#versions.set(name, { version, bytes });
    return { version, bytes };
  }

  /** The whole lines from a byte on, many at once, with the byte after them. What comes after the last one is reported. */
  *#blocks(name: string, from: number): Iterable<{ lines: string[]; end: number }> {
    let file: number;
    try {
      file = openSync(this.#path(name), 'r');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new NoSuchLog(name);
      throw error;
    }
    try {
      const chunk = Buffer.alloc(1 << 16);
      let rest = Buffer.alloc(0);
      let end = from;
      for (;;) {
        const length = readSync(file, chunk, 0, chunk.length, end + rest.length);
        if (length === 0) break;
        const read = Buffer.concat([rest, chunk.subarray(0, length)]);
        const whole = read.lastIndexOf(NEWLINE) + 1;
        rest = read.subarray(whole);
        end += whole;
        if (whole > 0) yield { lines: read.toString('utf8', 0, whole - 1).split('\n'), end };
      }
      const report = `${this.#path(name)}: a torn last line: ${rest.toString('utf8', 0, 80)}`;
      if (rest.length > 0 && !this.dropped.includes(report)) this.dropped.push(report);
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
