import { type Fact, faultOf } from '../facts/index.ts';
import { parseJson } from '../outside/json.ts';
import { BrokenLog } from './log-store.ts';
import { faultOfOrigin, type Origin } from './origin.ts';

/** How long a header or a fact may be, in bytes. */
export const LONGEST_ENTRY = 1 << 16;

/** What a log may be called: it is the name of a file too, and never a path. */
export const isLogName = (name: string): boolean => /^[\w@+-][\w.@+ -]{0,199}$/.test(name);

/** A header or a fact as it is stored, whatever it says. Throws {@link BrokenLog} if it is no JSON, or none for data. */
export function readEntry(text: string, where: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    throw new BrokenLog(`${where} ${(error as RangeError).message}`);
  }
}

/** A fact of a log, and where in a kernel's trace it comes from, if that is said beside it. */
export interface Entry {
  readonly fact: Fact;
  readonly recorded?: Origin;
}

/** The fact that a value from outside is. Throws {@link BrokenLog} if it is none. */
export function entryOf(value: unknown, where: string): Entry {
  const isRecorded = typeof value === 'object' && value !== null && Object.hasOwn(value, 'recorded');
  const { recorded, ...rest } = isRecorded ? (value as { readonly recorded: Origin }) : {};
  const fact = isRecorded ? rest : value;
  const fault = faultOf(fact) ?? (isRecorded ? faultOfOrigin(recorded) : undefined);
  if (fault !== undefined) throw new BrokenLog(`${where} ${fault}`);
  return { fact: fact as Fact, ...(recorded && { recorded }) };
}

/** A fact as it is stored. Throws {@link BrokenLog} if it is none. */
export const readFact = (text: string, where: string): Fact => entryOf(readEntry(text, where), where).fact;

/** A fact as it is stored, without a line feed. */
export const writeEntry = (fact: Fact, recorded?: Origin): string =>
  JSON.stringify(recorded === undefined ? fact : { ...fact, recorded });
