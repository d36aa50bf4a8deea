import { linkSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { draftFor, isAlive } from '../outside/drafts.ts';
import { BrokenLog } from './log-store.ts';

/** How long to wait for another writer, in milliseconds. */
const PATIENCE = 5000;

/** Runs `action` while this process holds the lock file. A lock whose process is dead is taken over. Throws a {@link BrokenLog} if nobody lets go. */
export function whileLocked<T>(path: string, action: () => T): T {
  const until = Date.now() + PATIENCE;
  while (!tryLock(path)) {
    if (Date.now() > until) throw new BrokenLog(`${path} is held by process ${holder(path)}`);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
  }
  try {
    return action();
  } finally {
    unlinkSync(path);
  }
}

/** The lock comes into being with its holder's number in it: a process can be killed at any moment. */
function tryLock(path: string): boolean {
  const draft = draftFor(path);
  writeFileSync(draft, String(process.pid));
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const pid = holder(path);
    if (pid !== undefined && !isAlive(pid)) bury(path, pid);
    return false;
  } finally {
    unlinkSync(draft);
  }
}

/** The process that holds the lock; undefined when it has just let go. */
function holder(path: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(path, 'utf8'), 10) || undefined;
  } catch {
    return undefined;
  }
}

/** Takes the lock of a dead process away, and puts it back if it turns out to be somebody else's by now. */
function bury(path: string, dead: number): void {
  const grave = draftFor(path);
  try {
    renameSync(path, grave);
    if (holder(grave) !== dead) linkSync(grave, path);
    unlinkSync(grave);
  } catch {
    // Somebody else was quicker.
  }
}
