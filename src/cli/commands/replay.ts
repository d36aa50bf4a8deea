import type { Command } from 'commander';
import type { Row } from '../../audit/narrate.ts';
import type { System } from '../../compose/index.ts';
import type { Fact } from '../../facts/index.ts';
import type { Break } from '../../replay/judge.ts';
import type { LogHeader, LogStore } from '../../store/index.ts';
import { EXIT, orUsage, UsageError } from '../exit.ts';
import { findLog, hasStore, LOGS, openStore, orStoreError } from '../logs.ts';
import { write } from '../output.ts';

interface Options {
  readonly at?: string;
  readonly diff?: true;
  readonly until?: string;
  readonly all?: true;
  readonly anyway?: true;
  readonly store: string;
  readonly rows: string;
  readonly json?: true;
}

const EXAMPLES = `
Examples:
  hartproof replay --all                          every counterexample that is kept: does it still break its promise?
  hartproof replay busy-is-true-countsUnderMutex  one of them, as a table
  hartproof replay run.jsonl --at 120             the state after 120 facts
  hartproof replay run.jsonl --until count-exact  to the fact that breaks a promise
  hartproof replay run.jsonl --diff               what changed, fact by fact

Exit status: 0 no promise is broken in the log, 1 one is, 2 usage, or a log that the machines do not accept.`;

export function register(program: Command): void {
  program
    .command('replay')
    .description('fold a log of facts: what happened, what changed, which promises held')
    .argument('[log]', 'a .jsonl file, or the name of a log that is kept')
    .option('--at <n>', 'stop after so many facts')
    .option('--until <property>', 'stop where this promise breaks')
    .option('--diff', 'tell it fact by fact')
    .option('--rows <n>', 'show so many rows at the most, the last ones', '100')
    .option('--all', 'replay every counterexample that is kept')
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
  const { canBeAsked, judge } = await import('../../replay/judge.ts');
  const { systemOf } = await import('../../replay/recorded.ts');
  const { PROPERTIES, propertyOf } = await import('../../../models/index.ts');
  const { RefusedFact } = await import('../../compose/index.ts');
  const { store, name } = await findLog(log, options.store);
  const header = orStoreError(() => store.header(name));
  await checkMachines(header, options);
  const system = orUsage(() => systemOf(header));
  const until = options.until === undefined ? undefined : orUsage(() => propertyOf(options.until!).id);
  const readable = PROPERTIES.filter((property) => canBeAsked(property, system));
  const facts = orStoreError(() => [...store.read(name)]);
  for (const dropped of store.dropped) process.stderr.write(`hartproof: ${dropped}\n`);
  store.close();
  const at = options.at === undefined ? facts.length : Number(options.at);
  if (!Number.isSafeInteger(at) || at < 0 || at > facts.length)
    throw new UsageError(`--at takes a number of facts, 0 to ${facts.length}, not ${options.at}`);
  let judged: ReturnType<typeof judge>;
  try {
    judged = judge(system, facts, readable, { at, ...(until !== undefined && { until }) });
  } catch (error) {
    if (error instanceof RefusedFact)
      throw new UsageError(`${log}: these machines do not accept the log: ${error.message}`);
    throw error;
  }
  const { folded, breaks, state } = judged;
  if (options.json) {
    const end = state.map((snapshot, part) => ({
      role: system.parts[part]!.role,
      index: system.parts[part]!.index,
      value: snapshot.value,
      context: snapshot.context,
    }));
    await write(undefined, `${JSON.stringify({ header, folded, facts: facts.length, breaks, state: end }, null, 2)}\n`);
  } else await write(undefined, await tellReplay(system, header, facts.slice(0, folded), breaks, options));
  return breaks.length > 0 ? EXIT.findings : EXIT.clean;
}

async function tellReplay(
  system: System,
  header: LogHeader,
  facts: readonly Fact[],
  breaks: readonly Break[],
  options: Options,
): Promise<string> {
  const { narrate } = await import('../../audit/narrate.ts');
  const { storyOf } = await import('../../audit/story.ts');
  const { stepsTable } = await import('../../audit/report.ts');
  const rows = narrate(storyOf(system, facts), { detail: options.diff ? 'facts' : 'callbacks' });
  const most = Number(options.rows);
  const shown = rows.slice(-most);
  const left = rows.length - shown.length;
  return [
    `${header.model}, ${header.environment}, ${header.driver}: ${facts.length} facts`,
    ...(left > 0 ? [`(${left} rows before these; --rows ${rows.length} shows all)`] : []),
    stepsTable(shown.map((row, at) => ({ ...row, breaks: breaksIn(row, shown[at + 1], breaks) }))),
    breaks.length === 0
      ? 'No promise that can be judged along a log is broken in it.'
      : breaks.map(({ property, position }) => `✗ ${property} is broken at fact ${position}.`).join('\n'),
    '',
  ].join('\n');
}

/** Whether a promise breaks between the first fact of a row and that of the next. */
function breaksIn(row: Row, next: Row | undefined, breaks: readonly Break[]): boolean {
  return breaks.some(({ position }) => position >= row.position && position < (next?.position ?? Infinity));
}

async function replayAll(options: Options): Promise<number> {
  const { judge, isAboutAllLogs } = await import('../../replay/judge.ts');
  const { isByTheseMachines, systemOf } = await import('../../replay/recorded.ts');
  const { propertyOf } = await import('../../../models/index.ts');
  if (!hasStore(options.store))
    throw new UsageError(`nothing is kept in ${options.store} yet (hartproof audit keeps its counterexamples there)`);
  const store: LogStore = await openStore(options.store);
  const names = store.logs();
  let broken = 0;
  const lines: string[] = [];
  for (const name of names) {
    const header = orStoreError(() => store.header(name));
    if (header.breaks === undefined) continue;
    const verdict = await (async (): Promise<string> => {
      try {
        const property = propertyOf(header.breaks!);
        const { breaks } = judge(systemOf(header), store.read(name), [property]);
        if (isAboutAllLogs(property)) return 'accepted; whether it still breaks is for a search to say';
        return breaks.length > 0 ? 'still breaks' : 'no longer breaks';
      } catch (error) {
        return `no longer possible: ${(error as Error).message}`;
      }
    })();
    if (verdict === 'still breaks') broken++;
    lines.push(
      `${verdict === 'still breaks' ? '✗' : '✓'} ${name}: ${verdict}${isByTheseMachines(header) ? '' : ' (written by other machines)'}`,
    );
  }
  store.close();
  await write(undefined, `${lines.join('\n')}\n`);
  return broken > 0 ? EXIT.findings : EXIT.clean;
}

async function checkMachines(header: LogHeader, { anyway }: Options): Promise<void> {
  const { isByTheseMachines } = await import('../../replay/recorded.ts');
  if (anyway || orUsage(() => isByTheseMachines(header))) return;
  throw new UsageError(
    'other machines than these wrote the log, and it may be no behaviour of them: --anyway folds it all the same',
  );
}
