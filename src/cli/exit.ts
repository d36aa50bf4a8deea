/** What the exit status says. */
export const EXIT = { clean: 0, findings: 1, usage: 2 } as const;

/** Something that the user can mend: the message says what, in one line. The exit status is 2. */
export class UsageError extends Error {}

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
  if (found === undefined) throw new UsageError(`there is no ${what} ${name}; there are ${known.join(', ')}`);
  return found;
}

/** The value of an option that counts something. Throws a {@link UsageError} if the text is no whole number above 0. */
export function positive(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value <= 0)
    throw new UsageError(`--${option} takes a whole number above 0, not ${text}`);
  return value;
}
