import type { Command } from 'commander';
import type { Environment, Model } from '../../../models/index.ts';
import { type ConformanceResult, isClean } from '../../audit/conformance/conformance-result.ts';
import type { SourceAudit } from '../../subject/index.ts';
import type { SearchThread } from '../../subject/search-thread.ts';
import { askedOfC } from '../asked-of-c.ts';
import { CONFIG_OPTION, type DriverChoice, type DriverOptions, driverAsked } from '../driver-asked.ts';
import { EXIT, oneOf, UsageError } from '../exit.ts';
import { addFormats, FORMATS, filesAsked, reportOutputs, writeAll } from '../formats.ts';
import { interrupted, interruptible } from '../interrupt.ts';
import { write } from '../output.ts';
import { buildSource, buildSources, orNoSubject, settingsOf } from '../source.ts';
import { statusLine } from '../status.ts';

interface Options extends DriverOptions, Partial<Record<keyof typeof FORMATS, string>> {
  readonly source: string;
  readonly header?: string;
  readonly tree?: string;
  readonly shim?: string;
  readonly define?: string[];
  readonly undefine?: string[];
  readonly environment?: string[];
  readonly deep?: true;
  readonly everyAccess?: true;
  readonly selfTest: boolean;
  readonly replay?: string;
  readonly all?: true;
  readonly json?: true;
}

const EXAMPLES = `
Examples:
  hartproof conform --source patch.mbox                     the C of a patch against the model, in every default scope
  hartproof conform --source perf_event.c --header asm/perf_event.h
  hartproof conform --source ~/linux                        the driver of a kernel tree
  hartproof conform --source patch.diff --tree ~/linux      a patch that changes files without giving all of them
  hartproof conform two-threads --source patch.mbox         one scope
  hartproof conform --source my_pmu.c --config              your C against the driver that hartproof.config.ts describes
  hartproof conform --source patch.mbox --replay TOKEN      the log of a difference again, fact by fact, with C lines
  hartproof conform --source patch.mbox --html conform.html --sarif conform.sarif

Exit status: 0 no difference and every broken copy noticed, 1 a difference or a broken copy missed, 2 usage or environment.`;

export function register(command: Command): void {
  command
    .argument('[model...]', 'the scopes to compare in (default: all but the deep ones)')
    .requiredOption('--source <path>', 'a patch (git diff, mbox, mail-archive page), a kernel tree, or a .c file')
    .option('--header <file>', 'with a .c file: the header of its own that it includes')
    .option('--tree <dir>', 'with a patch: the tree that it applies to, for files that it does not give whole')
    .option('--shim <dir>', 'kernel headers of your own, for what the shim does not have')
    .option('--define <name...>', 'NAME or NAME=VALUE for the preprocessor, such as a CONFIG_ of your PMU')
    .option('--undefine <name...>', 'names that the preprocessor is not to know')
    .option('--driver <name>', 'the model to compare with', 'as-posted')
    .option(...CONFIG_OPTION)
    .option('--environment <name...>', 'who calls the driver: 4.16, 5.10, current, any-order (default: all)')
    .option('--deep', 'compare in the larger scopes too (minutes)')
    .option('--every-access', 'let others come between at every plain access to shared data, too')
    .option('--no-self-test', 'do not break copies of the driver to see that each is noticed')
    .option('--replay <token>', 'follow one log again instead, as the token of a difference says')
    .option('--all', 'show every finding and every table whole')
    .option('--json', 'write the result as JSON');
  addFormats(command, FORMATS)
    .addHelpText('after', EXAMPLES)
    .action(async (names: string[], options: Options) => {
      process.exitCode = await orNoSubject(() =>
        options.replay ? replay(options, options.replay) : run(names, options),
      );
    });
}

/** What one driver is compared with, and in which scopes. */
interface Comparison {
  readonly source: SourceAudit;
  readonly asked: DriverChoice;
  /** Every scope that there is; of them, those that are compared. */
  readonly models: readonly Model[];
  readonly scopes: readonly { readonly model: Model; readonly environment: Environment }[];
}

