import type { Command } from 'commander';
import type { Model } from '../../../models/index.ts';
import type { AuditOptions, Result } from '../../audit/audit.ts';
import type { AuditResult } from '../../audit/audit-result.ts';
import type { AuditTarget } from '../../audit/audit-target.ts';
import type { Progress } from '../../engine/check/index.ts';
import { noSuch } from '../../outside/no-such.ts';
import { auditAgain } from '../again.ts';
import { readBaseline } from '../baseline.ts';
import { CONFIG_OPTION, type DriverChoice, type DriverOptions, driverAsked } from '../driver-asked.ts';
import { EXIT, oneOf, orUsage, positive, UsageError } from '../exit.ts';
import {
  addFormats,
  addReportOptions,
  BASELINE_FORMATS,
  checkJson,
  FORMATS,
  filesAsked,
  type Output,
  optionOf,
  reportOutputs,
  writeAll,
} from '../formats.ts';
import type { GroundDriver, groundAsked } from '../ground.ts';
import { interruptible } from '../interrupt.ts';
import { isKept } from '../last-report.ts';
import { LOGS } from '../logs.ts';
import { say, write } from '../output.ts';
import { type StatusLine, statusLine } from '../status.ts';

interface Options extends DriverOptions, Partial<Record<keyof typeof FORMATS | keyof typeof BASELINE_FORMATS, string>> {
  readonly source?: string;
  readonly header?: string;
  readonly tree?: string;
  readonly shim?: string;
  readonly device?: string;
  readonly define?: string[];
  readonly undefine?: string[];
  readonly environment?: string[];
  readonly property?: string[];
  readonly deep?: true;
  readonly all?: true;
  readonly steps?: true;
  readonly json?: string | true;
  readonly list?: true;
  readonly keep: string | false;
  readonly limit?: string;
  readonly compact?: true;
  readonly disk?: string;
  readonly symmetry?: true;
  readonly partialOrder?: true;
  readonly baseline?: string;
  readonly guards?: true;
  readonly perProperty?: true;
}

const EXAMPLES = `
Examples:
  hartproof audit                                   every model, in every environment where it makes sense
  hartproof audit --list                            the models, the properties, the drivers and the environments
  hartproof audit two-threads --environment 4.16    one question
  hartproof audit --property count-exact --steps    one property, counterexamples fact by fact
  hartproof show 3                                  the third finding of the last audit, whole
  hartproof audit four-threads --symmetry           a larger model, without what is the same under other numbers
  hartproof audit four-threads --partial-order --property no-deadlock       one of which the states are few then
  hartproof audit three-threads --disk /var/tmp/hp  states on disk; after Ctrl-C, the same command goes on
  hartproof audit --driver repaired                 the driver with every decision taken better
  hartproof audit --config                          your own PMU and driver (see hartproof init)
  hartproof audit --source patch.mbox               the C of a patch itself, compiled and run under the same machines
  hartproof audit --source drivers/perf/NAME.c --tree LINUX     any driver's C, with the headers of its kernel
  hartproof audit --source fix.patch --tree LINUX   each driver that a patch changes, as the tree has it afterwards
  hartproof audit --json audit.json                 also for a script (--json alone: on standard output)
  hartproof audit --html audit.html                 also as a page, with pictures, to step through
  hartproof audit --sarif audit.sarif --junit audit.xml     also for the tools of a CI
  hartproof audit --write-baseline known.json       take what is found as known, and from then on
  hartproof audit --baseline known.json             fail only when something new is found

Exit status: 0 every property holds for callers that keep the contract, 1 findings, or something is left open
(bounded, or probable; a property that was named, or everything, is vacuous), 2 usage or environment.`;

