import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { APART } from './compiler.ts';

/** Making one takes a process of its own, and a search needs two for each of its processes: so many are made at once. */
const AT_ONCE = 16;

/** Descriptors that hold pipes nobody has used. */
const stock: number[] = [];

const { O_RDONLY, O_WRONLY, O_RDWR, O_NONBLOCK } = constants;

/** The two ends of a new pipe, on both of which a caller can wait. They are the caller's to close. */
export function fifo(): { readonly reads: number; readonly writes: number } {
  if (stock.length === 0) makeSome();
  const held = stock.pop()!;
  // The pipe has no name any more: it is opened through the descriptor that holds it.
  const path = `/proc/self/fd/${held}`;
  const ends = { reads: openSync(path, O_RDONLY), writes: openSync(path, O_WRONLY) };
  closeSync(held);
  return ends;
}

function makeSome(): void {
  const directory = mkdtempSync(join(tmpdir(), 'hartproof-'));
  try {
    const paths = Array.from({ length: AT_ONCE }, (_, number) => join(directory, `${number}`));
    execFileSync('mkfifo', ['-m', '600', ...paths], APART);
    for (const path of paths) stock.push(openSync(path, O_RDWR | O_NONBLOCK));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
