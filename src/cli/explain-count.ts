import { readFileSync } from 'node:fs';
import type { Asked } from '../counts/explain.ts';
import type { Given } from '../counts/given.ts';
import { type CountText, digitsOf, readCount } from '../counts/number.ts';
import type { StatCount } from '../counts/perf-stat.ts';
import { type DriverChoice, driverAsked } from './driver-asked.ts';
import { EXIT, oneOf, orUsage, UsageError } from './exit.ts';
import { json } from './formats.ts';
import { say, write } from './output.ts';
import { statusLine } from './status.ts';

export interface CountOptions {
  readonly expected?: string;
  readonly factor?: string;
  readonly time?: string;
  readonly clock?: string;
  readonly switches?: string;
  readonly moves?: string;
  readonly width?: string[];
  readonly xlen?: string;
  readonly event?: string;
  readonly cpuWide?: true;
  readonly driver?: string;
  readonly config?: string | true;
  readonly environment?: string[];
  readonly in?: string;
  readonly all?: true;
  readonly json?: true;
  readonly keep: string | false;
}

/** Whether a person means a count, and no word or file. Throws a UsageError of a number that none can be. */
export const isCount = (text: string): boolean => orUsage(() => readCount(text)) !== undefined;

/** What is asked of one count, and what a report calls it. */
interface Question {
  readonly name: string;
  readonly given: Given;
}

/**
 * Says what makes a count, or those that `perf stat` printed in a file (`-`: standard input). Returns the exit status.
 * Throws a UsageError if there is nothing to explain.
 */
export async function explainCount(what: string | undefined, options: CountOptions): Promise<number> {
  const given = givenBy(options);
  const read = what === undefined ? undefined : readCount(what);
  const isText = what !== undefined && read === undefined;
  const { questions, remarks } = isText
    ? await ofText(what, given, options)
    : { questions: [ofNumber(read, given)], remarks: [] };
  const choice = await driverAsked({ ...options, driver: options.driver ?? 'as-posted' });
  const { CountExplainer } = await import('../counts/explain.ts');
  const { findingsOf } = await import('../counts/own-log.ts');
  const { countJson, countReport } = await import('../counts/report.ts');
  const { columns } = await import('../reports/terminal/table.ts');
  const status = statusLine();
  const explainer = new CountExplainer(await askedOf(choice, options));
  const done = [];
  for (const question of questions) {
    status.show(`what makes ${question.name}`);
    done.push({ ...question, explained: await explainer.explain(question.given) });
  }
  const wrong = done.filter(({ explained: { plausible } }) => !plausible);
  // Of one decision, the log that fits the worst count best.
  const best = wrong.flatMap(({ explained }) => explained.explanations).toSorted((a, b) => b.bits - a.bits);
  const defects = best
    .map(({ defect }) => defect)
    .filter((one, index, all) => all.findIndex(({ name }) => name === one.name) === index);
  const audit = await findingsOf(defects, choice);
  status.clear();
  if (options.json)
    await write(
      undefined,
      json({
        schema: 'hartproof.count/1',
        remarks,
        counts: done.map(({ explained, name }) => countJson(explained, name, audit.findings)),
      }),
    );
  else {
    const told = { width: Math.min(columns(), 100), findings: audit.findings, all: options.all === true };
    const texts = done.map(({ explained, name }) => countReport(explained, name, told));
    const { wrap } = await import('../reports/wrap.ts');
    await write(undefined, [...remarks.map((text) => `${wrap(text, told.width)}\n`), ...texts].join('\n'));
  }
  if (audit.findings.length > 0 && options.keep !== false) await keep(audit, choice, options.keep);
  return wrong.length > 0 || remarks.length > 0 ? EXIT.findings : EXIT.clean;
}

/** Keeps the logs, so that other commands can be asked of them. What cannot be kept is no reason to lose a report. */
async function keep(
  audit: Parameters<typeof import('./keep.ts').keepCounterexamples>[0],
  choice: DriverChoice,
  directory: string,
): Promise<void> {
  const { keepCounterexamples } = await import('./keep.ts');
  const { keepReports } = await import('./last-report.ts');
  const { reportOf } = await import('../audit/report.ts');
  try {
    await keepCounterexamples(audit, choice, directory);
    keepReports([reportOf(audit)], directory);
  } catch (error) {
    say(`the logs are not kept: ${(error as Error).message}`);
  }
}

async function askedOf(choice: DriverChoice, { environment, driver, config }: CountOptions): Promise<Asked> {
  const { TRACED } = await import('../trace/check.ts');
  const environments = environment?.map((name) => oneOf('perf core', name, TRACED)) ?? [...TRACED].reverse();
  const { machine, models, pmu } = choice;
  return { machine, models, pmu, environments, known: driver !== undefined || config !== undefined };
}

function ofNumber(read: CountText | undefined, given: Given): Question {
  const { event } = given;
  if (read === undefined) return { name: 'a count', given };
  const name = `${/^\d+$/.test(read.text) ? digitsOf(read.value) : read.text.trim()}${event === undefined ? '' : ` ${event}`}`;
  return { name, given: { ...given, value: read.value, slack: read.slack } };
}

