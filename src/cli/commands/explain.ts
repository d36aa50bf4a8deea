import type { Command } from 'commander';
import { noSuch } from '../../outside/no-such.ts';
import { EXIT, UsageError } from '../exit.ts';
import { write } from '../output.ts';

const EXAMPLES = `
Examples:
  hartproof explain                  everything that can be explained
  hartproof explain busy-is-true     a property: what it says, why it matters, and a driver that violates it
  hartproof explain bounded          a verdict, or another word of a report`;

export function register(program: Command): void {
  program
    .command('explain')
    .description('say what a property, a verdict or a word of a report means, with an example')
    .argument('[id]', 'a property (busy-is-true), a verdict (bounded), or a word (any-order)')
    .addHelpText('after', EXAMPLES)
    .action(async (id: string | undefined) => {
      process.exitCode = await run(id);
    });
}

async function run(id: string | undefined): Promise<number> {
  const { explained, list } = await import('../explained.ts');
  const { columns } = await import('../../reports/terminal/table.ts');
  const width = Math.min(columns(), 100);
  const text = id === undefined ? list(width) : await explained(id, width);
  if (text === undefined) {
    const { KNOWN } = await import('../explained.ts');
    throw new UsageError(noSuch('property, verdict or word', id!, KNOWN));
  }
  await write(undefined, text);
  return EXIT.clean;
}
