#!/usr/bin/env node
import { Command, CommanderError, Help } from 'commander';
import { visible } from '../outside/visible.ts';
import { VERSION } from '../version.ts';
import { COMMANDS } from './commands/index.ts';
import { toTheEnd } from './ended.ts';
import { EXIT, Interrupted, messageOf } from './exit.ts';
import { mindSignals } from './interrupt.ts';
import { mindStreams, say, write } from './output.ts';

/** All commands, by name. */
const ENTRIES = new Map(
  Object.values(COMMANDS)
    .flat()
    .map((entry) => [entry.name, entry]),
);

/** The command line: every command is a file in `commands/`, which loads what it needs when it runs. */
async function main(argv: readonly string[]): Promise<void> {
  const program = new Command('hartproof')
    .description('Proves or refutes, within a stated scope, that a RISC-V perf PMU driver keeps its contract.')
    .version(VERSION)
    .showHelpAfterError('(hartproof --help shows what there is)')
    .configureHelp({ showGlobalOptions: false, subcommandTerm })
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
  // Commands that are added inherit these.
  program.exitOverride().configureOutput(output);
  for (const [heading, commands] of Object.entries(COMMANDS)) {
    program.commandsGroup(heading);
    for (const { name, about } of commands) program.command(name).description(about);
  }
  const help = new Command('help').argument('[command]').description('display help for command');
  program.addHelpCommand(help.copyInheritedSettings(program).helpGroup(Object.keys(COMMANDS).at(-1)!));
  try {
    await loadAsked(program, argv);
    await program.parseAsync([...argv]).finally(() => Promise.all(said));
  } catch (error) {
    // A signal that came while nothing could hear it comes first: what failed then was ended from outside.
    await new Promise((resolve) => setImmediate(resolve));
    process.exitCode = report(error);
  }
}

/** Loads the command that is asked for: the first word that is one, also after `help`. To complete any of them takes all. */
async function loadAsked(program: Command, argv: readonly string[]): Promise<void> {
  const asked = argv.slice(2).find((word) => ENTRIES.has(word));
  for (const command of program.commands)
    if (command.name() === asked || asked === 'completions')
      (await ENTRIES.get(command.name())!.load()).register(command);
}

/** How the help of what is above a command names it, with what it takes. */
function subcommandTerm(command: Command): string {
  const entry = ENTRIES.get(command.name());
  return command.parent?.parent || entry === undefined
    ? new Help().subcommandTerm(command)
    : `${command.name()} ${entry.takes}`.trimEnd();
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
