import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { basename } from 'node:path';
import { DiskError } from './disk-error.ts';

/** A file of a search at whose end something is written, and that can be read anywhere. */
export class DiskFile {
  /** How many bytes it holds. */
  bytes = 0;
  readonly #file: number;

  /** Empty, or as it is. Throws a {@link DiskError} if it is not there, else the error of the system. */
  constructor(
    readonly path: string,
    how: 'empty' | 'as it is' = 'empty',
  ) {
    const { O_RDWR, O_CREAT, O_TRUNC } = constants;
    if (how === 'as it is' && !existsSync(path)) throw new DiskError(`${path} is not there any more`);
    this.#file = openSync(path, how === 'empty' ? O_RDWR | O_CREAT | O_TRUNC : O_RDWR, 0o600);
    if (how === 'as it is') this.bytes = fstatSync(this.#file).size;
  }

  get name(): string {
    return basename(this.path);
  }

  /** Writes all of an array at the end. Throws the error of the system: ENOSPC where the disk is full. */
  append(array: NodeJS.ArrayBufferView): void {
    const { byteLength } = array;
    for (let done = 0; done < byteLength; ) {
      const written = writeSync(this.#file, array, done, byteLength - done, this.bytes + done);
      if (written === 0) throw Object.assign(new Error('nothing more can be written'), { code: 'ENOSPC' });
      done += written;
    }
    this.bytes += byteLength;
  }

  /** Fills an array with the bytes from `at` on. Throws a {@link DiskError} if there are fewer. */
  read(array: NodeJS.ArrayBufferView, at: number): void {
    const { byteLength } = array;
    for (let done = 0; done < byteLength; ) {
      const read = readSync(this.#file, array, done, byteLength - done, at + done);
      if (read === 0) throw new DiskError(`${this.path} is cut off: it ends before byte ${at + byteLength}`);
      done += read;
    }
  }

  /** Cuts off what lies after so many bytes. */
  cut(bytes: number): void {
    this.bytes = bytes;
    // A device is never cut off.
    if (fstatSync(this.#file).isFile()) ftruncateSync(this.#file, bytes);
  }

  close(): void {
    closeSync(this.#file);
  }

  remove(): void {
    this.close();
    rmSync(this.path, { force: true });
  }
}
