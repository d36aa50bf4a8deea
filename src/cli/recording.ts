import type { Recordable } from '../replay/recorded.ts';
import type { LogHeader } from '../store/index.ts';
import { askedOf, type DriverChoice, driverAsked } from './driver-asked.ts';
import { orUsage, UsageError } from './exit.ts';

/** The machines that a log is folded by today, and what is to be said of them. */
export interface Recording {
  /** The driver of the log, if it is no modelled one. */
  readonly of?: Recordable;
  /** Why the log may be no behaviour of these machines; absent if they are the ones that wrote it. */
  readonly doubt?: string;
}

/**
 * The machines of a log: of a modelled driver, of the description that it holds, or of the file that is asked for. A file that
 * only the log names is never run. Throws a UsageError if there is no such driver, model or environment, or no good description.
 */
export async function recordingOf(header: LogHeader, config?: string | true): Promise<Recording> {
  const { isByTheseMachines } = await import('../replay/recorded.ts');
  const of = await describedDriver(header, config);
  if (orUsage(() => isByTheseMachines(header, of))) return of === undefined ? {} : { of };
  const now = of?.config;
  const changed = now !== undefined && header.config !== undefined && header.config.digest !== now.digest;
  const doubt = changed
    ? `${now.file} has changed since the log was written`
    : 'other machines than these wrote the log';
  return { ...(of && { of }), doubt };
}

/** The driver of a log, if a file or the log itself describes it. */
export async function describedDriver(
  { driver, config: told, port }: LogHeader,
  config?: string | true,
): Promise<DriverChoice | undefined> {
  if (config !== undefined) return described(config);
  if (port !== undefined) return describedInLog(driver, port);
  if (told === undefined) return undefined;
  throw new UsageError(
    `the log is of ${driver}, and does not hold its description: name the file with --config (it was ${told.file})`,
  );
}

async function describedInLog(driver: string, port: object): Promise<DriverChoice> {
  const { definePmu } = await import('../porting/describe.ts');
  const asked = await askedOf(orUsage(() => definePmu(port as Parameters<typeof definePmu>[0])));
  if (asked.name !== driver) throw new UsageError(`the log is of ${driver}, but describes ${asked.name}`);
  return asked;
}

const read = new Map<string | true, Promise<DriverChoice>>();

/** What a file describes; it is read once, for however many logs. */
function described(file: string | true): Promise<DriverChoice> {
  const asked = read.get(file) ?? driverAsked({ driver: '', config: file });
  read.set(file, asked);
  return asked;
}
