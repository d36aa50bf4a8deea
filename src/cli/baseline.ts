import { readFile } from 'node:fs/promises';
import type { Audited } from '../audit/audited.ts';
import type { Baseline } from '../audit/baseline.ts';
import { UsageError } from './exit.ts';

/**
 * The baseline in a file, ready to hold an audit of a driver against it.
 * Throws a UsageError, before anything is searched, if the file cannot be read or is no baseline of that driver.
 */
export async function readBaseline(file: string, driver: string): Promise<(audited: Audited) => Audited> {
  const { compare, parseBaseline } = await import('../audit/baseline.ts');
  const baseline = ((): Promise<Baseline> => readFile(file, 'utf8').then(parseBaseline))();
  const read = await baseline.catch((error: Error) => {
    throw new UsageError(`--baseline: ${file}: ${error.message}`);
  });
  if (read.driver !== driver)
    throw new UsageError(`--baseline: ${file} is of the driver ${read.driver}, and this is ${driver}`);
  return (audited) => ({ ...audited, compared: compare(audited, read) });
}
