import { noSuch } from '../outside/no-such.ts';
import { isUnwritable } from '../outside/unwritable.ts';

/** What the exit status says. */
export const EXIT = { clean: 0, findings: 1, usage: 2, interrupted: 130 } as const;

/** Something that the user can mend: the message says what, in one line. The exit status is 2. */
export class UsageError extends Error {}

/** What is said of an error: the message, and where it came from if it is no error that a user can mend. */
export const messageOf = (error: unknown): string =>
  error instanceof UsageError || error instanceof Interrupted || isUnwritable(error)
    ? error.message
    : error instanceof Error && error.message.endsWith(', uv_cwd')
      ? 'the directory in which it runs is no more'
      : `this is a bug: ${error instanceof Error ? error.stack : String(error)}`;

/** Somebody ended the work before there was anything to report. The exit status is that of a shell for Ctrl-C. */
export class Interrupted extends Error {}

/** Runs `action`; a RangeError, with which the library refuses a wrong name or number, becomes a {@link UsageError}. */
export function orUsage<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
}

/** The one of that name. Throws a {@link UsageError} that lists them if there is none. */
export function oneOf<T extends string>(what: string, name: string, known: readonly T[]): T {
  const found = known.find((candidate) => candidate === name);
  if (found === undefined) throw new UsageError(noSuch(what, name, known));
  return found;
}

/** The value of an option that counts something. Throws a {@link UsageError} if the text is no whole number above 0. */
export function positive(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value <= 0)
    throw new UsageError(`--${option} takes a whole number above 0, not ${text}`);
  return value;
}
