import type { Command } from 'commander';
import type { DriverMachine } from '../../../machines/drivers.ts';
import type { Environment, Model } from '../../../models/index.ts';
import type { Report } from '../../findings/report.ts';
import { onAbort } from '../../outside/on-abort.ts';
import type { Repair } from '../../repair/repair.ts';
import type { Suggestions } from '../../repair/source/suggest.ts';
import { askedOfC } from '../asked-of-c.ts';
import { CONFIG_OPTION, type DriverOptions, driverAsked } from '../driver-asked.ts';
import { EXIT, oneOf, UsageError } from '../exit.ts';
import { FORMATS, filesAsked, type Output, writeAll } from '../formats.ts';
import { interrupted, interruptible } from '../interrupt.ts';
import { say, write } from '../output.ts';
import { auditOfSource, orNoSubject, type SourceOptions, settingsOf } from '../source.ts';
import { type StatusLine, statusLine } from '../status.ts';

interface Options extends DriverOptions, SourceOptions {
  readonly source?: string;
  readonly patch?: string;
  readonly sarif?: string;
  readonly environment?: string[];
  readonly json?: true;
}

const EXAMPLES = `
Examples:
  hartproof repair                            what the posted driver needs, for any caller
  hartproof repair --environment 4.16         what it needs under the perf core of Linux 4.16
  hartproof repair --driver merged-4.18       what was left to do after the merge
  hartproof repair --config                   what the driver of hartproof.config.ts needs
  hartproof repair --source patch.mbox        and what your C would look like: each change as a diff that was audited
  hartproof repair --source patch.mbox --patch fix.patch      all of them as one patch, for git apply
  hartproof repair --source patch.mbox --sarif fix.sarif      what its audit found, each result with the changes that mend it
  hartproof repair --json                     for a script, on standard output

Exit status: 0 nothing needs repair, 1 something does, 2 usage or environment.`;

export function register(command: Command): void {
  command
    .option('--driver <name>', 'the driver to repair', 'as-posted')
    .option(...CONFIG_OPTION)
    .option('--source <path>', 'its C, to suggest the changes in: a patch, a kernel tree, or a .c file')
    .option('--header <file>', 'with a .c file: the header of its own that it includes')
    .option('--tree <dir>', 'with a patch: the tree that it applies to, for files that it does not give whole')
    .option('--shim <dir>', 'kernel headers of your own, for what the shim does not have')
    .option('--define <name...>', 'NAME or NAME=VALUE for the preprocessor')
    .option('--undefine <name...>', 'names that the preprocessor is not to know')
    .option('--patch <file>', 'with --source: also write all changes to a file, as one patch')
    .option('--sarif <file>', 'with --source: also write its audit as SARIF 2.1.0, with the changes as fixes')
    .option('--environment <name...>', 'who calls the driver: 4.16, 5.10, current, any-order (default: all)')
    .option('--json', 'write the result as JSON to standard output')
    .addHelpText('after', EXAMPLES)
    .action(async (options: Options) => {
      process.exitCode = await run(options);
    });
}

const SARIF = { sarif: FORMATS.sarif } as const;

interface DriverChoice {
  readonly name: string;
  readonly machine: DriverMachine;
  readonly models: readonly Model[];
  readonly environments: readonly Environment[];
}

/** What is asked of a driver: the models that are not deep. */
const inShort = (
  { name, machine, models }: Pick<DriverChoice, 'name' | 'machine' | 'models'>,
  environments: readonly Environment[],
): DriverChoice => ({ name, machine, models: models.filter(({ deep }) => !deep), environments });

async function run(options: Options): Promise<number> {
  for (const option of ['patch', 'sarif'] as const)
    if (options[option] !== undefined && options.source === undefined)
      throw new UsageError(`--${option} writes changes in C: say with --source where the C is`);
  const files = await filesAsked(SARIF, options);
  const { ENVIRONMENTS } = await import('../../../models/index.ts');
  const described = await driverAsked(options);
  const environments = options.environment?.map((name) => oneOf('environment', name, ENVIRONMENTS)) ?? ENVIRONMENTS;
  const status = statusLine();
  return await interruptible(async (signal) => {
    try {
      if (options.source === undefined)
        return await repairModel(inShort(described, environments), options, status, signal);
      return await orNoSubject(() => repairSource(environments, options, files, status, signal));
    } catch (error) {
      if (signal.aborted) throw interrupted();
      throw error;
    } finally {
      status.clear();
    }
  });
}

