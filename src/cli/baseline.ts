import type { Audited } from '../audit/audited.ts';
import type { Baseline } from '../audit/baseline.ts';
import { UsageError } from './exit.ts';
import { readInput } from './input.ts';

/**
 * The baseline in a file, ready to hold an audit of a driver against it.
 * Throws a UsageError, before anything is searched, if the file cannot be read or is no baseline of that driver.
 */
export async function readBaseline(file: string, driver: string): Promise<(audited: Audited) => Audited> {
  const { compare, parseBaseline } = await import('../audit/baseline.ts');
  let baseline: Baseline;
  try {
    baseline = parseBaseline(readInput(file));
  } catch (error) {
    throw new UsageError(`--baseline: ${file}: ${(error as Error).message}`);
  }
  if (baseline.driver !== driver)
    throw new UsageError(`--baseline: ${file} is of the driver ${baseline.driver}, and this is ${driver}`);
  return (audited) => ({ ...audited, compared: compare(audited, baseline) });
}
