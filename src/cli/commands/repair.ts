import type { Command } from 'commander';
import { CONFIG_OPTION, type DriverOptions, driverAsked } from '../driver-asked.ts';
import { EXIT, oneOf, UsageError } from '../exit.ts';
import { write } from '../output.ts';
import { statusLine } from '../status.ts';

interface Options extends DriverOptions {
  readonly environment?: string[];
  readonly json?: true;
}

const EXAMPLES = `
Examples:
  hartproof repair                            what the posted driver needs, for any caller
  hartproof repair --environment 4.16         what it needs under the perf core of Linux 4.16
  hartproof repair --driver merged-4.18       what was left to do after the merge
  hartproof repair --config                   what the driver of hartproof.config.ts needs
  hartproof repair --json                     for a script, on standard output

Exit status: 0 nothing needs repair, 1 something does, 2 usage or environment.`;

export function register(program: Command): void {
  program
    .command('repair')
    .description('find the smallest sets of changes to a driver under which every promise holds')
    .option('--driver <name>', 'the driver to repair', 'as-posted')
    .option(...CONFIG_OPTION)
    .option('--environment <name...>', 'who calls the driver: 4.16, 5.10, current, any-order (default: all)')
    .option('--json', 'write the result as JSON to standard output')
    .addHelpText('after', EXAMPLES)
    .action(async (options: Options) => {
      process.exitCode = await run(options);
    });
}

async function run(options: Options): Promise<number> {
  const { ENVIRONMENTS } = await import('../../../models/index.ts');
  const { repair } = await import('../../repair/repair.ts');
  const { name, machine, models } = await driverAsked(options);
  const environments = options.environment?.map((name) => oneOf('environment', name, ENVIRONMENTS)) ?? ENVIRONMENTS;

  const interrupt = new AbortController();
  const onInterrupt = () => interrupt.abort();
  process.once('SIGINT', onInterrupt);
  const status = statusLine();
  const started = performance.now();
  try {
    const found = await repair({
      driver: machine,
      models: models.filter(({ deep }) => !deep),
      environments,
      signal: interrupt.signal,
      onProgress: (doing) => status.show(doing),
    });
    status.clear();
    if (options.json)
      await write(
        undefined,
        `${JSON.stringify({ schema: 'hartproof.repair/1', driver: name, environments, ...found }, null, 2)}\n`,
      );
    else {
      const { repairReport } = await import('../../repair/report.ts');
      await write(undefined, repairReport(name, found, (performance.now() - started) / 1000));
    }
    return found.broken ? EXIT.findings : EXIT.clean;
  } catch (error) {
    if (interrupt.signal.aborted)
      throw new UsageError('interrupted: a search that was not finished says nothing of a repair');
    throw error;
  } finally {
    status.clear();
    process.off('SIGINT', onInterrupt);
  }
}
