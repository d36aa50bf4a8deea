import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import type { ComparedFinding } from '../../audit/change/compared.ts';
import { counted } from '../../findings/counted.ts';
import type { Checked } from '../checker.ts';
import { EXIT, UsageError } from '../exit.ts';
import { addFormats, CHECK_FORMATS, filesAsked, writeAll } from '../formats.ts';
import { interruptible } from '../interrupt.ts';
import { say, write } from '../output.ts';

interface Options {
  readonly tree?: string;
  readonly all?: true;
  readonly json?: true;
  readonly watch?: true;
  readonly sarif?: string;
  readonly junit?: string;
  readonly guards?: true;
}

const EXAMPLES = `
Examples:
  hartproof check drivers/perf/NAME.c       a driver as it is saved; what the last commit has already is not new
  hartproof check - < fix.patch             a patch, in the tree that it applies to (or --tree LINUX)
  hartproof check series.mbox               a series, patch by patch
  hartproof check HEAD~3..                  the commits of a branch, one by one
  hartproof check --watch drivers/perf/NAME.c
  hartproof check BASE..HEAD --sarif check.sarif --junit check.xml     for the tools of a CI (docs/ci.md)

As a hook of git, and in b4: docs/check.md.
Exit status: 0 nothing new, 1 something new (with --all: anything) or not decided any more, 2 usage or environment.`;

export function register(command: Command): void {
  command
    .argument('<what...>', 'a .c file, a patch or mailbox, - for standard input, or a range of commits')
    .option('--tree <dir>', 'the kernel tree that it is of (default: the one around)')
    .option('--all', 'also what was there before, what is fixed, and what only a caller without a contract reaches')
    .option('--json', 'write the outcome as JSON')
    .option('--watch', 'check again at each save of a .c file')
    .option('--guards', 'in SARIF, also what only a caller without a contract reaches');
  addFormats(command, CHECK_FORMATS)
    .addHelpText('after', EXAMPLES)
    .action(async (what: string[], options: Options) => {
      process.exitCode = options.watch ? await watch(what, options) : await run(what, options);
    });
}

async function run(what: readonly string[], options: Options): Promise<number> {
  const files = await filesAsked(CHECK_FORMATS, options);
  const { checkEach, isWorse } = await import('../checker.ts');
  const { isNew, lineOf } = await import('../../audit/change/lines.ts');
  const done: Checked[] = [];
  // What reads a patch's check from a pipe, as b4 does, takes each line of it as a complaint.
  const tellsMore = process.stderr.isTTY || !what.includes('-');
  const told = new Set<string>();
  let writing: Promise<unknown> = Promise.resolve();
  const tell = (path: string, one: ComparedFinding): void => {
    if (!isNew(one)) return;
    const line = lineOf(path, one);
    told.add(saidIn(line));
    writing = writing.then(() => writeLine(line));
  };
  await interruptible(async (signal) => {
    for (const one of what)
      for await (const checked of checkEach(one, options.tree, signal, options.json ? undefined : tell)) {
        done.push(checked);
        await writing;
        if (!options.json) await writeChange(checked, options, told, tellsMore);
      }
  });
  if (tellsMore && done.every(({ drivers }) => drivers.length === 0)) say('no driver with a struct pmu is touched');
  if (options.json) await write(undefined, `${JSON.stringify(await toJson(done), null, 2)}\n`);
  const { reportsOf } = await import('../check-reports.ts');
  const isLeft = ({ finding, state }: ComparedFinding): boolean => finding.reachable && state !== 'fixed';
  const isBad = (one: Checked): boolean =>
    isWorse(one) || (options.all === true && one.drivers.some(({ compared }) => compared.findings.some(isLeft)));
  return writeAll(files, files.length === 0 ? [] : reportsOf(done), done.some(isBad) ? EXIT.findings : EXIT.clean);
}

const writeLine = (line: string): Promise<void> => write(undefined, `${line.replaceAll('\n', ' ')}\n`);

/** What a line says, whatever log shows it: a shorter one may be found after it was told. */
const saidIn = (line: string): string => line.slice(0, line.lastIndexOf(' (hartproof'));

/**
 * The lines of a commit, but for those that were told as they were found; of several, under its title, with how many findings are
 * new, were there, are fixed.
 */
async function writeChange(
  { change: { title }, input, drivers, unchecked }: Checked,
  { all }: Options,
  told: ReadonlySet<string>,
  tellsMore: boolean,
): Promise<void> {
  const { checkLines } = await import('../../audit/change/lines.ts');
  const count = (state: string): number =>
    drivers.reduce(
      (sum, { compared }) =>
        sum + compared.findings.filter((one) => one.state === state && one.finding.reachable).length,
      0,
    );
  const open = drivers.reduce((sum, { compared }) => sum + compared.open, 0);
  const left = open === 0 ? '' : `; ${counted(open, 'property')} not decided, before it neither`;
  const counts = `${count('new')} new, ${count('there before')} there before, ${count('fixed')} fixed${left}`;
  if (input.changes.length > 1) await write(undefined, `# ${title}: ${drivers.length === 0 ? 'no driver' : counts}\n`);
  else if (tellsMore && drivers.length > 0) say(counts);
  if (tellsMore) for (const why of unchecked.values()) say(`not checked, before this neither: ${why}`);
  for (const { compared } of drivers)
    for (const line of checkLines(compared, all === true)) if (!told.has(saidIn(line))) await writeLine(line);
}

async function toJson(done: readonly Checked[]) {
  const { tokenOf } = await import('../../findings/token.ts');
  return {
    schema: 'hartproof.check/1',
    patches: done.map(({ change: { title }, drivers, unchecked }) => ({
      title,
      ...(unchecked.size > 0 && { unchecked: Object.fromEntries(unchecked) }),
      drivers: drivers.map(({ compared: { path, findings, undecided, open, reasons } }) => ({
        file: path,
        ...{ undecided, open, reasons },
        findings: findings.map(({ finding: { id, rule, cause, place, reachable, counterexamples }, state }) => ({
          ...{ id, token: tokenOf(id), property: rule.id, severity: rule.severity, state, text: cause },
          ...(place && { file: place.file ?? path, line: place.lines[0], function: place.function }),
          ...{ userReachable: reachable, length: counterexamples[0]?.length },
        })),
      })),
    })),
  };
}

/** Checks again at each save. Throws a UsageError if something else than a file is to be watched. */
async function watch(what: readonly string[], options: Options): Promise<number> {
  const other = what.find((one) => !one.endsWith('.c') || !existsSync(one));
  if (other !== undefined) throw new UsageError(`--watch takes .c files that are there, not ${other}`);
  const { watching } = await import('../watch.ts');
  return await watching(what, () => run(what, options));
}
