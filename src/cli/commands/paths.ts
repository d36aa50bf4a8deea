import { type Command, Option } from 'commander';
import type { Environment } from '../../../models/index.ts';
import type { PathTests, SystemUnderTest } from '../../paths/index.ts';
import { CONFIG_OPTION, type DriverChoice, driverAsked } from '../driver-asked.ts';
import { EXIT, orUsage, UsageError } from '../exit.ts';
import { write } from '../output.ts';
import { orNoSubject } from '../source.ts';

interface Options {
  readonly coverage: 'states' | 'transitions' | 'pairs' | 'outcomes';
  readonly environment?: string;
  readonly format: Format;
  readonly config?: string | true;
  readonly run?: string;
  readonly source?: string;
  readonly header?: string;
  readonly output?: string;
}

const FORMATS = {
  text: async () => (await import('../../paths/formats/text.ts')).toText,
  json: async () => (await import('../../paths/formats/json.ts')).toJson,
  kunit: async () => (await import('../../paths/formats/kunit.ts')).toKunit,
  uvu: async () => (await import('../../paths/formats/uvu.ts')).toUvu,
} as const satisfies Record<string, () => Promise<(tests: PathTests) => string>>;

/** What to write: tests, or, in C, a program that goes one of them. */
type Format = keyof typeof FORMATS | 'c';

const HELP = `
What a test expects is the contract, not what a driver happens to do. Each test names the property that a step breaks.
Calls come one after the other: what they do to each other when they overlap is for \`hartproof audit\`.

Examples:
  hartproof paths two-of-a-kind                                    every transition, to read
  hartproof paths lifecycle --coverage pairs                       logs that cover one machine by itself
  hartproof paths foreign-owner --coverage pairs --format json     every pair of transitions, for another runner
  hartproof paths migration --coverage pairs --run as-posted       run them against the posted driver
  hartproof paths migration --coverage pairs --run ./subject.js    and against your own: a module that exports a SystemUnderTest
  hartproof paths counter-hpmcounter3 --config --run my-pmu        the driver that hartproof.config.ts describes, by its name
  hartproof paths migration --coverage pairs --source patch.mbox   and against the real C of a driver
  hartproof paths two-of-a-kind --format kunit -o paths_kunit.c    a KUnit suite, to include at the end of the driver's file
  hartproof paths two-of-a-kind --format kunit --source driver.c   the same, with the names of that driver's own C
  hartproof paths two-of-a-kind --format c -o path.c               one path from user space, through perf_event_open(2)
  hartproof paths migration --format c --source patch.mbox         that which this driver fails; --run names a modelled one
  hartproof paths group-of-two --format uvu -o group.test.js       a test file; HARTPROOF_SUBJECT names what it tests, c:PATH for real C

Exit status: 0 written, or no test fails; 1 a test fails; 2 usage or environment.`;

/** `hartproof paths`: few and short tests that cover a model. */
export function register(command: Command): void {
  command
    .argument(
      '<name>',
      'the model to cover (see hartproof audit --list), or a machine by itself (lifecycle, any-order)',
    )
    .addOption(
      new Option('-c, --coverage <what>', 'what the tests cover')
        .choices(['states', 'transitions', 'pairs', 'outcomes'])
        .default('transitions'),
    )
    .option('-e, --environment <name>', 'whose calls: 4.16, 5.10 or current (default: the first of the model)')
    .addOption(
      new Option('-f, --format <format>', 'what to write').choices([...Object.keys(FORMATS), 'c']).default('text'),
    )
    .option(...CONFIG_OPTION)
    .option('--run <subject>', 'run them, against a modelled driver or a module that exports a SystemUnderTest')
    .option('--source <path>', 'run them against the real C: a patch, a kernel tree or a .c file')
    .option('--header <file>', 'with a .c file: the header of its own that it includes')
    .option('-o, --output <file>', 'write to a file, not to standard output')
    .addHelpText('after', HELP)
    .action(async (name: string, options: Options) => {
      process.exitCode = await generate(name, options);
    });
}

