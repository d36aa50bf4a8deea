import type Database from 'libsql';
import type { Fact } from '../facts/index.ts';
import { decoded } from '../outside/read-file.ts';
import { entryOf, isLogName, LONGEST_ENTRY, readEntry, writeEntry } from './entry.ts';
import { checkHeader, type LogHeader } from './header.ts';
import { BrokenLog, LogExists, type LogStore, NoSuchLog, VersionConflict } from './log-store.ts';
import type { Origins } from './origin.ts';
import { openDatabase } from './sqlite-file.ts';

/** How many facts are read at once. */
const BLOCK = 2000;

/** The facts of a block, if they are what they should be: text, of a length that a fact can have, numbered one by one. */
interface BlockRow {
  readonly count: number;
  readonly first: unknown;
  readonly last: unknown;
  readonly good: number;
  readonly facts: Uint8Array;
}

/**
 * All logs in one SQLite file. Log and version of a fact are unique: so two writers cannot both win.
 * Text is read as bytes: the library ends the process at a text that is not UTF-8.
 */
export class SqliteStore implements LogStore {
  readonly dropped: readonly string[] = [];
  readonly #database: Database.Database;

  /** Throws {@link BrokenLog} if the file is no store of ours, or damaged; to read, it must be there. */
  constructor(
    readonly path: string,
    purpose: 'read' | 'write' = 'write',
  ) {
    this.#database = openDatabase(path, purpose);
  }

  logs(): string[] {
    return this.#orBroken(() => {
      const rows = this.#database.prepare('SELECT CAST(name AS BLOB) AS name FROM logs ORDER BY name').all();
      return (rows as { name: Uint8Array }[]).map(({ name }) =>
        checkName(decoded(name, 'the name of a log'), this.path),
      );
    });
  }

  create(name: string, header: LogHeader, facts?: readonly Fact[], origins?: Origins): void {
    checkName(name, this.path);
    const whole = facts === undefined ? header : { ...header, length: facts.length };
    this.#write(() => {
      const { changes } = this.#database
        .prepare('INSERT OR IGNORE INTO logs (name, header) VALUES (?, ?)')
        .run(name, JSON.stringify(whole));
      if (changes === 0) throw new LogExists(name);
      this.#insert(name, 0, facts ?? [], origins);
    });
  }

  together(action: () => void): void {
    this.#write(action);
  }

  header(name: string): LogHeader {
    return this.#orBroken(() => {
      const row = this.#database.prepare(`SELECT ${asBytes('header')} AS header FROM logs WHERE name = ?`).get(name) as
        | { header: Uint8Array | null }
        | undefined;
      if (row === undefined) throw new NoSuchLog(name);
      const where = `${this.path}, log ${name}: the header`;
      return checkHeader(readEntry(this.#text(row.header, where), where), `${this.path}, log ${name}`);
    });
  }

  version(name: string): number {
    this.header(name);
    return this.#orBroken(() => {
      const { count, last } = this.#database
        .prepare('SELECT count(*) AS count, coalesce(max(version), 0) AS last FROM facts WHERE log = ?')
        .get(name) as { count: number; last: unknown };
      if (last !== count) throw new BrokenLog(`${this.path}, log ${name}: some of its facts are missing`);
      return count;
    });
  }

  append(name: string, expectedVersion: number, facts: readonly Fact[]): number {
    return this.#write(() => {
      const actual = this.version(name);
      if (actual !== expectedVersion) throw new VersionConflict(name, expectedVersion, actual);
      this.#insert(name, actual, facts);
      return actual + facts.length;
    });
  }

  *read(name: string, from = 0, origins?: Origins): Iterable<Fact> {
    const end = this.version(name);
    for (let version = from; version < end; ) {
      const facts = this.#block(name, version);
      for (const [index, text] of facts.entries()) {
        const where = this.placeOf(name, version + index);
        const { fact, recorded } = entryOf(readEntry(text, where), where);
        if (recorded !== undefined) origins?.add(version + index, recorded);
        yield fact;
      }
      version += facts.length;
    }
  }

  placeOf(name: string, position: number): string {
    return `${this.path}, log ${name}: ${position < 0 ? 'the header' : `fact ${position + 1}`}`;
  }

  close(): void {
    this.#database.close();
  }

  /** The text of the next facts. Many of them in one row: a row takes longer than a fact. */
  #block(name: string, from: number): string[] {
    return this.#orBroken(() => {
      const { count, first, last, good, facts } = this.#database
        .prepare(`
          SELECT count(*) AS count, min(version) AS first, max(version) AS last,
            sum(typeof(version) = 'integer' AND typeof(fact) = 'text' AND octet_length(fact) <= ${LONGEST_ENTRY}) AS good,
            CAST(group_concat(${asBytes('fact')}, char(10) ORDER BY version) AS BLOB) AS facts
          FROM (SELECT version, fact FROM facts WHERE log = ? AND version > ? ORDER BY version LIMIT ${BLOCK})`)
        .get(name, from) as BlockRow;
      const where = `${this.path}, log ${name}: facts ${from + 1} to ${from + count}`;
      if (good !== count || first !== from + 1 || last !== from + count)
        throw new BrokenLog(`${where}: one is missing, no text, or longer than ${LONGEST_ENTRY} bytes`);
      const texts = this.#text(facts, where).split('\n');
      if (texts.length !== count) throw new BrokenLog(`${where}: one is more than a line`);
      return texts;
    });
  }

  #text(bytes: Uint8Array | null, where: string): string {
    if (bytes === null) throw new BrokenLog(`${where} is no text, or longer than ${LONGEST_ENTRY} bytes`);
    return decoded(bytes, where);
  }

  #insert(name: string, version: number, facts: readonly Fact[], origins?: Origins): void {
    const insert = this.#database.prepare('INSERT INTO facts (log, version, fact) VALUES (?, ?, ?)');
    for (const [offset, fact] of facts.entries())
      insert.run(name, version + offset + 1, writeEntry(fact, origins?.startingAt(offset)));
  }

  /** One transaction, or a part of the one that goes on: a writer from the start, so that nobody can come between a look and a write. */
  #write<T>(action: () => T): T {
    return this.#orBroken(() => {
      if (this.#database.inTransaction) return action();
      this.#database.exec('BEGIN IMMEDIATE');
      try {
        const done = action();
        this.#database.exec('COMMIT');
        return done;
      } catch (error) {
        // Of a full disk SQLite has rolled back itself.
        if (this.#database.inTransaction) this.#database.exec('ROLLBACK');
        throw error;
      }
    });
  }

  /** What SQLite says of a damaged file or a full disk becomes a {@link BrokenLog}. */
  #orBroken<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      if (error instanceof BrokenLog || error instanceof LogExists || error instanceof NoSuchLog) throw error;
      if (error instanceof VersionConflict) throw error;
      throw new BrokenLog(`${this.path}: ${(error as Error).message}`);
    }
  }
}

/** A column as bytes; null if it is no text, or too long. */
const asBytes = (column: string): string =>
  `CASE WHEN typeof(${column}) = 'text' AND octet_length(${column}) <= ${LONGEST_ENTRY} THEN CAST(${column} AS BLOB) END`;

function checkName(name: string, path: string): string {
  if (!isLogName(name)) throw new BrokenLog(`${path}: ${name.slice(0, 200)} cannot be the name of a log`);
  return name;
}
