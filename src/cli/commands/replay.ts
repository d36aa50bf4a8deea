import { type Command, Option } from 'commander';
import { CONFIG_OPTION } from '../driver-asked.ts';
import { EXIT, orUsage, positive, UsageError } from '../exit.ts';
import { LOGS, readLog } from '../logs.ts';
import { write } from '../output.ts';
import { recordingOf } from '../recording.ts';
import { replayAll } from '../replay-all.ts';
import { outcomeOf, REPLAY_FORMATS, type Replayed, type ReplayFormat } from '../replay-text.ts';

interface Options {
  readonly at?: string;
  readonly from?: string;
  readonly diff?: true;
  readonly until?: string;
  readonly format?: ReplayFormat;
  readonly output?: string;
  readonly all?: true;
  readonly anyway?: true;
  readonly config?: string | true;
  readonly store: string;
  readonly rows: string;
  readonly json?: true;
}

const EXAMPLES = `
Examples:
  hartproof replay --all                          every counterexample that is kept: does it still violate its property?
  hartproof replay busy-is-true-countsUnderMutex  one of them, as a table
  hartproof replay run.jsonl --at 120             the state after 120 facts
  hartproof replay run.jsonl --from 5000          rows from there on (a log of a million facts takes seconds)
  hartproof replay run.jsonl --until count-exact  to the fact that violates a property
  hartproof replay run.jsonl --diff --format text what changed, fact by fact, one line each
  hartproof replay run.jsonl --until count-exact --format sequence -o violated.svg

A log of a port holds the description of it (see hartproof init); --config replays it by what a file describes today.
A file that only a log names is never run.

Exit status: 0 no property is violated in the log, 1 one is, or is undecided, or the end of the log is torn off, 2 usage, or a log
that is damaged, or that the machines do not accept.`;

export function register(command: Command): void {
  command
    .argument('[log]', "a .jsonl file, the name of a log that is kept, or a kernel's trace")
    .option('--from <n>', 'tell from this fact on')
    .option('--at <n>', 'stop after so many facts, and show the state there')
    .option('--until <property>', 'stop where this property breaks, and show the state there')
    .option('--diff', 'tell it fact by fact')
    .addOption(new Option('-f, --format <format>', 'what to write (default: table)').choices(REPLAY_FORMATS))
    .option(
      '-o, --output <file>',
      'write to a file; a .svg file is a sequence diagram as a picture, else it is Mermaid',
    )
    .option('--rows <n>', 'show so many rows at the most: the first ones with --from, else the last ones', '100')
    .option('--all', 'replay every counterexample that is kept')
    .option(...CONFIG_OPTION)
    .option('--anyway', 'fold a log although other machines wrote it')
    .option('--store <directory>', 'where logs are kept', LOGS)
    .option('--json', 'print the end as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (log: string | undefined, options: Options) => {
      if (options.all) process.exitCode = await replayAll(options);
      else if (log === undefined) throw new UsageError('replay takes a log, or --all');
      else process.exitCode = await replayOne(log, options);
    });
}

async function replayOne(log: string, options: Options): Promise<number> {
  const rows = positive('rows', options.rows);
  const replayed: Replayed = {
    ...(await fold(log, options)),
    rows,
    showsEnd: options.at !== undefined || options.until !== undefined,
    detail: options.diff ? 'facts' : 'callbacks',
  };
  if (options.json) await write(options.output, endJson(replayed));
  else await show(replayed, options);
  const { violated, hidden } = outcomeOf(replayed);
  return violated.length > 0 || hidden.length > 0 || replayed.isTorn ? EXIT.findings : EXIT.clean;
}

/** Reads a log, and folds it as far as it was asked. */
async function fold(log: string, options: Options): Promise<Omit<Replayed, 'rows' | 'detail'>> {
  const { canBeAsked, logVerdicts } = await import('../../replay/log-verdicts.ts');
  const { systemOf } = await import('../../replay/recorded.ts');
  const { askedWhereShown, inferredFacts } = await import('../../replay/shown.ts');
  const { PROPERTIES, propertyOf } = await import('../../../models/index.ts');
  const { RefusedFact } = await import('../../engine/compose/index.ts');
  const until = options.until === undefined ? undefined : orUsage(() => propertyOf(options.until!).id);
  const { header, facts, origins, isTorn, placeOf } = await readLog(log, options.store);
  const { of, doubt } = await orOf(placeOf(-1), () => recordingOf(header, options.config));
  if (doubt !== undefined && !options.anyway)
    throw new UsageError(
      `${log}: ${doubt}, and it may be no behaviour of these machines: --anyway folds it all the same`,
    );
  const system = await orOf(placeOf(-1), async () => orUsage(() => systemOf(header, of)));
  const at = options.at === undefined ? facts.length : place('at', options.at, 0, facts.length);
  try {
    const inferred = inferredFacts(header, facts, origins);
    const properties = askedWhereShown(
      PROPERTIES.filter((property) => canBeAsked(property, system)),
      inferred,
    );
    const verdicts = logVerdicts(system, facts, properties, { at, ...(until !== undefined && { until }) });
    const { folded } = verdicts;
    const from = options.from === undefined ? undefined : place('from', options.from, 1, folded);
    return {
      system,
      header,
      facts: facts.slice(0, folded),
      origins,
      inferred,
      total: facts.length,
      isTorn,
      verdicts,
      ...(from !== undefined && { from }),
    };
  } catch (error) {
    if (error instanceof RefusedFact)
      throw new UsageError(`${placeOf(error.position)}: these machines do not accept the log: ${error.message}`);
    throw error;
  }
}

/** What is wrong with a log is said with its place. */
async function orOf<T>(place: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw error instanceof UsageError ? new UsageError(`${place}: ${error.message}`) : error;
  }
}

async function show(replayed: Replayed, { format, output }: Options): Promise<void> {
  const { rowsText, sequenceOf, verdictLines } = await import('../replay-text.ts');
  const svg = output?.endsWith('.svg') === true;
  const shape = format ?? (svg ? 'sequence' : 'table');
  if (svg && shape !== 'sequence')
    throw new UsageError(`a ${shape} is no picture: --format sequence writes a .svg file`);
  await write(output, shape === 'sequence' ? await sequenceOf(replayed, svg) : await rowsText(replayed, shape));
  if (output !== undefined) await write(undefined, `${verdictLines(replayed).join('\n')}\n`);
}

/** The state at the end, for a script. */
function endJson(replayed: Replayed): string {
  const { system, header, total, isTorn, verdicts } = replayed;
  const { violated: breaks, held, vacuous, hidden } = outcomeOf(replayed);
  const state = verdicts.state.map(({ value, context }, part) => {
    const { role, index } = system.parts[part]!;
    return { role, index, value, context };
  });
  const { folded, undecided } = verdicts;
  const end = { header, folded, facts: total, isTorn, breaks, hidden, held, vacuous, undecided, state };
  return `${JSON.stringify(end, null, 2)}\n`;
}

/** A place in a log. */
function place(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least || value > most)
    throw new UsageError(`--${option} takes a number of facts, ${least} to ${most}, not ${text}`);
  return value;
}
