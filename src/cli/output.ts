import { writeFile } from 'node:fs/promises';
import { UsageError } from './exit.ts';

/** Writes to a file, or to standard output; returns when it is out. Throws a UsageError if the file cannot be written. */
export async function write(file: string | undefined, text: string | Iterable<string>): Promise<void> {
  const blocks = typeof text === 'string' ? [text] : inBlocks(text);
  if (file === undefined) {
    for (const block of blocks) await new Promise<void>((resolve) => process.stdout.write(block, () => resolve()));
    return;
  }
  try {
    await writeFile(file, blocks);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    throw new UsageError(`cannot write ${file}: ${(error as Error).message}`);
  }
}

/** The same text in fewer, larger pieces: a system call for each line would take longer than the lines themselves. */
function* inBlocks(lines: Iterable<string>): Generator<string> {
  let block = '';
  for (const line of lines) {
    block += line;
    if (block.length < 1 << 16) continue;
    yield block;
    block = '';
  }
  yield block;
}