async function generate(name: string, options: Options): Promise<number> {
  const { MACHINES } = await import('../../../machines/index.ts');
  if (Object.hasOwn(MACHINES, name)) return await generateOfMachine(name, options);
  const { modelIn } = await import('../../../models/index.ts');
  const { pathTests } = await import('../../paths/index.ts');
  const asked = await driverAsked({ driver: 'as-posted', ...options });
  const tests = orUsage(() => {
    const model = modelIn(asked.models, name);
    const environment = (options.environment ?? model.environments[0]!) as Environment;
    return pathTests(model, environment, options.coverage, asked);
  });
  const { format, source, output } = options;
  if (format === 'kunit' && source !== undefined) return await suiteOf(tests, source, options);
  const subject = source === undefined ? options.run : `c:${source}`;
  if (format === 'c') return await orNoSubject(() => programFor(tests, subject ?? asked.name, asked, options));
  if (subject !== undefined && format !== 'text')
    throw new UsageError(`--format ${format} writes the tests, --run and --source run them: leave one out`);
  if (subject !== undefined) return await orNoSubject(() => run(tests, subject, asked, options));
  const toFormat = await FORMATS[format]();
  await write(
    output,
    orUsage(() => toFormat(tests)),
  );
  return EXIT.clean;
}

/** What is tested, by its name. */
async function subjectOf(
  tests: PathTests,
  name: string,
  asked: DriverChoice,
  { header }: Options,
): Promise<SystemUnderTest> {
  const { SimulatedDriver, systemUnderTest } = await import('../../paths/index.ts');
  const pmu = { ...asked.pmu, ...tests.pmu };
  return name === asked.name ? new SimulatedDriver(asked.machine, pmu) : await systemUnderTest(name, pmu, { header });
}

/** The program that goes the path which the driver in question fails. */
async function programFor(tests: PathTests, name: string, asked: DriverChoice, options: Options): Promise<number> {
  const { failuresSeenByC, toC } = await import('../../paths/formats/c.ts');
  const subject = await subjectOf(tests, name, asked, options);
  try {
    const failures = await failuresSeenByC(subject, tests);
    await write(
      options.output,
      orUsage(() => toC(tests, (test) => failures.get(test))),
    );
  } finally {
    await subject.close?.();
  }
  return EXIT.clean;
}

/** A KUnit suite with the names of the driver's own C. */
async function suiteOf(tests: PathTests, path: string, { header, output }: Options): Promise<number> {
  const { readSource } = await import('../../subject/index.ts');
  const { probe } = await import('../../subject/probe.ts');
  const { toKunit } = await import('../../paths/formats/kunit.ts');
  const { namesOf } = await import('../../paths/formats/kunit/names.ts');
  return await orNoSubject(async () => {
    const source = await readSource(path, header === undefined ? {} : { header });
    const names = orUsage(() => namesOf(source.text, probe(source)));
    await write(
      output,
      orUsage(() => toKunit(tests, names)),
    );
    return EXIT.clean;
  });
}

/** The tests of one machine are logs that it must accept: there is no driver to run them against. */
async function generateOfMachine(name: string, options: Options): Promise<number> {
  const { format, run, source, config, environment = '4.16', coverage } = options;
  if (config !== undefined) throw new UsageError(`${name} is a machine by itself: no PMU changes its tests`);
  if (run !== undefined || source !== undefined || (format !== 'text' && format !== 'json'))
    throw new UsageError(`${name} is a machine by itself: its tests are logs, as text or json`);
  const { machineTests } = await import('../../paths/machine-tests.ts');
  const tests = orUsage(() => machineTests(name, environment, coverage));
  const { logsJson, logsText } = await import('../../paths/formats/logs.ts');
  await write(options.output, format === 'json' ? logsJson(tests) : logsText(tests));
  return EXIT.clean;
}

/** Runs the tests and says which fail, at which step, and which property that breaks. */
async function run(tests: PathTests, name: string, asked: DriverChoice, options: Options): Promise<number> {
  const { failureText, runPath } = await import('../../paths/index.ts');
  const { header } = await import('../../paths/formats/text.ts');
  const subject = await subjectOf(tests, name, asked, options);
  const lines = [header(tests)];
  let failed = 0;
  try {
    for (const test of tests.tests) {
      const failure = await runPath(subject, tests, test);
      if (failure !== undefined) failed++;
      lines.push(failure === undefined ? `${test.name}: passed` : failureText(test, failure));
    }
  } finally {
    await subject.close?.();
  }
  await write(options.output, `${lines.join('\n')}\n`);
  return failed > 0 ? EXIT.findings : EXIT.clean;
}
