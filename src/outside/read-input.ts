import { closeSync, constants, openSync, readSync, statSync } from 'node:fs';

/** Milliseconds that a named pipe is waited for, if nobody says otherwise. */
const PATIENCE = 10_000;
/** Milliseconds between two looks at one. */
const PAUSE = 20;

/** A named pipe that nobody has opened to write to: the message says which, and how long it was waited for. */
export class NoWriter extends Error {}

/** A file, a device or a pipe that is read once, from its beginning. */
export interface Input {
  /** Reads at most `most` bytes to a place in a buffer; returns how many, 0 at the end. */
  read(bytes: Uint8Array, at: number, most: number): number;
  close(): void;
}

/**
 * Opens a file to read it once, whatever it is. A named pipe is waited for as long as somebody has it open to write to, and for so
 * many milliseconds until somebody has. Throws the error of the system; reading throws {@link NoWriter}, too.
 */
export function openInput(path: string, patience = PATIENCE): Input {
  // What the shell hands over has its writer already, or had one.
  const isNamed = !/^\/(dev|proc)\//.test(path) && (statSync(path, { throwIfNoEntry: false })?.isFIFO() ?? false);
  const file = openSync(path, isNamed ? constants.O_RDONLY | constants.O_NONBLOCK : constants.O_RDONLY);
  const close = () => closeSync(file);
  const readNow = (bytes: Uint8Array, at: number, most: number) => readSync(file, bytes, at, most, null);
  if (!isNamed) return { read: readNow, close };
  let isOpened = false;
  const until = performance.now() + patience;
  const read = (bytes: Uint8Array, at: number, most: number): number => {
    for (;;) {
      const length = readOrWait(() => readNow(bytes, at, most));
      // Without a writer a pipe is at its end at once.
      if (length === undefined) isOpened = true;
      else if (length > 0 || isOpened) {
        isOpened = true;
        return length;
      } else if (performance.now() > until)
        throw new NoWriter(
          `${path} is a named pipe, and in ${patience / 1000} seconds nothing has opened it to write to it`,
        );
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
    }
  };
  return { read, close };
}

/** How many bytes were read; undefined if there are none yet, and somebody can still write some. */
function readOrWait(read: () => number): number | undefined {
  try {
    return read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    return undefined;
  }
}
