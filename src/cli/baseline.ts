import type { AuditResult } from '../audit/audit-result.ts';
import type { Baseline } from '../audit/baseline.ts';
import { UsageError } from './exit.ts';
import { readInput } from './input.ts';

/**
 * The baseline in a file, ready to hold an audit of a driver against it.
 * Throws a UsageError, before anything is searched, if the file cannot be read or is no baseline of that driver.
 */
export async function readBaseline(file: string, driver: string): Promise<(result: AuditResult) => AuditResult> {
  const { compare } = await import('../audit/baseline.ts');
  const baseline = await baselineIn(file, driver);
  return (result) => ({ ...result, compared: compare(result, baseline) });
}

/** The baseline of a driver in a file. Throws a UsageError if the file cannot be read or has none. */
export async function baselineIn(file: string, driver: string): Promise<Baseline> {
  const { parseBaselines } = await import('../audit/baseline.ts');
  let baselines: Baseline[];
  try {
    baselines = parseBaselines(readInput(file));
  } catch (error) {
    throw new UsageError(`--baseline: ${file}: ${(error as Error).message}`);
  }
  const baseline = baselines.find((one) => one.driver === driver);
  if (baseline === undefined) {
    const drivers = baselines.map((one) => one.driver).join(', ');
    throw new UsageError(`--baseline: ${file} is of the driver ${drivers}, and this is ${driver}`);
  }
  return baseline;
}
