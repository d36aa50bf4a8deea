import type { Command } from 'commander';
import { driverAsked } from '../driver-asked.ts';
import { EXIT, oneOf, UsageError } from '../exit.ts';
import { write } from '../output.ts';
import { statusLine } from '../status.ts';

interface Options {
  readonly environment?: string[];
  readonly json?: true;
}

const EXAMPLES = `
Examples:
  hartproof diff as-posted merged-4.18               what the merge changed
  hartproof diff as-posted repaired --environment 4.16
  hartproof diff merged-4.18 hartproof.config.ts     your driver against the one it began as, on your PMU

Exit status: 0 no difference was found, 1 they differ, 2 usage or environment.`;

export function register(program: Command): void {
  program
    .command('diff')
    .description('compare two drivers: their promises, and the shortest log that only one accepts')
    .argument('<one>', 'a driver by name, or a file that describes one')
    .argument('<other>', 'another')
    .option('--environment <name...>', 'who calls the drivers: 4.16, 5.10, current, any-order (default: all)')
    .option('--json', 'write the result as JSON to standard output')
    .addHelpText('after', EXAMPLES)
    .action(async (one: string, other: string, options: Options) => {
      process.exitCode = await run(one, other, options);
    });
}

const isFile = (name: string): boolean => /\.[cm]?[jt]s$/.test(name);

async function run(one: string, other: string, options: Options): Promise<number> {
  if (isFile(one) && isFile(other))
    throw new UsageError('two described drivers may have two PMUs: name a modelled driver and a file');
  const { ENVIRONMENTS } = await import('../../../models/index.ts');
  const environments = options.environment?.map((name) => oneOf('environment', name, ENVIRONMENTS)) ?? ENVIRONMENTS;
  const ask = (name: string) => driverAsked(isFile(name) ? { driver: name, config: name } : { driver: name });
  const drivers = [await ask(one), await ask(other)] as const;
  // A description brings its PMU, and the other driver is asked of that one too.
  const { models } = isFile(one) ? drivers[0] : drivers[1];

  const { diff } = await import('../../diff/diff.ts');
  const status = statusLine();
  const asked = models.filter(({ deep }) => !deep);
  const difference = await diff(drivers, asked, environments, (doing) => status.show(doing));
  status.clear();
  if (options.json) {
    const logs = difference.logs.map(({ model, ...log }) => ({ ...log, model: model.name }));
    const json = { schema: 'hartproof.diff/1', drivers: drivers.map(({ name }) => name), ...difference, logs };
    await write(undefined, `${JSON.stringify(json, null, 2)}\n`);
  } else {
    const { diffReport } = await import('../../diff/report.ts');
    await write(undefined, diffReport(drivers, difference));
  }
  return difference.promises.length + difference.logs.length > 0 ? EXIT.findings : EXIT.clean;
}
