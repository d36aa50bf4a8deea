import type { CoreName } from '../../machines/cores.ts';
import type { TracedLog } from '../export/perfetto/perfetto.ts';
import type { System } from '../facts/index.ts';
import { orUsage, UsageError } from './exit.ts';
import { readLog } from './logs.ts';
import { recordingOf } from './recording.ts';
import { orTraceError, watched } from './trace-file.ts';
import { traceIn } from './trace-log.ts';

/** What is to be written as a trace, and by what a kernel's trace is judged. */
export interface PerfettoOptions {
  readonly driver: string;
  readonly environment?: string;
  readonly config?: string | true;
  readonly store: string;
}

/**
 * A log, a counterexample that is kept, or a kernel's trace, as lines of the trace-event format.
 * Throws a UsageError if there is none, or the machines do not follow it.
 */
export async function perfettoLines(name: string, options: PerfettoOptions): Promise<Iterable<string>> {
  const text = await traceIn(name);
  return text === undefined ? ofLog(name, options) : ofTrace(name, text, options);
}

async function ofTrace(file: string, text: string, { driver, environment = '4.16' }: PerfettoOptions) {
  const { perfettoOf } = await import('../export/perfetto/perfetto.ts');
  const { judgeTrace } = await import('../trace/any-format.ts');
  const { KERNEL_TRACE, systemOf } = await import('../replay/recorded.ts');
  const { sizeOf } = await import('../store/index.ts');
  const { TRACED } = await import('../trace/check.ts');
  const { oneOf } = await import('./exit.ts');
  const by = { driver, environment: oneOf('perf core', environment, TRACED) as CoreName };
  return await orTraceError(file, async () => {
    const { parts, lost } = await watched(judgeTrace(text, by), (done) => `callback ${done.toLocaleString('en')}`);
    const logs = await Promise.all(
      parts.map(async ({ facts, origins, refused }): Promise<TracedLog> => {
        const system = systemOf({ model: KERNEL_TRACE, ...by, trace: sizeOf(facts) });
        return { system, facts, origins, properties: await askedOf(system), ...(refused && { refused }) };
      }),
    );
    const losses = lost.map(({ times: [time], ...loss }) => ({ ...loss, time }));
    return perfettoOf(logs, losses, { of: file, ...by });
  });
}

async function ofLog(name: string, { config, store }: PerfettoOptions): Promise<Iterable<string>> {
  const { perfettoOf } = await import('../export/perfetto/perfetto.ts');
  const { systemOf } = await import('../replay/recorded.ts');
  const { RefusedFact } = await import('../engine/compose/index.ts');
  const { header, facts, origins, placeOf } = await readLog(name, store);
  const { of, doubt } = await recordingOf(header, config);
  if (doubt !== undefined) throw new UsageError(`${name}: ${doubt}, and it may be no behaviour of these machines`);
  const system = orUsage(() => systemOf(header, of));
  const { model, driver, environment, refused } = header;
  const properties = await askedOf(system);
  const log = { system, facts, properties, ...(origins.size > 0 && { origins }), ...(refused && { refused }) };
  try {
    return [...perfettoOf([log], [], { of: name, model, driver, environment })];
  } catch (error) {
    if (error instanceof RefusedFact)
      throw new UsageError(`${placeOf(error.position)}: these machines do not accept the log: ${error.message}`);
    throw error;
  }
}

/** The properties that a log of these machines can violate. */
async function askedOf(system: System) {
  const { canBeAsked, isAboutAllLogs } = await import('../replay/log-verdicts.ts');
  const { PROPERTIES } = await import('../../models/index.ts');
  return PROPERTIES.filter((property) => canBeAsked(property, system) && !isAboutAllLogs(property));
}
