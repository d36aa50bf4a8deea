import {
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  realpathSync,
  renameSync,
  type Stats,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { draftFor } from './drafts.ts';

/** What a file is to hold: all of it, or piece by piece. */
export type Content = string | Uint8Array | Iterable<string>;

/**
 * Writes a file in whole or not at all, whatever happens to the process: a draft beside it takes its place once it is on disk.
 * A link is followed; a pipe or a device is written to as it is. With `fresh` the file must not be there yet.
 * Throws the error of the system (ENOSPC, EACCES, and EEXIST with `fresh`); the file is as before then.
 */
export function writeFileAtomically(path: string, content: Content, { fresh = false } = {}): void {
  const there = fresh ? undefined : statSync(path, { throwIfNoEntry: false });
  // What is called /dev/stdout may be a file, but one that is open already.
  const isWhole = !/^\/(dev|proc)\//.test(path) && (there === undefined || there.isFile());
  if (isWhole) writeWhole(path, content, there, fresh);
  else writeThrough(path, content);
}

function writeWhole(path: string, content: Content, there: Stats | undefined, fresh: boolean): void {
  const target = there === undefined ? path : realpathSync(path);
  const directory = dirname(target);
  const draft = draftFor(target);
  try {
    writeDraft(draft, content, there);
    if (fresh) linkSync(draft, target);
    else renameSync(draft, target);
  } catch (error) {
    remove(draft);
    throw error;
  }
  if (fresh) remove(draft);
  settle(directory);
}

/** Writes all bytes at a position (default: where the file is): a system may write fewer than it is given, as on a full disk. */
export function writeAll(file: number, text: string | Uint8Array, position?: number): void {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  for (let done = 0; done < bytes.length; ) {
    const written = writeSync(file, bytes, done, bytes.length - done, position === undefined ? null : position + done);
    if (written === 0) throw Object.assign(new Error('nothing more can be written'), { code: 'ENOSPC' });
    done += written;
  }
}

function writeDraft(draft: string, content: Content, there: Stats | undefined): void {
  const file = openSync(draft, 'wx', there === undefined ? 0o666 : there.mode & 0o777);
  try {
    for (const piece of inPieces(content)) writeAll(file, piece);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function writeThrough(path: string, content: Content): void {
  const file = openSync(path, 'w');
  try {
    for (const piece of inPieces(content)) writeAll(file, piece);
  } finally {
    closeSync(file);
  }
}

const inPieces = (content: Content): Iterable<string | Uint8Array> =>
  typeof content === 'string' || content instanceof Uint8Array ? [content] : content;

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It was never there.
  }
}

/** Puts the entries of a directory on disk, where the system can. */
function settle(directory: string): void {
  try {
    const file = openSync(directory, 'r');
    try {
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  } catch {
    // Not every file system can.
  }
}
