#!/usr/bin/env node
import { setImmediate } from 'node:timers/promises';
import { Command, CommanderError } from 'commander';
import { visible } from '../outside/visible.ts';
import { VERSION } from '../version.ts';
import { COMMANDS } from './commands/index.ts';
import { toTheEnd } from './ended.ts';
import { EXIT, Interrupted, messageOf } from './exit.ts';
import { mindSignals } from './interrupt.ts';
import { mindStreams, say, write } from './output.ts';

/** The command line: every command is a file in `commands/`, which loads what it needs when it runs. */
async function main(argv: readonly string[]): Promise<void> {
  const program = new Command('hartproof')
    .description('Proves or refutes, within a stated scope, that a RISC-V perf PMU driver keeps its contract.')
    .version(VERSION)
    .showHelpAfterError('(hartproof --help shows what there is)')
    .configureHelp({ showGlobalOptions: false })
    .addHelpText(
      'after',
      `
Examples:
  hartproof audit                     what the posted driver breaks, and the shortest path to each break
  hartproof audit --list              the models, the properties, the drivers and the environments
  hartproof COMMAND --help            more of each

Exit status: 0 clean, 1 findings, 2 usage or environment, 130 interrupted before there was anything to report.`,
    );
  // Help, and what was typed, said again in an error: Commander waits for no stream.
  const said: Promise<void>[] = [];
  const output = {
    writeOut: (text: string) => said.push(write(undefined, text)),
    writeErr: (text: string) => process.stderr.write(visible(text)),
  };
  for (const [heading, registers] of Object.entries(COMMANDS)) {
    program.commandsGroup(heading);
    for (const register of registers) register(program);
  }
  const help = new Command('help').argument('[command]').description('display help for command');
  program.addHelpCommand(help.helpGroup(Object.keys(COMMANDS).at(-1)!));
  for (const command of [program, ...program.commands, ...program.commands.flatMap((parent) => parent.commands)])
    command.exitOverride().configureOutput(output);
  try {
    await program.parseAsync([...argv]).finally(() => Promise.all(said));
  } catch (error) {
    // A signal that came while nothing could hear it comes first: what failed then was ended from outside.
    await setImmediate();
    process.exitCode = report(error);
  }
}

/** Says what went wrong, in one line where the user can mend it, and gives the exit status for it. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.clean : EXIT.usage;
  say(messageOf(error));
  return error instanceof Interrupted ? EXIT.interrupted : EXIT.usage;
}

mindStreams();
mindSignals();
await toTheEnd(main(process.argv));
