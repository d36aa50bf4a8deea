import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statfsSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { DiskError } from './disk-error.ts';

/** What is left free of a disk: a fiftieth, or a GiB where that is less. */
const LEFT_FREE = 1 / 50;
const MOST_LEFT_FREE = 2 ** 30;
const LOCK = 'lock';

/** The file that a search begins with that goes on. */
export const CHECKPOINT = 'checkpoint.json';

/** The files of a search. */
const OURS = /^(?:(?:states|goals|open)-\d+|parts|transitions|successors|checkpoint\.json(?:\.draft)?|lock)$/;

/** The directory of one search, which no other process searches in. */
export class Directory {
  /** Makes it where it is not there. Throws a {@link DiskError} that says why it cannot be used. */
  constructor(readonly path: string) {
    try {
      make(path);
      const names = readdirSync(path);
      if (names.length > 0 && !names.includes(CHECKPOINT) && !names.includes(LOCK))
        throw new DiskError(`${path} is not empty, and holds no search that was stopped`);
      this.#lock();
    } catch (error) {
      if (error instanceof DiskError) throw error;
      throw new DiskError(`${path} cannot hold a search: ${(error as Error).message}`);
    }
  }

  file(name: string): string {
    return join(this.path, name);
  }

  /** Says that a disk is nearly full. */
  get shortage(): string | undefined {
    const { bavail, blocks, bsize } = statfsSync(this.path);
    return bavail * bsize < Math.min(blocks * bsize * LEFT_FREE, MOST_LEFT_FREE)
      ? `the disk of ${this.path} is nearly full`
      : undefined;
  }

  /** Leaves it to other processes, with all that is in it. */
  release(): void {
    rmSync(this.file(LOCK), { force: true });
  }

  /** Removes what is ours in it, and the directory if nothing else is there. */
  remove(): void {
    for (const name of readdirSync(this.path)) if (OURS.test(name) && name !== LOCK) rmSync(this.file(name));
    this.release();
    if (readdirSync(this.path).length === 0) rmdirSync(this.path);
  }

  #lock(): void {
    try {
      const file = openSync(this.file(LOCK), 'wx', 0o600);
      writeSync(file, String(process.pid));
      closeSync(file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const pid = Number(readFileSync(this.file(LOCK), 'utf8'));
      if (pid > 0 && pid !== process.pid && isAlive(pid))
        throw new DiskError(`process ${pid} searches in ${this.path} already`);
      // Who was killed could not take its lock away.
      this.release();
      this.#lock();
    }
  }
}

/** Makes a directory, and those above it. Node's `recursive` does not come to an end where the system makes none, as in /proc. */
function make(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  const above = dirname(path);
  if (above !== path) make(above);
  mkdirSync(path, { mode: 0o700 });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
