import { EXIT, messageOf } from './exit.ts';
import { say } from './output.ts';

/**
 * Waits for a command. What ends the process before it has ended itself is no pass and no finding: a description that calls
 * `process.exit`, throws later, or is never done.
 */
export async function toTheEnd(command: Promise<void>): Promise<void> {
  const onExit = (code: number): void => {
    if (code === EXIT.interrupted) return;
    say('the process was ended before the command was: nothing is decided');
    process.exitCode = EXIT.usage;
  };
  process.on('exit', onExit);
  process.on('uncaughtException', (error) => {
    process.off('exit', onExit);
    say(messageOf(error));
    process.exit(EXIT.usage);
  });
  await command;
  process.off('exit', onExit);
}
