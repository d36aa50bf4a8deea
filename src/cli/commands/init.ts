import type { Command } from 'commander';
import { EXIT } from '../exit.ts';
import { write, writeFresh } from '../output.ts';

const EXAMPLES = `
Examples:
  hartproof init                 write hartproof.config.ts, then describe your PMU and driver in it
  hartproof audit --config       and ask what it promises and breaks
  hartproof repair --config      and what would mend it

Exit status: 0 the file is written, 2 it is there already or cannot be written.`;

export function register(program: Command): void {
  program
    .command('init')
    .description('write a commented description of a PMU and its driver, to fill in')
    .argument('[file]', 'the file to write (default: hartproof.config.ts)')
    .addHelpText('after', EXAMPLES)
    .action(async (file: string | undefined) => {
      process.exitCode = await run(file);
    });
}

async function run(named: string | undefined): Promise<number> {
  const { CONFIG_FILE, CONFIG_TEXT } = await import('../../porting/config.ts');
  const file = named ?? CONFIG_FILE;
  writeFresh(file, CONFIG_TEXT);
  await write(
    undefined,
    `Wrote ${file}. Describe your PMU in it, then: hartproof audit --config${named === undefined ? '' : ` ${file}`}\n`,
  );
  return EXIT.clean;
}