export function register(command: Command): void {
  command
    .argument('[model...]', 'the models to search (default: all but the deep ones)')
    .option('--driver <name>', 'the driver to audit', 'as-posted')
    .option(...CONFIG_OPTION)
    .option('--source <path>', 'audit real C instead: a patch, a kernel tree, or a .c file')
    .option('--header <file>', 'with a .c file: the header of its own that it includes')
    .option(
      '--tree <dir>',
      'with a patch: the tree that it applies to; of today, and with a .c file: the kernel tree whose headers it is compiled with',
    )
    .option('--shim <dir>', 'kernel headers of your own, for what the shim does not have')
    .option(
      '--device <name|file>',
      "with a driver's .c file: its hardware, one of ours or described in a file (docs/devices.md)",
    )
    .option('--define <name...>', 'NAME or NAME=VALUE for the preprocessor')
    .option('--undefine <name...>', 'names that the preprocessor is not to know')
    .option('--environment <name...>', 'who calls the driver: 4.16, 5.10, current, any-order (default: all)')
    .option('--property <id...>', 'the properties to decide (default: all)')
    .option('--deep', 'search the larger models too')
    .option('--all', 'show every finding whole, with its counterexample (through $PAGER on a terminal)')
    .option('--steps', 'the same, fact by fact')
    .option('--json [file]', 'write the results as JSON, to a file or to standard output')
    .option('--limit <states>', 'stop each search at so many states; what was not found then is no pass')
    .option(
      '--compact',
      'keep only fingerprints of states: for scopes that memory cannot hold; nothing is certain to hold then',
    )
    .option(
      '--disk <directory>',
      'keep states there, not in memory: for scopes that memory cannot hold; what is stopped goes on when it is asked again',
    )
    .option('--symmetry', 'take states as one that differ only in the numbers of alike events or harts')
    .option(
      '--partial-order',
      'keep no state in the middle of a callback with interrupts off, or before a step that no property sees: for larger scopes, the fewer properties are asked',
    )
    .option('--keep <directory>', 'keep the counterexamples as logs for hartproof replay', LOGS)
    .option('--no-keep', 'keep nothing')
    .option('--list', 'list what can be named, and stop')
    .option('--baseline <file>', 'findings in this file are known: only new ones set the exit status');
  addReportOptions(addFormats(command, { ...FORMATS, ...BASELINE_FORMATS }))
    .addHelpText('after', EXAMPLES)
    .action(async (names: string[], options: Options) => {
      const { driverInFile, runGround } = await import('../ground.ts');
      const { driversInPatch } = await import('../ground-patch.ts');
      const driver = await driverInFile(options);
      const patched = await driversInPatch(options);
      if (driver === undefined && patched === undefined && options.device !== undefined)
        throw new UsageError(
          '--device is for a driver that is compiled with a kernel tree: a .c file or a patch, with --tree or in one',
        );
      process.exitCode = options.list
        ? await list()
        : driver !== undefined
          ? await runInTree(driver, names, options)
          : patched !== undefined
            ? await runGround(patched, names, options)
            : await withTargets(names, options, (targets) => run(names, options, targets));
    });
}

/** What is audited, and the models to ask of it. */
interface Target {
  readonly target: AuditTarget;
  readonly known: readonly Model[];
  /** Where it is no C. */
  readonly asked?: DriverChoice;
}

/** What says how machines are searched, and what is done with C that runs instead. */
const OF_MACHINES = [
  ['compact', 'the states of C that runs are compared whole'],
  ['disk', 'the states of C that runs are kept in memory'],
  ['symmetry', 'the states of C that runs are all kept'],
  ['partialOrder', 'the states of C that runs are all kept'],
] as const;

/** Throws a UsageError where a search is asked for in ways that do not go together. */
function checkSearch(options: Options): void {
  for (const [option, instead] of OF_MACHINES)
    if (options.source !== undefined && options[option] !== undefined)
      throw new UsageError(`${optionOf(option)} is for machines: ${instead}`);
  if (options.compact && options.disk !== undefined)
    throw new UsageError('--compact keeps no states that --disk could keep: one of them');
  const [other] = OF_MACHINES.find(([option]) => option !== 'partialOrder' && options[option] !== undefined) ?? [];
  if (options.partialOrder && other !== undefined)
    throw new UsageError(`--partial-order and ${optionOf(other)} are two ways to search: one of them`);
}

