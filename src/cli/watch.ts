import { unwatchFile, watchFile } from 'node:fs';
import { Interrupted, messageOf, UsageError } from './exit.ts';
import { interrupted, untilSignal } from './interrupt.ts';
import { say } from './output.ts';

/** Milliseconds between two looks at a file. */
const INTERVAL = 200;

/**
 * Answers once, and again after each save of one of the files, until somebody ends it (Ctrl-C, `kill`). Saves during an answer are
 * one more answer. Returns the status of the last whole answer. What the user can mend is said, and waited for.
 */
export async function watching(files: readonly string[], answer: () => Promise<number>): Promise<number> {
  let status: number | undefined;
  let saved = true;
  let ended = false;
  let wake = (): void => {};
  const onSave = (): void => {
    saved = true;
    wake();
  };
  const onSignal = (): void => {
    ended = true;
    wake();
  };
  for (const file of files) watchFile(file, { interval: INTERVAL }, onSave);
  try {
    await untilSignal(onSignal, async () => {
      while (!ended) {
        if (saved) {
          saved = false;
          status = (await answered(answer)) ?? status;
        } else
          await new Promise<void>((resolve) => {
            wake = resolve;
            if (saved || ended) resolve();
          });
      }
    });
  } finally {
    for (const file of files) unwatchFile(file, onSave);
  }
  if (status === undefined) throw interrupted();
  return status;
}

/** The status of an answer; undefined if it was ended from outside. */
async function answered(answer: () => Promise<number>): Promise<number | undefined> {
  try {
    return await answer();
  } catch (error) {
    if (error instanceof Interrupted) return undefined;
    if (!(error instanceof UsageError)) throw error;
    say(messageOf(error));
    return 2;
  }
}
