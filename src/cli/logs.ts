import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Fact } from '../facts/index.ts';
import { makeDirectory } from '../outside/make-directory.ts';
import { checkWhole, type LogHeader } from '../store/header.ts';
import { BrokenLog, LogExists, type LogStore, NoSuchLog } from '../store/log-store.ts';
import { Origins } from '../store/origin.ts';
import { UsageError } from './exit.ts';
import { say } from './output.ts';
import type { JudgedBy } from './trace-log.ts';

/** Where logs are kept if nobody says otherwise. */
export const LOGS = '.hartproof';

const fileOf = (directory: string): string => join(directory, 'logs.db');

/**
 * The store of a directory: one SQLite file in it. To write, it is made if it is not there; to read, nothing is changed.
 * Throws a UsageError if it cannot be had.
 */
export async function openStore(directory: string, purpose: 'read' | 'write' = 'read'): Promise<LogStore> {
  const { SqliteStore } = await import('../store/sqlite.ts');
  try {
    if (purpose === 'write') makeDirectory(directory);
    return new SqliteStore(fileOf(directory), purpose);
  } catch (error) {
    const what = purpose === 'write' ? 'keep logs in' : 'read the logs that are kept in';
    throw new UsageError(`cannot ${what} ${directory}: ${(error as Error).message}`);
  }
}

/** Whether anything was ever kept in a directory. */
export function hasStore(directory: string): boolean {
  try {
    const there = statSync(fileOf(directory), { throwIfNoEntry: false });
    return there !== undefined && !(there.isFile() && there.size === 0);
  } catch {
    // What it is, whoever opens it says.
    return true;
  }
}

/** A log that was read. */
export interface WholeLog {
  readonly header: LogHeader;
  readonly facts: Fact[];
  /** Where in a kernel's trace they come from, as far as the log says. */
  readonly origins: Origins;
  /** Set when the end of its file was torn off: what came after these facts is not known. */
  readonly isTorn: boolean;
  /** Where the fact at a position (from 0; -1: the header) is, for an error. */
  placeOf(position: number): string;
}

/**
 * All of a log, by its path (a JSON Lines file, or a kernel's trace as a recorder wrote it, which `by` judges) or by its name in a
 * directory's store. Throws a UsageError if it is not there, is no log, or has lost facts.
 */
export async function readLog(log: string, directory: string, by?: JudgedBy): Promise<WholeLog> {
  const { traceAsLog, traceIn } = await import('./trace-log.ts');
  const trace = await traceIn(log);
  if (trace !== undefined) return await traceAsLog(log, trace, by);
  const { store, name } = await findLog(log, directory);
  try {
    const read = readWhole(store, name);
    for (const dropped of store.dropped) say(dropped);
    if (read.facts.length === 0) throw new UsageError(`${log} holds no fact`);
    return read;
  } finally {
    store.close();
  }
}

/** All of a log in a store. Throws a UsageError if it is not there, is no log, or has lost facts. */
export const readWhole = (store: LogStore, name: string): WholeLog =>
  orStoreError(() => {
    const header = store.header(name);
    const origins = new Origins();
    const facts = [...store.read(name, 0, origins)];
    checkWhole(header, facts, store.placeOf(name, facts.length - 1));
    return {
      header,
      facts,
      origins,
      isTorn: store.dropped.length > 0,
      placeOf: (position) => store.placeOf(name, position),
    };
  });

async function findLog(log: string, directory: string): Promise<{ store: LogStore; name: string }> {
  if (log.endsWith('.jsonl')) {
    if (statSync(log, { throwIfNoEntry: false }) === undefined) throw new UsageError(`there is no file ${log}`);
    const { JsonLinesStore } = await import('../store/json-lines.ts');
    return { store: new JsonLinesStore(dirname(log)), name: basename(log, '.jsonl') };
  }
  if (!hasStore(directory))
    throw new UsageError(
      `there is no log ${log}: nothing is kept in ${directory} yet (hartproof audit keeps its counterexamples there)`,
    );
  const { logNamed } = await import('./named-log.ts');
  const store = await openStore(directory);
  const name = logNamed(store, log, directory);
  if (name !== undefined) return { store, name };
  const { didYouMean } = await import('../outside/no-such.ts');
  const { lastReports } = await import('./last-report.ts');
  const { tokenOf } = await import('../findings/token.ts');
  const ids = (lastReports(directory) ?? []).flatMap(({ findings }) =>
    findings.flatMap(({ id, rule }) => [id, rule.id]),
  );
  const like = didYouMean(log, [...ids.map(tokenOf), ...ids, ...store.logs()]);
  store.close();
  throw new UsageError(`there is no log ${log}${like}`);
}

/** Throws a UsageError before a run, and not after it, if the log that an option names cannot be written. */
export function checkIsNew(option: string, log: string): void {
  if (!log.endsWith('.jsonl')) throw new UsageError(`--${option} takes a .jsonl file, not ${log}`);
  if (existsSync(log)) throw new UsageError(`${log} is there already, and stays as it is`);
}

/**
 * Writes a log to a `.jsonl` file that is not there yet: all of it, or nothing. With `orSame` it may be there if it is this log, as
 * one that a run which was ended has left. Throws a UsageError if that cannot be.
 */
export async function writeLog(
  file: string,
  header: LogHeader,
  facts: readonly Fact[],
  origins?: Origins,
  { orSame = false } = {},
): Promise<void> {
  const { JsonLinesStore } = await import('../store/json-lines.ts');
  const store = new JsonLinesStore(dirname(file));
  const name = basename(file, '.jsonl');
  try {
    if (orSame && existsSync(file) && store.holds(name, header, facts, origins)) return;
    orStoreError(() => store.create(name, header, facts, origins));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new UsageError(`cannot write ${file}: ${message}; nothing of the log is kept`);
  }
}

/** Runs `action`; what a store refuses becomes a {@link UsageError}. */
export function orStoreError<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof BrokenLog || error instanceof LogExists || error instanceof NoSuchLog)
      throw new UsageError(error.message);
    throw error;
  }
}
