import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { noSuch } from '../../outside/no-such.ts';
import { CONFIG_OPTION } from '../driver-asked.ts';
import { EXIT, UsageError } from '../exit.ts';
import type { CountOptions } from '../explain-count.ts';
import { LOGS } from '../logs.ts';
import { write } from '../output.ts';

const EXAMPLES = `
Examples:
  hartproof explain                        everything that can be explained
  hartproof explain busy-is-true           a property: what it says, why it matters, and a driver that violates it
  hartproof explain bounded                a verdict, or another word of a report
  hartproof explain 9223372036859012345    a count: which defects make such a number, and the shortest log of each
  hartproof explain perf-stat.txt          every count that perf stat printed (also with -x, -j, -I, -A); - is standard input
  hartproof explain 5000000 --expected 250000
  hartproof explain --factor 20 --moves 0  twenty times too much, and the task never moved to another hart
  hartproof explain 4100000000 --time 4.1 --clock 1GHz --width 48
  hartproof explain 9223372036854775811 --in recording.txt    at which callback of a recording it went wrong

Exit status: 0 a word was explained, or the counts are plausible; 1 a count is wrong; 2 usage or environment.`;

export function register(command: Command): void {
  command
    .argument(
      '[what]',
      'a property (busy-is-true), a verdict (bounded), a word (any-order), a count, or what perf stat printed',
    )
    .option('--expected <count>', 'of a count: what it should be')
    .option('--factor <number>', 'how many times what it should be it is')
    .option('--time <seconds>', 'for how long it was counted')
    .option('--clock <frequency>', 'how fast the counter runs: 1.5GHz, 25MHz, 10000000')
    .option('--switches <number>', 'how often the task was switched out')
    .option('--moves <number>', 'how often the task moved to another hart')
    .option('--width <bits...>', "the widths of the board's counters")
    .option('--xlen <bits>', '32 or 64')
    .option('--event <name>', 'the event that was counted; of what perf stat printed, only this one')
    .option('--cpu-wide', 'a CPU was counted, and no task')
    .option('--driver <name>', 'the driver that counted (default: the posted one, or one like it)')
    .option(...CONFIG_OPTION)
    .option('--environment <name...>', 'the perf core that called it: 4.16, 5.10, current (default: all)')
    .option('--in <recording>', 'say at which callback of a recording the count went wrong')
    .option('--all', 'tell every explanation whole')
    .option('--json', 'write what becomes of the counts as JSON')
    .option('--keep <directory>', 'keep the logs in this directory, for show, replay and explore', LOGS)
    .option('--no-keep', 'keep nothing')
    .addHelpText('after', EXAMPLES)
    .action(async (what: string | undefined, options: CountOptions) => {
      process.exitCode = await run(what, options);
    });
}

async function run(what: string | undefined, options: CountOptions): Promise<number> {
  if (what === undefined && options.factor === undefined && options.in === undefined) return await word(undefined);
  if (options.in !== undefined)
    return await (await import('../explain-recording.ts')).explainIn(what, options.in, options);
  const { explainCount, isCount } = await import('../explain-count.ts');
  if (what === undefined || what === '-' || isCount(what)) return await explainCount(what, options);
  const { KNOWN } = await import('../explained.ts');
  if (!KNOWN.includes(what) && existsSync(what)) return await explainCount(what, options);
  return await word(what);
}

async function word(name: string | undefined): Promise<number> {
  const { explained, KNOWN, list } = await import('../explained.ts');
  const { columns } = await import('../../reports/terminal/table.ts');
  const width = Math.min(columns(), 100);
  const text = name === undefined ? list(width) : await explained(name, width);
  if (text === undefined) {
    if (/^hp:[0-9a-f]+$/.test(name!)) throw new UsageError(`${name} is a finding: hartproof show ${name} shows it`);
    throw new UsageError(noSuch('property, verdict, word, count or file', name!, KNOWN));
  }
  await write(undefined, text);
  return EXIT.clean;
}