async function search(asked: DriverChoice, status: StatusLine, signal: AbortSignal): Promise<Repair> {
  const { repair } = await import('../../repair/repair.ts');
  const { askThreads } = await import('../../repair/ask.ts');
  const { machine: driver, models, environments } = asked;
  const threads = askThreads();
  onAbort(signal, () => threads.close());
  try {
    return await repair({ driver, models, environments, signal, threads, onProgress: (doing) => status.show(doing) });
  } finally {
    await threads.close();
  }
}

async function repairModel(
  asked: DriverChoice,
  { json }: Options,
  status: StatusLine,
  signal: AbortSignal,
): Promise<number> {
  const started = performance.now();
  const found = await search(asked, status, signal);
  status.clear();
  await show(asked, found, json, (performance.now() - started) / 1000);
  return found.broken ? EXIT.findings : EXIT.clean;
}

async function repairSource(
  environments: readonly Environment[],
  options: Options,
  files: readonly Output<Report>[],
  status: StatusLine,
  signal: AbortSignal,
): Promise<number> {
  const { build, readSource } = await import('../../subject/index.ts');
  const { scopesOf } = await import('../../repair/ask.ts');
  const { Auditor } = await import('../../repair/source/auditor.ts');
  const { brokenInAudit } = await import('../../repair/source/broken-in-c.ts');
  const { suggest } = await import('../../repair/source/suggest.ts');
  const { fixesOf } = await import('../../repair/source/fixes.ts');
  const { header, tree } = options;
  const source = await readSource(options.source!, { ...(header && { header }), ...(tree && { tree }) });
  const compiled = build(source, settingsOf(options));
  const asked = inShort(await askedOfC(compiled, options, false), environments);
  const scopes = scopesOf(asked.models, environments);
  const tell = (done: number, all: number): void => status.show(`audits of ${source.path}: ${done} of ${all}`);
  const auditor = new Auditor(settingsOf(options), tell);
  onAbort(signal, () => auditor.close());
  try {
    status.show(`the audit of ${source.path}`);
    // What is written to a file comes of an audit too, which is not done twice.
    const audited =
      files.length === 0 ? undefined : await auditOfSource(compiled, asked.models, environments, signal, tell);
    const broken = audited === undefined ? await auditor.audit(source, scopes) : brokenInAudit(audited.results);
    const reports = audited === undefined ? [] : [audited.report];
    if ([...broken.values()].every(({ size }) => size === 0)) {
      status.clear();
      await tellClean(asked, source.path, options.json);
      return await writeAll(files, reports, EXIT.clean);
    }
    const started = performance.now();
    const found = await search(asked, status, signal);
    const seconds = (performance.now() - started) / 1000;
    const suggestions = await suggest({ source, scopes, broken }, found, auditor);
    if (signal.aborted) throw interrupted();
    status.clear();
    await show(asked, found, options.json, seconds, suggestions);
    if (options.patch !== undefined) await writePatch(options.patch, suggestions);
    const fixes = fixesOf(suggestions);
    return await writeAll(
      files,
      reports.map((report) => ({ ...report, fixes })),
      EXIT.findings,
    );
  } finally {
    await auditor.close();
  }
}

/** The report, or its JSON. */
async function show(
  { name, environments }: DriverChoice,
  { concerns: _, ...found }: Repair,
  json: true | undefined,
  seconds: number,
  suggestions?: Suggestions,
): Promise<void> {
  if (json) {
    const report = {
      schema: 'hartproof.repair/1',
      driver: name,
      environments,
      ...found,
      ...(suggestions && { suggestions }),
    };
    await write(undefined, `${JSON.stringify(report, null, 2)}\n`);
    return;
  }
  const { repairReport } = await import('../../repair/report.ts');
  await write(undefined, repairReport(name, found, seconds));
  if (suggestions === undefined) return;
  const { suggestionsReport } = await import('../../repair/source/report.ts');
  await write(undefined, `\n${suggestionsReport(suggestions, found.leftOut)}`);
}

async function tellClean({ name, environments }: DriverChoice, file: string, json: true | undefined): Promise<void> {
  const report = { schema: 'hartproof.repair/1', driver: name, environments, broken: false, file };
  const text = `${file}: no property is violated, and nothing needs repair.`;
  await write(undefined, `${json ? JSON.stringify(report, null, 2) : text}\n`);
}

async function writePatch(file: string, { whole }: Suggestions): Promise<void> {
  const { patchNote } = await import('../../repair/source/report.ts');
  if ('patch' in whole) await write(file, whole.patch);
  say(patchNote(file, whole));
}
