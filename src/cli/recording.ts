import type { Recordable } from '../replay/recorded.ts';
import type { LogHeader } from '../store/index.ts';
import { type Asked, driverAsked } from './driver-asked.ts';
import { orUsage, UsageError } from './exit.ts';

/** The machines that a log is folded by today, and what is to be said of them. */
export interface Recording {
  /** The driver of the log, if it is no modelled one. */
  readonly of?: Recordable;
  /** Why the log may be no behaviour of these machines; absent if they are the ones that wrote it. */
  readonly doubt?: string;
}

/**
 * The machines of a log: of a modelled driver, of the file that its header names, or of the one that is asked for.
 * Throws a UsageError if there is no such driver, model or environment, or the file is not there or no good.
 */
export async function recordingOf(header: LogHeader, config?: string | true): Promise<Recording> {
  const { isByTheseMachines } = await import('../replay/recorded.ts');
  const file = config ?? header.config?.file;
  if (file === undefined)
    return orUsage(() => isByTheseMachines(header)) ? {} : { doubt: 'other machines than these wrote the log' };
  const of = await described(file).catch((error: Error) => {
    if (!(error instanceof UsageError) || config !== undefined) throw error;
    throw new UsageError(`the log is of ${header.driver}: ${error.message}; --config names another file`);
  });
  if (orUsage(() => isByTheseMachines(header, of))) return { of };
  const { digest } = of.config!;
  const changed = header.config !== undefined && header.config.digest !== digest;
  return {
    of,
    doubt: changed
      ? `${of.config!.file} has changed since the log was written`
      : 'other machines than these wrote the log',
  };
}

const read = new Map<string | true, Promise<Asked>>();

/** What a file describes; it is read once, for however many logs. */
function described(file: string | true): Promise<Asked> {
  const asked = read.get(file) ?? driverAsked({ driver: '', config: file });
  read.set(file, asked);
  return asked;
}