/** Makes ready what is audited, and ends what runs for it. */
async function withTargets(
  names: readonly string[],
  options: Options,
  action: (targets: readonly Target[]) => Promise<number>,
): Promise<number> {
  checkSearch(options);
  if (options.source === undefined) {
    const { described } = await import('../../audit/modelled.ts');
    const asked = await driverAsked(options);
    const target = described(asked.name, asked.machine, asked.driver);
    return action([{ target, known: asked.models, asked }]);
  }
  // A file that is no good is told before anything is compiled.
  if (options.config !== undefined) await driverAsked(options);
  const { orNoSubject } = await import('../source.ts');
  return orNoSubject(() => withSources(names, options, action));
}

/** The same of C that is compiled. Rejects with what the build does. */
async function withSources(
  names: readonly string[],
  options: Options & { readonly kernel?: string },
  action: (targets: readonly Target[]) => Promise<number>,
): Promise<number> {
  const { askedOfC } = await import('../asked-of-c.ts');
  const { compiled } = await import('../../audit/compiled.ts');
  const { buildSources } = await import('../source.ts');
  const { withThreads } = await import('../../subject/search-thread.ts');
  const sources = await buildSources(options.source!, options);
  try {
    return await withThreads(async (threads) => {
      const targets: Target[] = [];
      for (const source of sources)
        targets.push({
          target: compiled(source, threads),
          known: (await askedOfC(source.build, options, names.length > 0)).models,
        });
      return await action(targets);
    });
  } finally {
    for (const source of sources) source.close();
  }
}

/**
 * A driver with the headers of a kernel tree: what is asked of any; and where it keeps the books of the family of 2018, what is
 * asked of these, with the same headers. Models and environments are those of the family alone.
 */
async function runInTree(driver: GroundDriver, names: readonly string[], options: Options): Promise<number> {
  const { groundAsked, runGround } = await import('../ground.ts');
  const { BASE_PMU, keepsBooks, NoSubject } = await import('../../subject/index.ts');
  const { sourceInTree } = await import('../../subject/ground/own.ts');
  const { GROUND_PROPERTIES } = await import('../../subject/ground/properties/index.ts');
  const { PROPERTIES } = await import('../../../models/index.ts');
  const { SUBJECT_PROPERTIES } = await import('../../subject/properties.ts');
  const { orNoSubject } = await import('../source.ts');
  const source = await orNoSubject(async () => sourceInTree(options.source!));
  // A header is found beside or above the file.
  if (options.header !== undefined || !keepsBooks(source)) return await runGround([driver], names, options);
  const books = new Set([...PROPERTIES, ...SUBJECT_PROPERTIES].map(({ id }) => id));
  const any = new Set(GROUND_PROPERTIES.map(({ id }) => id));
  for (const id of options.property ?? [])
    if (!books.has(id) && !any.has(id)) throw new UsageError(noSuch('property', id, [...new Set([...books, ...any])]));
  const ofBooks = options.property?.filter((id) => books.has(id));
  const ofAny = options.property?.filter((id) => any.has(id));
  const configured = { ...options, define: [BASE_PMU, ...(options.define ?? [])] };
  if (ofBooks?.length === 0) return await runGround([driver], names, configured);
  const isBooksAlone = names.length > 0 || options.environment !== undefined || ofAny?.length === 0;
  const work = isBooksAlone
    ? undefined
    : await groundAsked(driver, { ...configured, ...(ofAny && { property: ofAny }) }, `${source.path}, as any driver`);
  const tree = driver.tree.root;
  const asked = { ...options, tree, kernel: tree, ...(ofBooks && { property: ofBooks }) };
  try {
    return await withSources(names, asked, (targets) => run(names, asked, targets, work));
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    if (!(error instanceof NoSubject)) throw error;
    say(`its bookkeeping is not asked: ${error.message}`);
    return await runGround([driver], names, configured);
  }
}

