import { type Fact, faultOf } from '../facts/index.ts';
import { parseJson } from '../outside/json.ts';
import { BrokenLog } from './log-store.ts';

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

/** A fact as it is stored. Throws {@link BrokenLog} if it is none. */
export function readFact(text: string, where: string): Fact {
  const value = readEntry(text, where);
  const fault = faultOf(value);
  if (fault !== undefined) throw new BrokenLog(`${where} ${fault}`);
  return value as Fact;
}
