import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** How large a file from outside may be, in bytes: more could not be held in memory. */
export const LARGEST = 2 ** 29;

/**
 * Opens a file for reading. Throws the error of the system, and a RangeError if it is no regular file (a pipe can wait for ever,
 * a device can have no end) or larger than {@link LARGEST}.
 */
export function openRegular(path: string): number {
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) throw new RangeError(`${path} is no regular file`);
    if (stats.size > LARGEST) throw new RangeError(`${path} is larger than ${LARGEST / 2 ** 20} MiB`);
    return file;
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

/** The text of a file. Throws as {@link openRegular}, and a RangeError if it is not UTF-8. */
export function readText(path: string): string {
  const file = openRegular(path);
  try {
    const bytes = Buffer.alloc(fstatSync(file).size);
    let length = 0;
    for (let read = -1; read !== 0 && length < bytes.length; length += read)
      read = readSync(file, bytes, length, bytes.length - length, length);
    return decoded(bytes.subarray(0, length), path);
  } finally {
    closeSync(file);
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Bytes as text. Throws a RangeError that names the place if they are not UTF-8. */
export function decoded(bytes: Uint8Array, where: string): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    throw new RangeError(`${where} is not UTF-8`);
  }
}