async function run(
  names: readonly string[],
  options: Options,
  targets: readonly Target[],
  ground?: Awaited<ReturnType<typeof groundAsked>>,
): Promise<number> {
  const files = await filesAsked(FORMATS, options);
  const baselines = await filesAsked(BASELINE_FORMATS, options);
  await checkJson(
    options.json,
    targets.flatMap(({ known }) => known),
  );
  const audits = await Promise.all(targets.map((target) => auditOf(target, names, options)));
  const status = statusLine();
  return await interruptible(async (signal) => {
    const done: Done[] = [];
    for (const audit of audits) done.push(await audit(signal, status));
    const ofAny = await ground?.(signal, status).catch(notOfAny);
    status.clear();
    if (signal.aborted) say('interrupted; what is shown is what was covered so far');
    const { reportOf } = await import('../../audit/report.ts');
    const { baselineOf } = await import('../../audit/baseline.ts');
    const results = done.map(({ result }) => result);
    const reports = [
      ...results.map((result) => ({ ...reportOf(result), again: auditAgain(options) })),
      ...(ofAny ? [ofAny.report] : []),
    ];
    const written = [...results.map(baselineOf), ...(ofAny ? [ofAny.baseline] : [])];
    const outputs = [
      ...[...reportOutputs(options), ...files].map((output) => () => output(reports)),
      ...baselines.map((output) => () => output(written)),
      ...targets.map((target, number) => keeper(target, number, options)),
    ];
    const isPass = done.every((one) => one.isPass) && (ground === undefined || ofAny?.isPass === true);
    return await writeAll(outputs, results, isPass ? EXIT.clean : EXIT.findings);
  });
}

/** What its books come to is told all the same, and is no pass. */
function notOfAny(error: unknown): undefined {
  if (!(error instanceof UsageError)) throw error;
  say(`what is asked of any driver is not: ${error.message}`);
}

/** An audit that is done, and whether users can hit nothing that is new, nothing is left open, and something was decided. */
interface Done {
  readonly result: AuditResult;
  readonly isPass: boolean;
}

type Audit = (signal: AbortSignal, status: StatusLine) => Promise<Done>;

/** The audit of a target that the options ask for. Throws a UsageError, before anything is searched, if there is none. */
async function auditOf({ target, known }: Target, names: readonly string[], options: Options): Promise<Audit> {
  const { ENVIRONMENTS, modelIn } = await import('../../../models/index.ts');
  const { propertyIn } = await import('../../audit/property.ts');
  const { vacuousText } = await import('../../audit/summary.ts');
  const { Causes } = await import('../../audit/causes.ts');
  const { violationsOf } = await import('../../audit/violation.ts');
  const environments = options.environment?.map((name) => oneOf('environment', name, ENVIRONMENTS)) ?? ENVIRONMENTS;
  const models =
    names.length > 0
      ? names.map((name) => orUsage(() => modelIn(known, name)))
      : known.filter(({ deep }) => options.deep || !deep);
  const properties = options.property?.map((id) => orUsage(() => propertyIn(target, id)));
  const limit = options.limit === undefined ? undefined : positive('limit', options.limit);
  const compare = options.baseline === undefined ? undefined : await readBaseline(options.baseline, target.name);
  return async (signal, status) => {
    const causes = new Causes(target);
    const results = await audited(options, {
      target,
      models,
      environments,
      ...(properties && { properties }),
      ...(limit !== undefined && { limits: { states: limit } }),
      ...(options.compact && { compact: true }),
      ...(options.symmetry && { symmetry: true }),
      ...(options.partialOrder && { partialOrder: true }),
      signal,
      // Where others search, there is time here.
      ...((target.lanes ?? 1) > 1 && { onDecided: (results: readonly Result[]) => causes.begin(results) }),
      onProgress: (model, environment, progress, done, all) =>
        status.show(() => `${done + 1} of ${all}: ${model.name}, ${environment}: ${progressText(progress)}`),
    });
    if (results.length === 0)
      throw new UsageError(
        'nothing was asked: no model that was named decides such a property in such an environment (see --list)',
      );
    const found: AuditResult = { target, results, findings: await violationsOf(results, target, causes) };
    const result = compare === undefined ? found : compare(found);
    const empty = vacuousText(results, properties);
    if (empty !== undefined) say(empty);
    return { result, isPass: empty === undefined && isPass(result) };
  };
}

