import { DRIVERS, driverNamed, withDecisions } from '../../../machines/drivers.ts';
import { MODELS } from '../../../models/index.ts';
import { RISCV_BASE_PMU } from '../../facts/index.ts';
import { definePmu, type PmuDescription } from '../../porting/define-pmu.ts';
import { modelsFor } from '../../porting/models.ts';
import type { Recordable } from '../../replay/subject.ts';
import type { ConfigFile, LogHeader } from '../../store/header.ts';

/** What describes a driver, as a page is given it: no more than data. */
export interface DescribedPort {
  /** What `definePmu` takes, and checks. */
  readonly description: object;
  /** The file that it is from. */
  readonly config?: ConfigFile;
  /** The digests of its machines: see `digests.ts`. */
  readonly digests: Readonly<Record<string, string>>;
}

/** A driver that can be explored. */
export interface Explorable extends Recordable {
  /** What describes it, if it is no modelled one. */
  readonly port?: DescribedPort;
}

const known = new Map<string, Explorable>(
  Object.entries(DRIVERS).map(([name, machine]) => [name, { machine, models: MODELS, pmu: RISCV_BASE_PMU }]),
);

/** The drivers that can be explored, by name. */
export const driverNames = (): string[] => [...known.keys()];

/** Makes a driver known that is described. Throws a RangeError if it is described badly, or a modelled one has its name. */
export function describeDriver(port: DescribedPort): void {
  const { name, pmu, decisions } = definePmu(port.description as PmuDescription);
  if (Object.hasOwn(DRIVERS, name))
    throw new RangeError(`a modelled driver is called ${name} too: give yours another name`);
  known.set(name, { machine: withDecisions(decisions), models: modelsFor(pmu), pmu, port });
}

/** Makes the driver known that a log describes, unless it is known as just that. Throws as {@link describeDriver}. */
export function describeByLog({ driver, port: description, config }: LogHeader): void {
  if (description === undefined) return;
  const { port } = known.get(driver) ?? {};
  if (JSON.stringify(port?.description) === JSON.stringify(description)) return;
  describeDriver({ description, ...(config && { config }), digests: {} });
}

/** A modelled driver in which some decisions are taken otherwise: `as-posted+startsFresh`. */
function decided(name: string): Explorable | undefined {
  const machine = driverNamed(name);
  if (machine === undefined) return undefined;
  const driver = { machine, models: MODELS, pmu: RISCV_BASE_PMU };
  known.set(name, driver);
  return driver;
}

/** A driver by its name. Throws a RangeError if there is none, or only a file that nobody read describes it. */
export function driverOf({ driver, config }: { driver: string; config?: ConfigFile }): Explorable {
  const found = known.get(driver) ?? decided(driver);
  if (found !== undefined) return found;
  if (config === undefined) throw new RangeError(`there is no driver ${driver}; there are ${driverNames().join(', ')}`);
  throw new RangeError(`${driver} is described in ${config.file}: hartproof explore --config ${config.file} opens it`);
}
