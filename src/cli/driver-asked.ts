import type { DriverMachine, DriverName } from '../../machines/drivers.ts';
import type { Model } from '../../models/index.ts';
import { oneOf, UsageError } from './exit.ts';

/** What a user says of the driver: one by name, or the file that describes one. */
export interface DriverOptions {
  readonly driver: string;
  readonly config?: string | true;
}

/** The option that names the file. */
export const CONFIG_OPTION = [
  '--config [file]',
  'the driver and the PMU that this file describes (default: hartproof.config.ts)',
] as const;

interface Asked {
  /** What a report calls it. */
  readonly name: string;
  readonly machine: DriverMachine;
  /** Its name among the modelled drivers, if it is one of them. */
  readonly driver?: DriverName;
  /** The models to ask of it. */
  readonly models: readonly Model[];
}

/** The driver that is asked for. Throws a UsageError if there is none, or its description is no good. */
export async function driverAsked({ driver: name, config }: DriverOptions): Promise<Asked> {
  const { DRIVERS, withDecisions } = await import('../../machines/drivers.ts');
  if (config === undefined) {
    const { MODELS } = await import('../../models/index.ts');
    const driver = oneOf('driver', name, Object.keys(DRIVERS) as DriverName[]);
    return { name: driver, machine: DRIVERS[driver], driver, models: MODELS };
  }
  const { CONFIG_FILE, modelsFor, readConfig } = await import('../porting/index.ts');
  try {
    const { name, pmu, decisions } = await readConfig(config === true ? CONFIG_FILE : config);
    return { name, machine: withDecisions(decisions), models: modelsFor(pmu) };
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
}
