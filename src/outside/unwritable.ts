/** What a system says where nothing more can be written, by its error: that is the fault of the disk, and not of what is written. */
const SAID: Readonly<Record<string, string>> = {
  ENOSPC: 'No space left on device',
  EDQUOT: 'Disk quota exceeded',
  EROFS: 'Read-only file system',
  EIO: 'Input/output error',
};

/** A tool of the system could not write: the message is what it says, `code` the error of the system. */
export class Unwritable extends Error {
  constructor(
    message: string,
    readonly code: string,
  ) {
    super(message);
  }
}

/** Whether an error says that nothing can be written. */
export const isUnwritable = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && ((error as NodeJS.ErrnoException).code ?? '') in SAID;

/** What a compiler, assembler or linker says of the disk in its complaint; undefined if it is of what it was given. */
export function unwritableIn(complaint: string): Unwritable | undefined {
  // What an #error of the C itself says is no word of the system.
  for (const line of complaint.split('\n').filter((one) => !/#error|#warning|#pragma/.test(one)))
    for (const [code, said] of Object.entries(SAID))
      if (new RegExp(`: '?${said}'?$`, 'i').test(line.trimEnd())) return new Unwritable(line.trim(), code);
  return undefined;
}
