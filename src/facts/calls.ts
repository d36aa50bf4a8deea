import type { Fact } from './vocabulary.ts';

/** Whether time goes by on a hart: one of its counters advances. */
export const isTick = (fact: Fact): fact is Fact<'hart.tick'> => fact.type === 'hart.tick';

/**
 * One after the return of the callback that is called at a place of a log (from 0), if only its own event acts until then; else,
 * and where no callback is called there, the next place.
 */
export function endOfCall(log: readonly Fact[], from: number): number {
  const call = log[from]!;
  if (!call.type.endsWith('.call') || !('event' in call)) return from + 1;
  const returns = call.type.replace('.call', '.return');
  for (let at = from + 1; at < log.length; at++) {
    const fact = log[at]!;
    if (!('event' in fact) || fact.event !== call.event) return from + 1;
    if (fact.type === returns) return at + 1;
  }
  return from + 1;
}
