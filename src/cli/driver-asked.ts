import { isDeepStrictEqual } from 'node:util';
import type { DriverMachine, DriverName } from '../../machines/drivers.ts';
import type { Model } from '../../models/index.ts';
import type { Pmu } from '../facts/index.ts';
import type { Port } from '../porting/index.ts';
import type { ConfigFile } from '../store/index.ts';
import { oneOf, UsageError } from './exit.ts';
import { mortal } from './interrupt.ts';

/** What a user says of the driver: one by name (`as-posted`, `as-posted+startsFresh`), or the file that describes one. */
export interface DriverOptions {
  readonly driver: string;
  readonly config?: string | true;
}

/** The option that names the file. */
export const CONFIG_OPTION = [
  '--config [file]',
  'the driver and the PMU that this file describes (default: hartproof.config.ts)',
] as const;

/** A driver, and what is asked of it. */
export interface DriverChoice {
  /** What a report calls it. */
  readonly name: string;
  readonly machine: DriverMachine;
  /** Its name among the modelled drivers, if it is one of them. */
  readonly driver?: DriverName;
  /** The file that describes it, if it is none of them, and what that says. */
  readonly config?: ConfigFile;
  readonly port?: Port;
  /** The models to ask of it. */
  readonly models: readonly Model[];
  /** The numbers of its PMU at their real widths. */
  readonly pmu: Pmu;
}

/** The driver that is asked for. Throws a UsageError if there is none, or its description is no good. */
export async function driverAsked({ driver: name, config }: DriverOptions): Promise<DriverChoice> {
  if (config === undefined) {
    const { DRIVERS, driverNamed, partsOfName } = await import('../../machines/drivers.ts');
    const { MODELS } = await import('../../models/index.ts');
    const { RISCV_BASE_PMU } = await import('../facts/index.ts');
    const { base, decisions } = partsOfName(name);
    const driver = oneOf('driver', base, Object.keys(DRIVERS) as DriverName[]);
    if (decisions.length === 0) return { name, machine: DRIVERS[driver], driver, models: MODELS, pmu: RISCV_BASE_PMU };
    const { DECISIONS } = await import('../../machines/driver/decisions.ts');
    for (const decision of decisions) oneOf('decision', decision, Object.keys(DECISIONS));
    return { name, machine: driverNamed(name)!, models: MODELS, pmu: RISCV_BASE_PMU };
  }
  const { CONFIG_FILE, configDigest, readConfig } = await import('../porting/index.ts');
  const file = config === true ? CONFIG_FILE : config;
  try {
    const port = await mortal(`${file} has not come to its end`, () => readConfig(file));
    return { ...(await askedOf(port)), config: { file, digest: configDigest(file) } };
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
}

/** The driver that a description describes. */
export async function askedOf(port: Port): Promise<DriverChoice> {
  const { withDecisions } = await import('../../machines/drivers.ts');
  const { modelsFor } = await import('../porting/models.ts');
  const { name, pmu, decisions } = port;
  return { name, machine: withDecisions(decisions), port, models: modelsFor(pmu), pmu };
}

/** What a log is recorded of, when this driver runs in a model: with its description, if that is no more than data. */
export const subjectOf = ({ name, config, port }: DriverChoice, model: string, environment: string) => ({
  model,
  environment,
  driver: name,
  ...(config && { config }),
  ...(port && isData(port.description) && { port: port.description }),
});

/** Whether JSON says all that there is to say. */
const isData = (value: object): boolean => isDeepStrictEqual(JSON.parse(JSON.stringify(value)), value);
