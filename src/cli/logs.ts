import { existsSync, mkdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { BrokenLog, JsonLinesStore, LogExists, type LogStore, NoSuchLog } from '../store/index.ts';
import { UsageError } from './exit.ts';

/** Where logs are kept if nobody says otherwise. */
export const LOGS = '.hartproof';

/** The store of a directory: one SQLite file in it. It is made if it is not there. */
export async function openStore(directory: string): Promise<LogStore> {
  const { SqliteStore } = await import('../store/sqlite.ts');
  try {
    mkdirSync(directory, { recursive: true });
    return new SqliteStore(join(directory, 'logs.db'));
  } catch (error) {
    throw new UsageError(`cannot keep logs in ${directory}: ${(error as Error).message}`);
  }
}

/** Whether anything was ever kept in a directory. */
export const hasStore = (directory: string): boolean => existsSync(join(directory, 'logs.db'));

/** A log by its path (a JSON Lines file) or by its name in a directory's store. */
export async function findLog(log: string, directory: string): Promise<{ store: LogStore; name: string }> {
  if (log.endsWith('.jsonl')) {
    if (!existsSync(log)) throw new UsageError(`there is no file ${log}`);
    return { store: new JsonLinesStore(dirname(log)), name: basename(log, '.jsonl') };
  }
  if (!hasStore(directory))
    throw new UsageError(
      `there is no log ${log}: nothing is kept in ${directory} yet (hartproof audit keeps its counterexamples there)`,
    );
  return { store: await openStore(directory), name: log };
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
