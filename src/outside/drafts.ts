import { lstatSync, readdirSync, unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A draft of ours, with the number of the process that writes it. */
const DRAFT = /^\.hartproof-(\d{1,10})-[0-9a-f]{8}\.draft(?:-journal|-wal|-shm)?$/;

const tidied = new Set<string>();

/** Where the draft of a file is written: beside it. What killed processes of ours have left there is taken away first. */
export function draftFor(path: string): string {
  const directory = dirname(path);
  if (!tidied.has(directory)) tidy(directory);
  tidied.add(directory);
  // The global one is loaded when it is asked; `node:crypto` would be for help, too.
  const random = Buffer.from(crypto.getRandomValues(new Uint8Array(4))).toString('hex');
  return join(directory, `.hartproof-${process.pid}-${random}.draft`);
}

/** Whether a process is there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Removes the drafts of this user whose processes are dead. What cannot be looked at, or removed, stays. */
export function tidy(directory: string): void {
  try {
    for (const name of readdirSync(directory)) {
      const pid = DRAFT.exec(name)?.[1];
      if (pid === undefined || isAlive(Number(pid))) continue;
      const path = join(directory, name);
      const there = lstatSync(path);
      if (there.isFile() && there.uid === process.getuid?.()) unlinkSync(path);
    }
  } catch {
    // Somebody else was quicker, or has the directory.
  }
}
