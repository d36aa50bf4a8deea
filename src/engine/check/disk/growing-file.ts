import { createHash, type Hash } from 'node:crypto';
import { DiskError } from './disk-error.ts';
import { DiskFile } from './disk-file.ts';

/** What a file held at some time: so many bytes, with that digest. */
export interface Kept {
  readonly bytes: number;
  readonly digest: string;
}

/** What a {@link GrowingFile} can go back to. */
export interface Mark {
  readonly bytes: number;
  readonly hash: Hash;
}

/** Bytes that are read at once to look at a whole file. */
const PIECE = 1 << 22;

/** A file that a search goes on with, even in another process: it knows the digest of all that it holds. */
export class GrowingFile extends DiskFile {
  #hash = createHash('sha1');

  /**
   * An empty file; or, with `kept`, one that holds that, and whatever was written after it, which is cut off.
   * Throws a {@link DiskError} if what was kept is not there as it was, else the error of the system.
   */
  constructor(path: string, kept?: Kept) {
    super(path, kept === undefined ? 'empty' : 'as it is');
    if (kept !== undefined) this.#verify(kept);
  }

  override append(array: NodeJS.ArrayBufferView): void {
    super.append(array);
    this.#hash.update(array);
  }

  /** What it holds now, to come back to. */
  mark(): Mark {
    return { bytes: this.bytes, hash: this.#hash.copy() };
  }

  /** Cuts off what was written after a mark. */
  rewind({ bytes, hash }: Mark): void {
    this.#hash = hash.copy();
    this.cut(bytes);
  }

  #verify({ bytes, digest }: Kept): void {
    if (this.bytes < bytes)
      throw new DiskError(`${this.path} is cut off: it has ${this.bytes} bytes, and had ${bytes}`);
    const piece = Buffer.allocUnsafe(Math.min(PIECE, bytes));
    for (let at = 0; at < bytes; at += piece.length) {
      const part = piece.subarray(0, bytes - at);
      this.read(part, at);
      this.#hash.update(part);
    }
    this.cut(bytes);
    if (keptOf(this.mark()).digest !== digest)
      throw new DiskError(`${this.path} is damaged: it does not hold what was written to it`);
  }
}

/** What a file held at a mark, as data. */
export const keptOf = ({ bytes, hash }: Mark): Kept => ({ bytes, digest: hash.copy().digest('hex') });
