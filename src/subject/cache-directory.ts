import { accessSync, constants, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

let directory: string | undefined;

/**
 * Where builds are kept if nobody says otherwise: the user's cache, or where that cannot be written (no home, a read-only
 * one) a directory that is gone when the process ends.
 */
export function cacheDirectory(): string {
  directory ??= usersOwn() ?? ofThisProcess();
  return directory;
}

function usersOwn(): string | undefined {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'hartproof');
  try {
    mkdirSync(cache, { recursive: true, mode: 0o700 });
    accessSync(cache, constants.W_OK);
    return cache;
  } catch {
    return undefined;
  }
}

function ofThisProcess(): string {
  const made = mkdtempSync(join(tmpdir(), 'hartproof-builds-'));
  process.on('exit', () => rmSync(made, { recursive: true, force: true }));
  return made;
}
