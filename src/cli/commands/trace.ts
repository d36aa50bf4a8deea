import type { Command } from 'commander';
import type { CoreName } from '../../../machines/cores.ts';
import type { Report } from '../../findings/report.ts';
import type { Fold } from '../../trace/accepting.ts';
import type { TraceReport } from '../../trace/check.ts';
import type { FormatName, Imported, SegmentReport } from '../../trace/recording/index.ts';
import type { TraceRefusal } from '../../trace/refusal.ts';
import { CONFIG_OPTION, type DriverChoice, type DriverOptions, driverAsked } from '../driver-asked.ts';
import { EXIT, oneOf, UsageError } from '../exit.ts';
import { addFormats, FORMATS, filesAsked, type Output, reportOutputs, writeAll } from '../formats.ts';
import { writeLog } from '../logs.ts';
import { say } from '../output.ts';
import { openTrace, orTraceError, watched } from '../trace-file.ts';
import { KERNELS } from '../words.ts';
import { register as registerSetup } from './trace-setup.ts';

interface Options extends DriverOptions, Partial<Record<keyof typeof FORMATS, string>> {
  readonly environment: string;
  readonly format?: string;
  readonly log?: string;
  readonly all?: true;
  readonly json?: true;
}

const STATUS = `
Exit status: 0 accepted, all of it judged, and no property violated or undecided; 1 otherwise; 2 unreadable.`;

const CHECK_EXAMPLES = `
Examples:
  hartproof trace check trace.jsonl                       is it what the posted driver does under a perf core of Linux 4.16?
  hartproof trace check trace.jsonl --environment 5.10    a later perf core
  hartproof trace check trace.jsonl --json                for a script

The formats of a trace, and what is inferred from it: docs/trace.md.
${STATUS}`;

const IMPORT_EXAMPLES = `
Examples:
  hartproof trace setup > hartproof.bt                    what to record with (bpftrace; --format kprobes, perf)
  hartproof trace import report.txt                       what trace-cmd report, perf script, the bpftrace script printed
  hartproof trace import report.txt --driver as-posted+startsFresh+publishesLast
                                                          of the driver that hartproof repair --patch wrote; it says the name
  hartproof trace import report.txt --log run.jsonl       and keep it as a log
  hartproof replay run.jsonl                              which replay, graph and diff open

A recording in which events were lost gives one log for each segment that could be judged: run.jsonl, run-2.jsonl …
${STATUS}`;

export function register(trace: Command): void {
  registerSetup(trace);
  judging(trace, 'import')
    .description(
      'read what trace-cmd report, /sys/kernel/tracing/trace, perf script or the bpftrace script print, and judge it',
    )
    .option('--log <file>', 'write the log of facts, as JSON Lines (a .jsonl file that is not there yet)')
    .addHelpText('after', IMPORT_EXAMPLES);
  judging(trace, 'check')
    .description(
      'fold a log of callbacks, or a recording, through the perf core, the driver, the slots and the harts, and find what differs',
    )
    .addHelpText('after', CHECK_EXAMPLES);
}

function judging(trace: Command, name: string): Command {
  const command = trace
    .command(name)
    .argument('<file>', 'a log of callbacks (one JSON object a line), or what a recorder printed')
    .option('--driver <name>', 'the driver that ran, + what it decides otherwise: as-posted+startsFresh', 'as-posted')
    .option(...CONFIG_OPTION)
    .option('--environment <name>', `the perf core that called it: ${KERNELS}`, '4.16')
    .option('--format <name>', 'ftrace, trace-cmd, perf or bpftrace, where it cannot be told from the first lines')
    .option('--all', 'show every finding whole, with the callbacks that violate it')
    .option('--json', 'write the outcome as JSON to standard output');
  return addFormats(command, FORMATS).action(async (file: string, options: Options) => {
    process.exitCode = await judge(file, options);
  });
}

async function judge(file: string, options: Options): Promise<number> {
  const { TRACED } = await import('../../trace/check.ts');
  const environment = oneOf('perf core', options.environment, TRACED);
  const by = { driver: await tracedDriver(options), environment };
  if (options.log !== undefined && !options.log.endsWith('.jsonl'))
    throw new UsageError(`--log takes a .jsonl file, not ${options.log}`);
  const outputs = [...reportOutputs(options), ...(await filesAsked(FORMATS, options))];
  return await orTraceError(file, async () => {
    const { rows, isOfCallbacks } = await openTrace(file);
    const judge = options.format === undefined && isOfCallbacks ? judgeCallbacks : judgeRecording;
    return await judge(file, rows, by, options, outputs);
  });
}

interface TracedBy {
  readonly driver: DriverChoice;
  readonly environment: CoreName;
}

/** The driver that ran. Throws a UsageError as {@link driverAsked} does, and of what no recording shows enough of. */
async function tracedDriver(options: DriverOptions): Promise<DriverChoice> {
  const driver = await driverAsked(options);
  const why =
    driver.port?.description.overflow === 'handled'
      ? "handles overflows (overflow: 'handled')"
      : driver.pmu.widths !== undefined
        ? 'has counters of several widths'
        : undefined;
  if (why === undefined) return driver;
  throw new UsageError(
    `${driver.name} ${why}, which no recording shows: hartproof audit --config decides it on the model`,
  );
}

