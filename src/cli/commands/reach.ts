import type { Command } from 'commander';
import type { Question } from '../../reach/index.ts';
import { CONFIG_OPTION, type DriverChoice, type DriverOptions, driverAsked, subjectOf } from '../driver-asked.ts';
import { EXIT, oneOf, orUsage, positive, UsageError } from '../exit.ts';
import { interruptible } from '../interrupt.ts';
import { checkIsNew, LOGS, readLog, writeLog } from '../logs.ts';
import { write } from '../output.ts';
import type { InC } from '../reach-in-c.ts';
import { recordingOf } from '../recording.ts';
import type { SourceOptions } from '../source.ts';
import { statusLine } from '../status.ts';
import { alongJson, alongText, reachJson, reachText } from '../tell-reach.ts';
import type { JudgedBy } from '../trace-log.ts';

interface Options extends DriverOptions, SourceOptions {
  readonly source?: string;
  readonly environment?: string[];
  readonly deep?: true;
  readonly in?: string;
  readonly store: string;
  readonly steps?: true;
  readonly limit?: string;
  readonly output?: string;
  readonly json?: true;
}

const EXAMPLES = `
Examples:
  hartproof reach 'event_init returns EBUSY'
  hartproof reach 'event_init returns EBUSY and other owner = away' two-threads
  hartproof reach 'add of event 0 returns ENOSPC then add of event 0 returns 0' --driver repaired
  hartproof reach 'mutex.wait then never mutex.unlock then warn'
  hartproof reach 'never any hart n_events > 2'        an invariant: violated if it can be
  hartproof reach 'read is called and event 0 idx = -1' --environment any-order
  hartproof reach 'event_init returns EBUSY' two-threads --source perf_event.c     of the C itself
  hartproof reach 'warn' --in run.jsonl                where in a log; also by the name of a log that is kept
  hartproof reach 'pr_warn' -o busy.jsonl && hartproof explore busy.jsonl

The language: docs/reach.md.

Exit status: 0 it can be (or, with never alone, it cannot), 1 it cannot be (or it can), or the search was cut short, 2 usage.`;

export function register(command: Command): void {
  command
    .argument('<question>', 'what is to happen: facts and values, joined by and, or, not, then, never')
    .argument('[model...]', 'the models in which to look (default: those of the default audit)')
    .option('--driver <name>', 'the driver', 'as-posted')
    .option(...CONFIG_OPTION)
    .option(
      '--source <path>',
      'ask real C instead: a patch, a kernel tree, or a .c file of the family that the models are of',
    )
    .option('--header <file>', 'with a .c file: the header of its own that it includes')
    .option('--tree <dir>', 'with a patch: the tree that it applies to')
    .option('--define <name...>', 'NAME or NAME=VALUE for the preprocessor')
    .option('--undefine <name...>', 'names that the preprocessor is not to know')
    .option('--environment <name...>', 'who calls the driver (default: every core that keeps the contract)')
    .option('--deep', 'look in the larger models too')
    .option('--limit <states>', 'stop each search at so many states; what was not found then is no answer')
    .option('--in <log>', "ask it of a log: a .jsonl file, the name of a log that is kept, or a kernel's trace")
    .option('--store <directory>', 'where logs are kept', LOGS)
    .option('--steps', 'tell the path fact by fact')
    .option('-o, --output <file>', 'write the path as a log (a .jsonl file that is not there yet)')
    .option('--json', 'print the answer as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (text: string, models: string[], options: Options) => {
      const { readQuestion } = await import('../../reach/index.ts');
      const question = orUsage(() => readQuestion(text));
      if (options.in !== undefined) process.exitCode = await inLog(question, options.in, models, options);
      else if (options.source !== undefined) process.exitCode = await inSource(question, models, options);
      else process.exitCode = await inModels(question, models, await driverAsked(options), options);
    });
}

/** Asks the C of a driver in the models of its family. */
async function inSource(question: Question, names: readonly string[], options: Options): Promise<number> {
  if (options.output !== undefined)
    throw new UsageError('the path of C is no log that machines follow: --output goes without --source');
  const { askedOfC } = await import('../asked-of-c.ts');
  const { reachInC } = await import('../reach-in-c.ts');
  const { buildSource, orNoSubject } = await import('../source.ts');
  return await orNoSubject(async () => {
    const source = await buildSource(options.source!, options);
    try {
      const asked = await askedOfC(source.build, options, names.length > 0);
      return await inModels(
        question,
        names,
        { ...asked, name: source.build.source.path },
        options,
        await reachInC(source),
      );
    } finally {
      source.close();
    }
  });
}

