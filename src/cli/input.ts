import { readText } from '../outside/read-file.ts';
import { UsageError } from './exit.ts';

/** The text of a file that the user names. Throws a UsageError if it cannot be read, or is no text of a size that can be held. */
export function readInput(file: string): string {
  try {
    return readText(file);
  } catch (error) {
    throw new UsageError(`cannot read ${file}: ${(error as Error).message}`);
  }
}
