import { UsageError } from './exit.ts';

/** The known name that was given. Throws a UsageError that lists the names if it is none of them. */
export function oneOf<T extends string>(what: string, name: string, known: readonly T[]): T {
  const found = known.find((candidate) => candidate === name);
  if (found === undefined) throw new UsageError(`there is no ${what} ${name}; there are ${known.join(', ')}`);
  return found;
}
