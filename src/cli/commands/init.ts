import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { EXIT, UsageError } from '../exit.ts';
import { write, writeFresh } from '../output.ts';

const EXAMPLES = `
Examples:
  hartproof init                 write hartproof.config.ts, then describe your PMU and driver in it
  hartproof init --dts board.dts take the events and counters from the riscv,pmu node of a device tree
  hartproof audit --config       and ask what holds of it, and what is violated
  hartproof repair --config      and what would mend it

Exit status: 0 the file is written, 2 it is there already or cannot be written, or the device tree cannot be read.`;

export function register(command: Command): void {
  command
    .argument('[file]', 'the file to write (default: hartproof.config.ts)')
    .option('--dts <file>', 'take the events and counters from the riscv,pmu node of this device tree source')
    .addHelpText('after', EXAMPLES)
    .action(async (file: string | undefined, options: { dts?: string }) => {
      process.exitCode = await run(file, options.dts);
    });
}

async function run(named: string | undefined, dts: string | undefined): Promise<number> {
  const { CONFIG_FILE, CONFIG_TEXT } = await import('../../porting/config.ts');
  const file = named ?? CONFIG_FILE;
  const text = dts === undefined ? CONFIG_TEXT : await described(dts);
  writeFresh(file, text);
  await write(
    undefined,
    `Wrote ${file}. Describe your PMU in it, then: hartproof audit --config${named === undefined ? '' : ` ${file}`}\n`,
  );
  return EXIT.clean;
}

/** The description that a device tree comes to. Throws a UsageError with the line if it cannot be read. */
async function described(dts: string): Promise<string> {
  const { BadTree, configOf, readPmuNode } = await import('../../porting/dts.ts');
  let source: string;
  try {
    source = await readFile(dts, 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read ${dts}: ${(error as Error).message}`);
  }
  try {
    return configOf(readPmuNode(source));
  } catch (error) {
    if (error instanceof BadTree) throw new UsageError(`${dts}:${error.message.replace('line ', '')}`);
    throw error;
  }
}
