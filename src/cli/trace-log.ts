import { closeSync, openSync, readSync, statSync } from 'node:fs';
import type { CoreName } from '../../machines/cores.ts';
import type { LogHeader, RefusedCall } from '../store/header.ts';
import type { JudgedPart } from '../trace/any-format.ts';
import type { TraceRefusal } from '../trace/refusal.ts';
import { type DriverChoice, driverAsked, subjectOf } from './driver-asked.ts';
import { oneOf, UsageError } from './exit.ts';
import type { WholeLog } from './logs.ts';
import { say } from './output.ts';
import { orTraceError, watched } from './trace-file.ts';

/** By what a kernel's trace is judged: a modelled driver, and who calls it. */
export interface JudgedBy {
  readonly driver?: string;
  readonly environment?: string;
}

/** The text of a file that is a kernel's trace as a recorder wrote it; undefined if there is no such file, or it is of another kind. */
export async function traceIn(path: string): Promise<string | undefined> {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return undefined;
  const { isCallbacks, isTrace } = await import('../trace/is-trace.ts');
  const { readInput } = await import('./input.ts');
  const head = headOf(path);
  // No recorder writes such a character: whoever reads a log says where it is.
  if (head.includes('\0')) return undefined;
  // A recorder's JSON is a trace; any other JSON is a report, or nothing, and whoever reads it says what is wrong with it.
  if (path.endsWith('.json') && isCallbacks(head)) return undefined;
  return isTrace(head, path) ? readInput(path) : undefined;
}

/** How a file begins; of one that cannot be read, nothing. */
function headOf(path: string): string {
  const head = Buffer.alloc(4096);
  try {
    const file = openSync(path, 'r');
    try {
      return head.toString('utf8', 0, readSync(file, head));
    } finally {
      closeSync(file);
    }
  } catch {
    return '';
  }
}

/**
 * What a kernel's trace is as a log. One that is refused ends there, as a log whose end is torn off. Throws a UsageError at a text
 * that is no trace, and at a recording of several parts, which are as many logs.
 */
export async function traceAsLog(
  file: string,
  text: string,
  { driver = 'as-posted', environment = '4.16' }: JudgedBy = {},
): Promise<WholeLog> {
  const { judgeTrace } = await import('../trace/any-format.ts');
  const { TRACED } = await import('../trace/check.ts');
  const by = { driver, environment: oneOf('perf core', environment, TRACED) as CoreName };
  const asked = await driverAsked({ driver });
  const { parts } = await orTraceError(file, () =>
    watched(judgeTrace(text, by), (done) => `callback ${done.toLocaleString('en')}`),
  );
  const [part] = parts;
  if (part === undefined || parts.length > 1)
    throw new UsageError(
      `${file} has ${parts.length} parts that could be judged: hartproof trace import ${file} --log run.jsonl makes a log of each`,
    );
  if (part.facts.length === 0) throw new UsageError(`${file} holds no fact that ${driver} in ${environment} accepts`);
  const { facts, origins, refused, bounded } = part;
  const stop = refused ?? bounded;
  if (stop !== undefined)
    say(
      `${file} is not followed from line ${stop.line} on: hartproof trace import ${file} --driver ${driver} --environment ${environment} says why`,
    );
  return {
    header: await headerOfPart(asked, environment, part),
    facts: [...facts],
    origins,
    isTorn: stop !== undefined,
    placeOf: (position) => (position < 0 ? file : `${file}, line ${origins.at(position)?.line}`),
  };
}

/** What the log of a part of a kernel's trace begins with. */
export async function headerOfPart(
  driver: DriverChoice,
  environment: string,
  { facts, undecided, refused }: Pick<JudgedPart, 'facts' | 'undecided'> & { readonly refused?: TraceRefusal },
): Promise<LogHeader> {
  const { headerOf, KERNEL_TRACE } = await import('../replay/recorded.ts');
  const { sizeOf } = await import('../store/index.ts');
  const open = undecided.length > 0 && { undecided };
  const subject = subjectOf(driver, KERNEL_TRACE, environment);
  return {
    ...headerOf({ ...subject, trace: sizeOf(facts), ...open }, undefined, driver),
    ...(refused && { refused: refusedCall(refused) }),
  };
}

/** What the header of a log says of the callback that comes after its facts, and that is refused. */
const refusedCall = ({ line, callback, machine, what, expected, found }: TraceRefusal): RefusedCall => ({
  ...{ line, callback, machine, what, expected, found },
});