/** What the C of a driver is compared with. Throws a UsageError if that is nothing. */
async function comparisonOf(source: SourceAudit, names: readonly string[], options: Options): Promise<Comparison> {
  const { conformModels } = await import('../../subject/index.ts');
  const { ENVIRONMENTS } = await import('../../../models/index.ts');
  const asked = await askedOfC(source.build, options, names.length > 0);
  const models = conformModels(asked.pmu, names.length > 0 || options.deep === true);
  const named = names.length === 0 ? models : names.map((name) => modelIn(models, name));
  const environments = options.environment?.map((name) => oneOf('environment', name, ENVIRONMENTS)) ?? ENVIRONMENTS;
  const scopes = named.flatMap((model) =>
    model.environments.filter((core) => environments.includes(core)).map((environment) => ({ model, environment })),
  );
  if (scopes.length === 0)
    throw new UsageError('nothing was compared: no model that was named has such an environment');
  return { source, asked, models, scopes };
}

/** What a description says and cannot be followed in C. Throws a UsageError. */
function checkComparable({ port }: DriverChoice): void {
  const { allocation = 'by-event', overflow = 'none' } = port?.description ?? {};
  if (allocation !== 'by-event' || overflow !== 'none')
    throw new UsageError(
      "how a driver gives counters out (allocation: 'bitmap') and handles their overflow cannot be compared step by step: hartproof audit --source decides the properties on the C itself",
    );
}

async function run(names: string[], options: Options): Promise<number> {
  const files = await filesAsked(FORMATS, options);
  checkComparable(await driverAsked(options));
  const sources = await buildSources(options.source, options);
  const done: ConformanceResult[] = [];
  try {
    const { withThreads } = await import('../../subject/search-thread.ts');
    await interruptible((signal) =>
      withThreads(async (threads) => {
        const comparisons: Comparison[] = [];
        for (const source of sources) comparisons.push(await comparisonOf(source, names, options));
        for (const comparison of comparisons) {
          const result = await compare(comparison, options, threads, signal);
          if (result.compared.length > 0) done.push(result);
        }
      }),
    );
  } finally {
    for (const source of sources) source.close();
  }
  if (done.length === 0) throw interrupted();
  const { reportOf } = await import('../../audit/conformance/report.ts');
  const isPass = done.length === sources.length && done.every(isClean);
  return await writeAll([...reportOutputs(options), ...files], done.map(reportOf), isPass ? EXIT.clean : EXIT.findings);
}

/** Compares one driver in all scopes, up to the first difference, and breaks copies of it. */
async function compare(
  { source, asked: { name, machine }, models, scopes }: Comparison,
  options: Options,
  threads: readonly SearchThread[],
  signal: AbortSignal,
): Promise<ConformanceResult> {
  const { compareIn } = await import('../../audit/conformance/compare.ts');
  const status = statusLine();
  const started = performance.now();
  const pair = { source, machine, threads };
  let found: Awaited<ReturnType<typeof compareIn>>;
  let [done, copies] = [0, 0];
  const copiesText = (): string => (copies === 0 ? '' : `; self-test: ${copies} broken copies`);
  try {
    found = await compareIn(pair, scopes, {
      signal,
      onCompared: () => done++,
      onProgress: ({ model, environment }, states) =>
        status.show(
          () =>
            `${done + 1} of ${scopes.length}: ${model.name}, ${environment}: ${states.toLocaleString('en')} states${copiesText()}`,
        ),
      ...(options.selfTest && {
        copies: {
          models,
          settings: settingsOf(options),
          onTested() {
            copies++;
            if (done === scopes.length) status.show(`self-test: ${copies} broken copies`);
          },
        },
      }),
    });
  } finally {
    status.clear();
  }
  return {
    driver: name,
    file: source.build.source.path,
    ...found,
    seconds: (performance.now() - started) / 1000,
    interrupted: signal.aborted,
  };
}

async function replay(options: Options, token: string): Promise<number> {
  const { conformModels, replayTogether } = await import('../../subject/index.ts');
  const [name, environment, choices = ''] = token.split(':');
  const audit = await buildSource(options.source, options);
  try {
    const { machine, pmu } = await askedOfC(audit.build, options, true);
    const model = modelIn(conformModels(pmu, true), name ?? '');
    const core = oneOf('environment', environment ?? '', model.environments);
    const code = audit.code(model, core);
    for (const { fact, at } of replayTogether(audit, model, core, machine, choices)) {
      const place = audit.placeOf(code, { fact, at });
      const where = place === undefined ? '' : `${place.function}:${place.line}`;
      await write(undefined, `${where.padEnd(28)} ${JSON.stringify(fact)}\n`);
    }
  } finally {
    audit.close();
  }
  return EXIT.clean;
}

const modelIn = (models: readonly Model[], name: string): Model => {
  const found = oneOf(
    'model',
    name,
    models.map((model) => model.name),
  );
  return models.find((model) => model.name === found)!;
};
