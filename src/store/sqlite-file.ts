import { closeSync, existsSync, fstatSync, linkSync, lstatSync, readSync, renameSync, rmSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import Database from 'libsql';
import { draftFor } from '../outside/drafts.ts';
import { decoded, openRegular } from '../outside/read-file.ts';
import { BrokenLog } from './log-store.ts';

/** In the header of the file, at byte 68: it is ours ("Hart"). */
const APPLICATION = 0x48617274;
/** The version of the tables below; a file of another version is refused. */
const SCHEMA = 1;

const TABLES = [
  'CREATE TABLE logs (name TEXT PRIMARY KEY, header TEXT NOT NULL) WITHOUT ROWID',
  `CREATE TABLE facts (
    log TEXT NOT NULL REFERENCES logs (name),
    version INTEGER NOT NULL,
    fact TEXT NOT NULL,
    PRIMARY KEY (log, version)
  ) WITHOUT ROWID`,
  // Nothing is kept in it any more; a file without it would be one of another version.
  `CREATE TABLE snapshots (
    log TEXT NOT NULL REFERENCES logs (name),
    version INTEGER NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (log, version)
  ) WITHOUT ROWID`,
];

/** What SQLite keeps beside a file while it writes, or after it was killed. */
const BESIDE = ['-journal', '-wal', '-shm'] as const;

/** The end of a journal that names another file, which SQLite would delete: ours name none. */
const NAMES_ANOTHER = Buffer.from('d9d505f920a163d7', 'hex');

/**
 * Opens the SQLite file of a store; to write, it is made if it is not there. A file that is not ours stays as it is.
 * Throws {@link BrokenLog} if it is no store of this version, or damaged.
 */
export function openDatabase(path: string, purpose: 'read' | 'write'): Database.Database {
  try {
    if (purpose === 'write' && isNothing(path)) make(path);
    checkFile(path);
    return open(path, purpose);
  } catch (error) {
    throw error instanceof BrokenLog ? error : new BrokenLog(`${path}: ${(error as Error).message}`);
  }
}

/** Whether there is nothing at a path, or nothing in it. */
export function isNothing(path: string): boolean {
  const there = statSync(path, { throwIfNoEntry: false });
  return there === undefined || (there.isFile() && there.size === 0);
}

/** Makes a store in a draft beside, which takes its place in whole: a file that is there is always one of ours. */
function make(path: string): void {
  const draft = draftFor(path);
  const database = new Database(urlOf(draft, 'rwc'));
  try {
    database.exec('PRAGMA synchronous = FULL');
    database.exec(
      `BEGIN; ${TABLES.join(';')}; PRAGMA application_id = ${APPLICATION}; PRAGMA user_version = ${SCHEMA}; COMMIT`,
    );
    database.close();
    if (existsSync(path)) renameSync(draft, path);
    else linkSync(draft, path);
  } catch (error) {
    // Another process was quicker.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Looks at the file before SQLite does: a regular one, of SQLite, of ours, with nothing odd beside it. */
function checkFile(path: string): void {
  const file = openRegular(path);
  const header = Buffer.alloc(100);
  try {
    readSync(file, header, 0, header.length, 0);
  } finally {
    closeSync(file);
  }
  if (header.toString('latin1', 0, 16) !== 'SQLite format 3\0') throw new BrokenLog(`${path} is no SQLite database`);
  const [version, application] = [header.readUInt32BE(60), header.readUInt32BE(68)];
  // Before it had an application of its own, a store was known by its tables.
  if (application !== APPLICATION && !(application === 0 && version === SCHEMA))
    throw new BrokenLog(`${path} is a database of something else, and stays as it is`);
  if (version !== SCHEMA) throw new BrokenLog(`${path}: schema version ${version}; this version reads ${SCHEMA}`);
  for (const ending of BESIDE) checkBeside(path + ending);
  // SQLite takes any log that is there for the file's own, and writes it into the file; a store that was made here has none.
  if (header[18] !== WITH_WAL && existsSync(`${path}-wal`))
    throw new BrokenLog(`${path}-wal is of another database, and ${path} stays as it is`);
}

/** What the header of a file says, at byte 18, that is written through a log beside it. */
const WITH_WAL = 2;

function checkBeside(path: string): void {
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there === undefined) return;
  if (!there.isFile()) throw new BrokenLog(`${path} is no regular file`);
  const file = openRegular(path);
  try {
    const end = Buffer.alloc(8);
    readSync(file, end, 0, 8, Math.max(0, fstatSync(file).size - 8));
    if (end.equals(NAMES_ANOTHER)) throw new BrokenLog(`${path} is no journal of a store`);
  } finally {
    closeSync(file);
  }
}

function open(path: string, purpose: 'read' | 'write'): Database.Database {
  // What a killed writer left undone is undone by whoever opens the file next.
  const isUndone = BESIDE.some((ending) => existsSync(path + ending));
  const database = new Database(urlOf(path, purpose === 'read' && !isUndone ? 'ro' : 'rw'));
  try {
    // Patience first: even a first look can meet another process.
    database.exec('PRAGMA busy_timeout = 5000; PRAGMA trusted_schema = OFF; PRAGMA synchronous = FULL');
    checkTables(database, path);
    if (purpose === 'read') database.exec('PRAGMA query_only = ON');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Only our tables, as they were made: no view, trigger or table of somebody else runs with them. And no page is damaged. */
function checkTables(database: Database.Database, path: string): void {
  const rows = database.prepare('SELECT CAST(sql AS BLOB) AS sql FROM sqlite_schema').all() as { sql: Uint8Array }[];
  const found = rows.map(({ sql }) => (sql === null ? '' : decoded(sql, path)));
  if (found.length !== TABLES.length || !TABLES.every((table) => found.includes(table)))
    throw new BrokenLog(`${path} is a database of something else, and stays as it is`);
  const [damage] = database.prepare('SELECT CAST(quick_check AS BLOB) AS said FROM pragma_quick_check(1)').all() as {
    said: Uint8Array;
  }[];
  const [said] = decoded(damage!.said, path).split('\n');
  if (said !== 'ok') throw new BrokenLog(`${path} is damaged: ${said}`);
}

/** A path as SQLite takes it: `ro` neither writes nor makes it, `rw` does not make it. */
const urlOf = (path: string, mode: 'ro' | 'rw' | 'rwc'): string => `${pathToFileURL(resolve(path)).href}?mode=${mode}`;
