import { pathToFileURL } from 'node:url';
import { DRIVERS, type DriverName } from '../../machines/drivers.ts';
import type { Pmu } from '../facts/index.ts';
import { SimulatedDriver } from './simulated.ts';
import type { Subject } from './subject.ts';

/**
 * The subject of that name: a modelled driver (`as-posted`, `repaired`), or a module whose default export is a {@link Subject}.
 * Throws a RangeError if it is neither.
 */
export async function subjectOf(name: string, pmu: Partial<Pmu> = {}): Promise<Subject> {
  if (Object.hasOwn(DRIVERS, name)) return new SimulatedDriver(DRIVERS[name as DriverName], pmu);
  let exported: { default?: Subject };
  try {
    exported = await import(pathToFileURL(name).href);
  } catch (error) {
    throw new RangeError(
      `${name} is no driver (${Object.keys(DRIVERS).join(', ')}), and no module: ${(error as Error).message}`,
    );
  }
  const subject = exported.default;
  for (const method of ['reset', 'call', 'observe'] as const)
    if (typeof subject?.[method] !== 'function') throw new RangeError(`${name}: its default export has no ${method}()`);
  return subject!;
}
