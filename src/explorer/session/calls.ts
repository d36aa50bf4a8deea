import type { Fact } from '../../facts/index.ts';

/** How far back a call that still runs is looked for. */
const FAR = 4096;

/** The calls that have not returned after `at` facts, in the order in which they were made. */
export function callsInFlight(log: readonly Fact[], at: number): Fact[] {
  const open: Fact[] = [];
  const seen = new Set<number>();
  for (let number = at - 1; number >= Math.max(0, at - FAR); number--) {
    const fact = log[number]!;
    const [, what] = fact.type.split('.');
    if (!('event' in fact) || seen.has(fact.event) || (what !== 'call' && what !== 'return')) continue;
    seen.add(fact.event);
    if (what === 'call') open.unshift(fact);
  }
  return open;
}

/** The event whose call runs after `at` facts, and of which the last of them is; undefined if it has returned. */
export function eventOfCall(log: readonly Fact[], at: number): number | undefined {
  const last = log[at - 1];
  if (last === undefined || !('event' in last)) return undefined;
  const { event } = last;
  return callsInFlight(log, at).some((call) => 'event' in call && call.event === event) ? event : undefined;
}
