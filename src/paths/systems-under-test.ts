import { pathToFileURL } from 'node:url';
import { DRIVERS, type DriverName } from '../../machines/drivers.ts';
import type { Pmu } from '../facts/index.ts';
import { SimulatedDriver } from './simulated.ts';
import type { SystemUnderTest } from './system-under-test.ts';

/** What goes before a path to C. */
const C = 'c:';

interface OfC {
  readonly header?: string | undefined;
}

/**
 * The system under test of that name: a modelled driver (`as-posted`, `repaired`), `c:PATH` for the real C of one (a patch, a kernel tree, or a
 * .c file, with the `header` of its own that it includes), or a module whose default export is a {@link SystemUnderTest}.
 * Throws a RangeError if it is none of these, and `NoSubject` if there is no compiler or the C does not compile.
 *
 * @experimental
 */
export async function systemUnderTest(
  name: string,
  pmu: Partial<Pmu> = {},
  options: OfC = {},
): Promise<SystemUnderTest> {
  if (name.startsWith(C)) return await realDriver(name.slice(C.length), pmu, options);
  if (Object.hasOwn(DRIVERS, name)) return new SimulatedDriver(DRIVERS[name as DriverName], pmu);
  let exported: { default?: SystemUnderTest };
  try {
    exported = await import(pathToFileURL(name).href);
  } catch (error) {
    throw new RangeError(
      `${name} is no driver (${Object.keys(DRIVERS).join(', ')}), and no module: ${(error as Error).message}`,
    );
  }
  const underTest = exported.default;
  for (const method of ['reset', 'call', 'observe'] as const)
    if (typeof underTest?.[method] !== 'function')
      throw new RangeError(`${name}: its default export has no ${method}()`);
  return underTest!;
}

async function realDriver(path: string, pmu: Partial<Pmu>, { header }: OfC): Promise<SystemUnderTest> {
  const { build, readSource } = await import('../subject/index.ts');
  const { RealDriver } = await import('./real.ts');
  return new RealDriver(build(await readSource(path, header === undefined ? {} : { header })), pmu);
}