/** The counts in what `perf stat` printed. Throws a UsageError if there are none. */
async function ofText(
  file: string,
  given: Given,
  { event }: CountOptions,
): Promise<{ questions: Question[]; remarks: string[] }> {
  const { readPerfStat } = await import('../counts/perf-stat.ts');
  let text: string;
  try {
    text = readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read ${file}: ${(error as Error).message}`);
  }
  const bare = orUsage(() => readCount(text));
  if (bare !== undefined) return { questions: [ofNumber(bare, given)], remarks: [] };
  const { counts, elapsed, cpuWide } = orUsage(() => readPerfStat(text));
  const asked = counts.filter(
    (one) => event === undefined || one.event.split(/[:@ ]/)[0] === event || one.event === event,
  );
  if (asked.length === 0) {
    const there = [...new Set(counts.map((one) => one.event))];
    throw new UsageError(
      `${file} holds no count${event === undefined ? ' as perf stat prints it' : ` of ${event}`}${there.length === 0 ? '' : `; there are ${there.join(', ')}`}`,
    );
  }
  const questions: Question[] = [];
  const remarks: string[] = [];
  for (const one of asked) {
    if (one.instead !== undefined) remarks.push(insteadText(one));
    else
      questions.push(
        ofStat(one, { ...(elapsed !== undefined && { seconds: elapsed }), ...(cpuWide && { cpuWide }), ...given }),
      );
  }
  return { questions, remarks };
}

/** The question of a count of `perf stat`, before it was scaled. */
function ofStat({ event, value, slack, share, seconds }: StatCount, given: Given): Question {
  const shown = `${digitsOf(value!)} ${event}`;
  const common = { event, ...(seconds !== undefined && { seconds }), ...given };
  if (share === undefined || share >= 100)
    return { name: shown, given: { ...common, value: value!, slack, ...(share && { share }) } };
  // perf multiplies by the time enabled over the time running, in a double.
  const raw = BigInt.asUintN(64, BigInt(Math.round(Number(value) * (share / 100))));
  const open = BigInt(Math.ceil(Number(value) * 0.00005)) + slack;
  return {
    name: `${digitsOf(raw)} ${event} (shown as ${digitsOf(value!)}, scaled up from ${share}% of the time)`,
    given: { ...common, value: raw, slack: open, share },
  };
}

const insteadText = ({ event, instead, share }: StatCount): string =>
  instead === 'not supported'
    ? `${event}: <not supported>: the open failed with an error for which perf gives an event up (EINVAL, ENOSYS, ENOENT, EOPNOTSUPP, ENXIO). A driver that answers so for an event that it could count violates errno-contract: hartproof explain errno-contract.`
    : `${event}: <not counted>: the event was opened, and never ran${share === undefined ? '' : ` (${share}% of the time)`}. Either nothing ran that it counts, or each add was refused: by a counter that is taken, or that the driver takes for taken (enospc-iff-full, slots-match-count), or by a group that fits on no counters (no-admission-of-the-impossible). No count is wrong then: hartproof audit --property enospc-iff-full.`;

/** What the options say. Throws a UsageError that names the one that is no good. */
function givenBy(options: CountOptions): Given {
  const { expected, factor, time, clock, switches, moves, width, xlen, event, cpuWide } = options;
  if (expected !== undefined && factor !== undefined)
    throw new UsageError('--expected and --factor say the same: give one');
  return {
    ...(expected !== undefined && { expected: countIn('--expected', expected) }),
    ...(factor !== undefined && { factor: above0('--factor', factor.replace(/[x×]$/, '')) }),
    ...(time !== undefined && { seconds: secondsIn(time) }),
    ...(clock !== undefined && { clock: hertzIn(clock) }),
    ...(switches !== undefined && { switches: whole('--switches', switches) }),
    ...(moves !== undefined && { moves: whole('--moves', moves) }),
    ...(width !== undefined && {
      widths: width.flatMap((text) => text.split(',')).map((text) => bitsIn('--width', text)),
    }),
    ...(xlen !== undefined && { xlen: Number(oneOf('xlen', xlen, ['32', '64'])) }),
    ...(event !== undefined && { event }),
    ...(cpuWide && { cpuWide }),
  };
}

function countIn(option: string, text: string): bigint {
  const read = orUsage(() => readCount(text));
  if (read === undefined || read.value < 0n) throw new UsageError(`${option} takes a count, not ${text}`);
  return read.value;
}

function above0(option: string, text: string): number {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value))) throw new UsageError(`${option} takes a number above 0, not ${text}`);
  return value;
}

function whole(option: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(value) || value < 0)
    throw new UsageError(`${option} takes a whole number, not ${text}`);
  return value;
}

function bitsIn(option: string, text: string): number {
  const value = whole(option, text);
  if (value < 1 || value > 64) throw new UsageError(`${option} takes 1 to 64 bits, not ${text}`);
  return value;
}

function secondsIn(text: string): number {
  const [, number, unit = 's'] = /^([\d.]+)\s*(s|ms|us|ns)?$/.exec(text) ?? [];
  if (number === undefined) throw new UsageError(`--time takes seconds (4.1, 4100ms), not ${text}`);
  return above0('--time', number) * { s: 1, ms: 1e-3, us: 1e-6, ns: 1e-9 }[unit]!;
}

function hertzIn(text: string): number {
  const [, number, unit = ''] = /^([\d.]+(?:e\d+)?)\s*([kMG]?)(?:Hz)?$/i.exec(text) ?? [];
  if (number === undefined) throw new UsageError(`--clock takes a frequency (1.5GHz, 25MHz, 10000000), not ${text}`);
  return above0('--clock', number) * { '': 1, k: 1e3, m: 1e6, g: 1e9 }[unit.toLowerCase()]!;
}
