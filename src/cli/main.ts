#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { visible } from '../outside/visible.ts';
import { COMMANDS } from './commands/index.ts';
import { EXIT, UsageError } from './exit.ts';
import { say } from './output.ts';

/** The command line: every command is a file in `commands/`, which loads what it needs when it runs. */
async function main(argv: readonly string[]): Promise<void> {
  const program = new Command('hartproof')
    .description('Proves or refutes, within a stated scope, that a RISC-V perf PMU driver keeps its promises.')
    .version('0.1.0')
    .showHelpAfterError('(hartproof --help shows what there is)')
    .configureHelp({ showGlobalOptions: false })
    // What was typed is said again in an error.
    .configureOutput({ writeErr: (text) => process.stderr.write(visible(text)) })
    .addHelpText(
      'after',
      `
Examples:
  hartproof audit                     what the posted driver breaks, and the shortest way to each break
  hartproof audit --list              the models, the promises, the drivers and the environments
  hartproof COMMAND --help            more of each

Exit status: 0 clean, 1 findings, 2 usage or environment.`,
    );
  for (const register of COMMANDS) register(program);
  for (const command of [program, ...program.commands, ...program.commands.flatMap((parent) => parent.commands)])
    command.exitOverride();
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    process.exitCode = report(error);
  }
}

/** Says what went wrong, in one line where the user can mend it, and gives the exit status for it. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.clean : EXIT.usage;
  if (error instanceof UsageError) {
    say(error.message);
    return EXIT.usage;
  }
  say(`this is a bug: ${error instanceof Error ? error.stack : String(error)}`);
  return EXIT.usage;
}

// A reader that has seen enough (`| head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

await main(process.argv);
