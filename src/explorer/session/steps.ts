import type { Fact } from '../../facts/index.ts';
import { whoDoes } from '../../findings/rows.ts';
import { eventOfCall } from './calls.ts';

/** Where a person goes from a position of a log: positions are how many facts have happened. */

/** Over the call that comes next, whatever happens within it; else one fact further. */
export function over(facts: readonly Fact[], at: number): number {
  const next = facts[at];
  if (next === undefined || !next.type.endsWith('.call') || !('event' in next)) return Math.min(at + 1, facts.length);
  const end = returnOf(facts, next.event, at + 1);
  return end ?? facts.length;
}

/** Out of the call of the last fact: to its return; where none is in flight, nowhere. */
export function out(facts: readonly Fact[], at: number): number {
  const event = eventOfCall(facts, at);
  if (event === undefined) return at;
  return returnOf(facts, event, at) ?? facts.length;
}

/** To the next fact of whoever did the last one, or with -1 to the one before. */
export function byTask(facts: readonly Fact[], at: number, step: 1 | -1): number {
  const who = at === 0 ? undefined : whoDoes(facts, at - 1);
  for (let to = at + step; to > 0 && to <= facts.length; to += step)
    if (who === undefined || whoDoes(facts, to - 1) === who) return to;
  return step < 0 ? 0 : at;
}

function returnOf(facts: readonly Fact[], event: number, from: number): number | undefined {
  for (let at = from; at < facts.length; at++) {
    const fact = facts[at]!;
    if ('event' in fact && fact.event === event && fact.type.endsWith('.return')) return at + 1;
  }
  return undefined;
}
