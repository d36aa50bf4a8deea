import Database from 'libsql';
import type { Fact } from '../facts/index.ts';
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

/** The version of the tables below; a file of another version is refused. */
const SCHEMA = 1;

/** How many facts are read at once. */
const BLOCK = 2000;

const TABLES = `
  CREATE TABLE logs (name TEXT PRIMARY KEY, header TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE facts (
    log TEXT NOT NULL REFERENCES logs (name),
    version INTEGER NOT NULL,
    fact TEXT NOT NULL,
    PRIMARY KEY (log, version)
  ) WITHOUT ROWID;
  CREATE TABLE snapshots (
    log TEXT NOT NULL REFERENCES logs (name),
    version INTEGER NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (log, version)
  ) WITHOUT ROWID;
  PRAGMA user_version = ${SCHEMA};
`;

/** All logs in one SQLite file, written ahead (WAL). Log and version of a fact are unique: so two writers cannot both win. */
export class SqliteStore implements LogStore {
  readonly dropped: readonly string[] = [];
  readonly #database: Database.Database;

  /** Throws {@link BrokenLog} if the file is no database, or one of another version. */
  constructor(readonly path: string) {
    this.#database = new Database(path);
    try {
      // Patience first: even the change to WAL can meet another process.
      this.#database.exec('PRAGMA busy_timeout = 5000');
      this.#database.exec('PRAGMA journal_mode = WAL');
      this.#database.exec('PRAGMA synchronous = FULL');
      this.#database.transaction(() => this.#prepare()).immediate();
    } catch (error) {
      this.#database.close();
      if (error instanceof BrokenLog) throw error;
      throw new BrokenLog(`${path}: ${(error as Error).message}`);
    }
  }

  logs(): string[] {
    return (this.#all('SELECT name FROM logs ORDER BY name') as { name: string }[]).map(({ name }) => name);
  }

  create(name: string, header: LogHeader): void {
    const { changes } = this.#database
      .prepare('INSERT OR IGNORE INTO logs (name, header) VALUES (?, ?)')
      .run(name, JSON.stringify(header));
    if (changes === 0) throw new LogExists(name);
  }

  header(name: string): LogHeader {
    const row = this.#database.prepare('SELECT header FROM logs WHERE name = ?').get(name) as
      | { header: string }
      | undefined;
    if (row === undefined) throw new NoSuchLog(name);
    return checkHeader(JSON.parse(row.header), `${this.path}, log ${name}`);
  }

  version(name: string): number {
    this.header(name);
    const row = this.#database.prepare('SELECT max(version) AS last FROM facts WHERE log = ?').get(name) as {
      last: number | null;
    };
    return row.last ?? 0;
  }

  append(name: string, expectedVersion: number, facts: readonly Fact[]): number {
    const write = this.#database.transaction(() => {
      const actual = this.version(name);
      if (actual !== expectedVersion) throw new VersionConflict(name, expectedVersion, actual);
      const insert = this.#database.prepare('INSERT INTO facts (log, version, fact) VALUES (?, ?, ?)');
      for (const [offset, fact] of facts.entries()) insert.run(name, actual + offset + 1, JSON.stringify(fact));
      return actual + facts.length;
    });
    // From the start as a writer, so that nobody can come between the look and the write.
    return write.immediate();
  }

  *read(name: string, from = 0): Iterable<Fact> {
    this.header(name);
    // Many facts in one row: a row takes longer than a fact. And nothing stays open while the reader does something else.
    const block = this.#database.prepare(`
      SELECT count(*) AS count, '[' || group_concat(fact, ',' ORDER BY version) || ']' AS facts
      FROM (SELECT version, fact FROM facts WHERE log = ? AND version > ? ORDER BY version LIMIT ${BLOCK})`);
    for (let version = from; ; ) {
      const { count, facts } = block.get(name, version) as { count: number; facts: string };
      if (count === 0) return;
      for (const fact of this.#parse(facts, name)) yield fact;
      version += count;
    }
  }

  keepSnapshot(name: string, { version, state }: Snapshot): void {
    this.header(name);
    this.#database
      .prepare('INSERT OR REPLACE INTO snapshots (log, version, state) VALUES (?, ?, ?)')
      .run(name, version, JSON.stringify(state));
  }

  snapshot(name: string, atMost: number): Snapshot | undefined {
    const row = this.#database
      .prepare('SELECT version, state FROM snapshots WHERE log = ? AND version <= ? ORDER BY version DESC LIMIT 1')
      .get(name, atMost) as { version: number; state: string } | undefined;
    return row && { version: row.version, state: JSON.parse(row.state) };
  }

  close(): void {
    this.#database.close();
  }

  #prepare(): void {
    const { user_version: version } = this.#database.prepare('PRAGMA user_version').get() as { user_version: number };
    if (version === SCHEMA) return;
    if (version !== 0) throw new BrokenLog(`${this.path}: schema version ${version}; this version reads ${SCHEMA}`);
    this.#database.exec(TABLES);
  }

  #parse(facts: string, name: string): Fact[] {
    try {
      return JSON.parse(facts) as Fact[];
    } catch {
      throw new BrokenLog(`${this.path}, log ${name}: a fact in it is no JSON`);
    }
  }

  #all(sql: string): unknown[] {
    return this.#database.prepare(sql).all();
  }
}