/** An audit; where its states are on disk, or should be, that is said. Throws a UsageError if they cannot be. */
async function audited({ disk, compact, source, partialOrder }: Options, options: AuditOptions): Promise<Result[]> {
  const { audit } = await import('../../audit/audit.ts');
  const { isOfMemory } = await import('../../engine/check/memory.ts');
  const { DiskError } = await import('../../engine/check/disk/disk-error.ts');
  try {
    const results = await audit({ ...options, ...(disk !== undefined && { disk }) });
    const stops = results.flatMap(({ covered: { stoppedBy } }) => stoppedBy ?? []);
    if (disk !== undefined && stops.length > 0)
      say(`what was found until then is kept in ${disk}: the same command goes on from there`);
    else if (disk === undefined && !compact && source === undefined && stops.some(isOfMemory))
      say(
        `where memory is short, --disk DIRECTORY keeps states on disk${partialOrder ? '' : ', and --partial-order keeps fewer'}`,
      );
    return results;
  } catch (error) {
    if (error instanceof DiskError)
      throw new UsageError(`${error.message} (remove what is there to begin anew, or give --disk another directory)`);
    throw error;
  }
}

function isPass({ results, findings, compared }: AuditResult): boolean {
  const uncertain = results.some(({ verdict }) => verdict.verdict === 'bounded' || verdict.verdict === 'probable');
  return !uncertain && (compared?.fresh ?? findings.filter(({ userReachable }) => userReachable).length) === 0;
}

/** Keeps the counterexamples: what C does only where there is a model to fold it again. */
const keeper =
  ({ asked }: Target, number: number, { keep: directory }: Options): Output<AuditResult> =>
  async (results) => {
    if (directory !== false && asked !== undefined && results[number]!.findings.length > 0)
      await keep(results[number]!, asked, directory);
  };

/** What cannot be kept is no reason to lose the report. */
async function keep(result: AuditResult, asked: DriverChoice, directory: string): Promise<void> {
  const { keepCounterexamples } = await import('../keep.ts');
  try {
    const [fresh] = await keepCounterexamples(result, asked, directory);
    if (fresh === undefined) return;
    const there = directory === LOGS ? '' : ` --store ${directory}`;
    const look = isKept(directory) ? `; to look at the first: hartproof explore 1${there}` : '';
    say(`counterexamples are kept in ${directory}${look}`);
  } catch (error) {
    say(`the counterexamples are not kept: ${(error as Error).message}`);
  }
}

function progressText({ states, transitions, frontier, milliseconds }: Progress): string {
  const rate = Math.round(transitions / milliseconds);
  return `${states.toLocaleString('en')} states, ${frontier.toLocaleString('en')} in the frontier, ${rate.toLocaleString('en')} thousand transitions/s`;
}

async function list(): Promise<number> {
  const { columns } = await import('../../reports/terminal/table.ts');
  const { entry } = await import('../../reports/wrap.ts');
  const { DRIVERS } = await import('../../../machines/drivers.ts');
  const { ENVIRONMENTS, MODELS, PROPERTIES } = await import('../../../models/index.ts');
  const { SUBJECT_PROPERTIES } = await import('../../subject/properties.ts');
  const properties = [...PROPERTIES, ...SUBJECT_PROPERTIES];
  const width = Math.max(
    ...[...MODELS.map(({ name }) => name), ...properties.map(({ id }) => id)].map(({ length }) => length),
  );
  const line = (name: string, text: string): string => entry(name, text, width, columns());
  const lines = [
    'Models',
    ...MODELS.map(({ name, asks, deep }) => line(name, `${asks}${deep ? ' (deep)' : ''}`)),
    '',
    'Properties',
    ...PROPERTIES.map(({ id, statement }) => line(id, statement)),
    ...SUBJECT_PROPERTIES.map(({ id, statement }) => line(id, `${statement} (with --source)`)),
    '',
    `Drivers: ${Object.keys(DRIVERS).join(', ')}`,
    `Environments: ${ENVIRONMENTS.join(', ')}`,
  ];
  await write(undefined, `${lines.join('\n')}\n`);
  return EXIT.clean;
}
