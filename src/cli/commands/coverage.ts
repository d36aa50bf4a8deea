import { type Command, Option } from 'commander';
import type { Fact, System } from '../../facts/index.ts';
import type { Coverage, CoverageReport } from '../../paths/index.ts';
import { entry } from '../../reports/wrap.ts';
import { CONFIG_OPTION, type DriverOptions, driverAsked } from '../driver-asked.ts';
import { EXIT, oneOf, orUsage, UsageError } from '../exit.ts';
import { LOGS, readLog } from '../logs.ts';
import { write } from '../output.ts';

interface Options extends DriverOptions {
  readonly of: Coverage;
  readonly environment?: string;
  readonly log?: string[];
  readonly paths?: Coverage;
  readonly store: string;
  readonly json?: true;
}

const WHATS = ['states', 'transitions', 'pairs', 'outcomes'] as const;

const HELP = `
A transition is told by its guard, so that each outcome of a guard is one; outcomes are the answers to each kind of event,
and the sites that can warn. Without --log and --paths it says what the scope can reach at all.

Examples:
  hartproof coverage two-of-a-kind                               what can be reached in the scope, by machine
  hartproof coverage two-of-a-kind --paths outcomes              what the path tests that cover the outcomes reach of it
  hartproof coverage two-of-a-kind --of outcomes --log run-1     what a kept log has reached (or a .jsonl file)
  hartproof coverage two-of-a-kind --config                      of your own PMU and driver (see hartproof init)

Exit status: 0, or 2 usage or environment.`;

export function register(command: Command): void {
  command
    .argument('<model>', 'the model (see hartproof audit --list)')
    .addOption(new Option('--of <what>', 'what is looked at').choices(WHATS).default('transitions'))
    .option('-e, --environment <name>', 'whose calls (default: the first of the model)')
    .option('-d, --driver <name>', 'the driver', 'as-posted')
    .option(...CONFIG_OPTION)
    .option('--log <log...>', 'logs of this model: .jsonl files, or names of logs that are kept')
    .addOption(new Option('--paths <what>', 'the path tests that cover this').choices(WHATS))
    .option('--store <directory>', 'where logs are kept', LOGS)
    .option('--json', 'write it as JSON')
    .addHelpText('after', HELP)
    .action(async (name: string, options: Options) => {
      process.exitCode = await cover(name, options);
    });
}

async function cover(name: string, options: Options): Promise<number> {
  const { compose, ENVIRONMENTS, modelIn } = await import('../../../models/index.ts');
  const { coverageOf, logOf, pathTests } = await import('../../paths/index.ts');
  const asked = await driverAsked(options);
  const model = orUsage(() => modelIn(asked.models, name));
  const environment = oneOf('environment', options.environment ?? model.environments[0]!, ENVIRONMENTS);
  const system = compose(model.scope, environment, asked.machine);
  const logs: (readonly Fact[])[] = [];
  for (const log of options.log ?? []) logs.push(await factsOf(log, options.store, model.name));
  if (options.paths !== undefined) {
    const { paths } = options;
    const { tests } = orUsage(() => pathTests(model, environment, paths, asked));
    for (const { steps } of tests)
      logs.push(
        logOf(
          system,
          steps.map(({ stimulus }) => stimulus),
        ),
      );
  }
  const { columns } = await import('../../reports/terminal/table.ts');
  const isSearch = options.log === undefined && options.paths === undefined;
  const report = covered(system, options.of, isSearch ? undefined : logs);
  const said = { model: name, environment, driver: asked.name, ...report };
  await write(undefined, options.json ? `${JSON.stringify(said, null, 2)}\n` : textOf(said, columns()));
  return EXIT.clean;

  function covered(system: System, of: Coverage, logs: readonly (readonly Fact[])[] | undefined): CoverageReport {
    try {
      return coverageOf(system, of, logs);
    } catch (error) {
      if (logs === undefined || options.log === undefined) throw error;
      throw new UsageError(
        `${options.log.join(', ')}: no log of ${name} in ${environment}: ${(error as Error).message}`,
      );
    }
  }
}

/** The facts of a log that was recorded of that model. */
async function factsOf(log: string, directory: string, model: string): Promise<Fact[]> {
  const { header, facts } = await readLog(log, directory);
  if (header.model !== model) throw new UsageError(`${log} is a log of ${header.model}, not of ${model}`);
  return facts;
}

type Said = CoverageReport & { readonly model: string; readonly environment: string; readonly driver: string };

function textOf({ model, environment, driver, coverage, machines, unknown }: Said, width: number): string {
  const lines = [`${model} in ${environment}, driver ${driver}: ${coverage}`];
  if (unknown !== undefined)
    lines.push(`What can be reached is not known (${unknown}): what is called not tried may be out of reach.`);
  for (const { machine, reached, notTried, unreachable } of machines) {
    const possible = reached.length + notTried.length;
    lines.push(
      '',
      `${machine}: ${reached.length} of ${possible} reached${unreachable.length === 0 ? '' : `; ${unreachable.length} cannot be reached in this scope`}`,
      ...notTried.map((name) => entry('not tried:', name, 19, width)),
      ...unreachable.map((name) => entry('cannot be reached:', name, 19, width)),
    );
  }
  return `${lines.join('\n')}\n`;
}