async function inModels(
  question: Question,
  names: readonly string[],
  driver: DriverChoice,
  options: Options,
  inC?: InC,
): Promise<number> {
  const { ENVIRONMENTS, modelIn } = await import('../../../models/index.ts');
  const { askModels, cutShort, proveInAll } = await import('../../reach/index.ts');
  const models =
    names.length > 0
      ? names.map((name) => orUsage(() => modelIn(driver.models, name)))
      : driver.models.filter(({ deep }) => options.deep || !deep);
  const environments =
    options.environment?.map((name) => oneOf('environment', name, ENVIRONMENTS)) ??
    ENVIRONMENTS.filter((name) => names.length > 0 || name !== 'any-order');
  const states = options.limit === undefined ? undefined : positive('limit', options.limit);
  if (options.output !== undefined) checkIsNew('output', options.output);
  const status = statusLine();
  const asked = await interruptible((signal) =>
    askModels({
      ...{ question, machine: driver.machine, models, environments, signal },
      ...(inC && { inC: inC.searched }),
      ...(states !== undefined && { limits: { states } }),
      onProgress: (done, total, found) =>
        status.show(() => `search ${done + 1} of ${total}: ${found.toLocaleString('en')} states`),
    }),
  ).catch((error: unknown) =>
    orUsage(() => {
      throw error;
    }),
  );
  const { reached } = asked;
  // What is asked of everything is answered sooner than it is proved.
  const isProvable = names.length > 0 && inC === undefined && reached === undefined && cutShort(asked).length === 0;
  const proved = isProvable
    ? await interruptible((signal) =>
        proveInAll(question, driver.machine, asked.searches, signal, (model) =>
          status.show(() => `a proof for any number of events: ${model}`),
        ),
      )
    : [];
  status.clear();
  if (options.output !== undefined && reached !== undefined) {
    const { headerOf } = await import('../../replay/recorded.ts');
    const subject = subjectOf(driver, reached.model.name, reached.environment);
    await writeLog(options.output, headerOf(subject, undefined, driver), reached.answer.log);
  }
  const told = {
    question,
    driver,
    asked,
    detail: options.steps ? 'facts' : 'callbacks',
    output: options.output,
    proved,
    ...(inC && { inC }),
  } as const;
  await write(undefined, options.json ? await reachJson(told) : await reachText(told));
  return statusOf(question, reached !== undefined, cutShort(asked).length > 0);
}

async function inLog(question: Question, log: string, models: readonly string[], options: Options): Promise<number> {
  if (options.source !== undefined) throw new UsageError('a log is asked with --in, and C with --source: not both');
  if (models.length > 0 || options.output !== undefined)
    throw new UsageError('a log has its model, and its answer is no log: --in goes with no model and no --output');
  const { answersAlong } = await import('../../reach/index.ts');
  const { systemOf } = await import('../../replay/recorded.ts');
  const { RefusedFact } = await import('../../engine/compose/index.ts');
  const { header, facts, isTorn, placeOf } = await readLog(log, options.store, judgedBy(options));
  const { of, doubt } = await recordingOf(header, options.config);
  if (doubt !== undefined) throw new UsageError(`${log}: ${doubt}: it cannot be asked`);
  try {
    const answers = orUsage(() => answersAlong(systemOf(header, of), question, facts));
    const told = { question, log, facts: facts.length, isTorn, answers };
    await write(undefined, options.json ? alongJson(told) : alongText(told));
    return statusOf(question, answers.length > 0, isTorn);
  } catch (error) {
    if (!(error instanceof RefusedFact)) throw error;
    throw new UsageError(`${placeOf(error.position)}: these machines do not accept the log: ${error.message}`);
  }
}

/** By what a kernel's trace is judged that is asked. */
const judgedBy = ({ driver, environment }: Options): JudgedBy => ({
  driver,
  ...(environment?.[0] !== undefined && { environment: environment[0] }),
});

/** What was cut short before it answered is no answer. */
function statusOf({ kind }: Question, isReached: boolean, isCut: boolean): number {
  const isGood = kind === 'never' ? !isReached && !isCut : isReached;
  return isGood ? EXIT.clean : EXIT.findings;
}
