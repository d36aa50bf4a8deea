import type { Command } from 'commander';
import { CONFIG_OPTION } from '../driver-asked.ts';
import { EXIT, oneOf, orUsage, positive, UsageError } from '../exit.ts';
import { LOGS } from '../logs.ts';
import { write } from '../output.ts';

interface Options {
  readonly format: string;
  readonly environment?: string;
  readonly driver: string;
  readonly config?: string | true;
  readonly store: string;
  readonly output?: string;
  readonly limit?: string;
}

const FORMATS = ['promela', 'murphi', 'aut', 'perfetto'] as const;

/** States without --limit: what fits into the memory of a small machine, and what is enough to tabulate from. */
const LIMITS = { promela: 1_000_000, murphi: 1_000_000, aut: 5_000_000 } as const;

const EXAMPLES = `
Formats:
  promela  the composition for SPIN, its properties as assertions: small and readable
  murphi   the same for Rumur and other Murphi tools
  aut      the reachable state space, every transition labelled with its fact: for mCRL2, CADP and LTSmin
  perfetto a log, a counterexample or a kernel's trace for ui.perfetto.dev and chrome://tracing: calls as slices, harts, tasks and
           events as tracks, counts as counters, and where properties are violated

Examples:
  hartproof export two-threads --format promela -o two-threads.pml
  hartproof export two-threads --format aut --environment 5.10 | head
  hartproof export four-threads --format promela --limit 1000000 -o four-threads.pml
  hartproof export 3 --format perfetto -o finding.json              the third finding of the last audit
  hartproof export report.txt --format perfetto -o kernel.json      what a kernel did: see hartproof trace setup

docs/second-opinion.md says what to do with models, and docs/logs.md what Perfetto shows of a log.`;

export function register(command: Command): void {
  command
    .argument('<model|log>', "the model (hartproof audit --list); for perfetto a log, a finding or a kernel's trace")
    .requiredOption('--format <format>', FORMATS.join(', '))
    .option('--environment <name>', "who calls the driver (default: the first of the model's)")
    .option('--driver <name>', 'the driver', 'as-posted')
    .option(...CONFIG_OPTION)
    .option('--store <directory>', 'where logs are kept', LOGS)
    .option('-o, --output <file>', 'the file to write (default: standard output)')
    .option(
      '--limit <states>',
      'promela, murphi: tabulate from so many states at most; aut: refuse to write more states than this',
    )
    .addHelpText('after', EXAMPLES)
    .action(async (name: string, options: Options) => {
      process.exitCode = await run(name, options);
    });
}

async function run(name: string, options: Options): Promise<number> {
  const format = oneOf('format', options.format, FORMATS);
  if (format !== 'perfetto') return exportModel(name, format, options);
  if (options.limit !== undefined) throw new UsageError('--limit is of states, and a log has none to be counted');
  const { perfettoLines } = await import('../perfetto.ts');
  await write(options.output, await perfettoLines(name, options));
  return EXIT.clean;
}

async function exportModel(name: string, format: keyof typeof LIMITS, options: Options): Promise<number> {
  if (options.config !== undefined) throw new UsageError(`--config is for a log: a model is written of --driver`);
  const { DRIVERS } = await import('../../../machines/drivers.ts');
  const { compose, modelOf, propertyOf } = await import('../../../models/index.ts');
  const model = orUsage(() => modelOf(name));
  const environment = oneOf(
    `environment of ${name}`,
    options.environment ?? model.environments[0]!,
    model.environments,
  );
  const driver = oneOf('driver', options.driver, Object.keys(DRIVERS) as (keyof typeof DRIVERS)[]);
  const limit = options.limit === undefined ? LIMITS[format] : positive('limit', options.limit);
  const system = compose(model.scope, environment, DRIVERS[driver]);
  if (format === 'aut') {
    const { aldebaran } = await import('../../export/aut.ts');
    const lines = orUsage(() => aldebaran(system, limit));
    await write(options.output, lines);
  } else {
    const head = [`${name}, called by ${environment}, driver ${driver}. ${model.asks}`];
    const asked = [system, model.properties.map(propertyOf), head, limit] as const;
    if (format === 'murphi') await write(options.output, (await import('../../export/murphi.ts')).murphi(...asked));
    else await write(options.output, (await import('../../export/promela.ts')).promela(...asked).text);
  }
  return EXIT.clean;
}