async function judgeCallbacks(
  file: string,
  rows: Iterable<string>,
  by: TracedBy,
  options: Options,
  outputs: readonly Output<Report>[],
): Promise<number> {
  const { foldTrace, parseTrace } = await import('../../trace/index.ts');
  const { lines, torn } = parseTrace(rows);
  if (lines.every(({ cb }) => cb === 'mark')) throw new UsageError(`${file} holds no callback`);
  const { KeptFacts } = await import('../../trace/any-format.ts');
  const kept = new KeptFacts(
    new Map(lines.flatMap((line) => (line.cb === 'mark' ? [] : [[line.line, line] as const]))),
  );
  const report = await watched(
    foldTrace(lines, { ...by, ...(options.log !== undefined && kept.sink) }),
    (done) => `line ${done.toLocaleString('en')} of ${lines.length.toLocaleString('en')}`,
  );
  if (options.log !== undefined) await keepLogs(options.log, by, [{ ...kept, undecided: openIn(report) }], [report]);
  const told = { ...report, ...(await withAccepting(report, by, (accepting) => accepting.foldsCallbacks(lines))) };
  if (torn) await tellTorn(file);
  const { reportOf } = await import('../../audit/trace/report.ts');
  return await writeAll(outputs, [reportOf(file, torn, told)], isClean(report) ? EXIT.clean : EXIT.findings);
}

async function judgeRecording(
  file: string,
  rows: Iterable<string>,
  by: TracedBy,
  options: Options,
  outputs: readonly Output<Report>[],
): Promise<number> {
  const { FORMATS, foldRecording, readRecording } = await import('../../trace/recording/index.ts');
  const format =
    options.format === undefined ? undefined : oneOf('format', options.format, Object.keys(FORMATS) as FormatName[]);
  const recording = readRecording(rows, format);
  const { report, logs } = await watched(
    foldRecording(recording, { ...by, logged: options.log !== undefined }),
    (done) => `callback ${done.toLocaleString('en')}`,
  );
  if (options.log !== undefined) await keepLogs(options.log, by, logs, report.segments);
  if (report.torn) await tellTorn(file);
  const isPass = report.accepted && report.segments.every(isClean);
  const segments: SegmentReport[] = [];
  for (const segment of report.segments) {
    const accepting = await withAccepting(segment, by, (those) => those.foldsRecording(recording));
    segments.push({ ...segment, ...accepting });
  }
  const { recordingReportOf } = await import('../../audit/trace/report.ts');
  const told = { ...report, segments };
  return await writeAll(outputs, [recordingReportOf(file, told)], isPass ? EXIT.clean : EXIT.findings);
}

/** A refusal with who else would accept it; nothing where there is none. A driver of a user's own has no others beside it. */
async function withAccepting<R extends TraceRefusal>(
  { refused }: { readonly refused?: R },
  { driver, environment }: TracedBy,
  foldOf: (accepting: typeof import('../../trace/accepting.ts')) => Fold,
): Promise<{ readonly refused?: R }> {
  if (refused === undefined || driver.config !== undefined) return {};
  const accepting = await import('../../trace/accepting.ts');
  const candidate = { driver: driver.name, environment };
  const asked = accepting.acceptingOf(candidate, refused, foldOf(accepting));
  return { refused: { ...refused, accepting: await watched(asked, () => 'who else accepts it') } };
}

/** The properties that are undecided, and nowhere violated for sure. */
const openIn = ({ undecided, broken }: Pick<TraceReport, 'undecided' | 'broken'>): string[] => {
  const known = new Set(broken.map(({ property }) => property));
  return [...new Set(undecided.map(({ property }) => property))].filter((id) => !known.has(id));
};

/** Whether all of it was judged, and no property is violated or undecided. */
const isClean = ({ accepted, broken, undecided }: Pick<TraceReport, 'accepted' | 'broken' | 'undecided'>): boolean =>
  accepted && broken.length === 0 && undecided.length === 0;

const tellTorn = (file: string): void => {
  say(`${file}: the last line was cut off, and is left out`);
};

/** Writes a log for each segment: the first to the file itself, the others beside it. */
async function keepLogs(
  file: string,
  { driver, environment }: TracedBy,
  logs: readonly Pick<Imported['logs'][number], 'facts' | 'origins' | 'undecided'>[],
  reports: readonly { readonly refused?: TraceRefusal }[],
): Promise<void> {
  const { headerOfPart } = await import('../trace-log.ts');
  // The first comes last: where it is, the others are; where only others are, a run that was ended has left them.
  for (const [index, { facts, origins, undecided }] of [...logs.entries()].reverse()) {
    const { refused } = reports[index]!;
    const header = await headerOfPart(driver, environment, { facts, undecided, ...(refused && { refused }) });
    const own = index === 0 ? file : file.replace(/\.jsonl$/, `-${index + 1}.jsonl`);
    await writeLog(own, header, facts, origins, { orSame: index > 0 });
  }
}
