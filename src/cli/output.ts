import { writeFile } from 'node:fs/promises';
import { UsageError } from './exit.ts';

/** Writes to a file, or to standard output; returns when it is out. Throws a UsageError if the file cannot be written. */
export async function write(file: string | undefined, text: string): Promise<void> {
  if (file === undefined) {
    await new Promise<void>((resolve) => process.stdout.write(text, () => resolve()));
    return;
  }
  try {
    await writeFile(file, text);
  } catch (error) {
    throw new UsageError(`cannot write ${file}: ${(error as Error).message}`);
  }
}
