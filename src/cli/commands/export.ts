import type { Command } from 'commander';
import { EXIT, oneOf, orUsage, positive } from '../exit.ts';
import { write } from '../output.ts';

interface Options {
  readonly format: string;
  readonly environment?: string;
  readonly driver: string;
  readonly output?: string;
  readonly limit?: string;
}

const FORMATS = ['promela', 'murphi', 'aut'] as const;

/** States without --limit: what fits into the memory of a small machine, and what is enough to tabulate from. */
const LIMITS = { promela: 1_000_000, murphi: 1_000_000, aut: 5_000_000 } as const;

const EXAMPLES = `
Formats:
  promela  the composition for SPIN, its properties as assertions: small and readable
  murphi   the same for Rumur and other Murphi tools
  aut      the reachable state space, every transition labelled with its fact: for mCRL2, CADP and LTSmin

Examples:
  hartproof export two-threads --format promela -o two-threads.pml
  hartproof export two-threads --format aut --environment 5.10 | head
  hartproof export four-threads --format promela --limit 1000000 -o four-threads.pml

docs/second-opinion.md says what to do with them.`;

export function register(program: Command): void {
  program
    .command('export')
    .description('write a model for another model checker')
    .argument('<model>', 'the model (hartproof audit --list)')
    .requiredOption('--format <format>', FORMATS.join(', '))
    .option('--environment <name>', "who calls the driver (default: the first of the model's)")
    .option('--driver <name>', 'the driver', 'as-posted')
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
  const { DRIVERS } = await import('../../../machines/drivers.ts');
  const { compose, modelOf, propertyOf } = await import('../../../models/index.ts');
  const format = oneOf('format', options.format, FORMATS);
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
