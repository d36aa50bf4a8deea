import { factLabel } from '../session/fact-label.ts';
import { refusalsOf } from '../session/refusals.ts';
import type { Stop, Timeline } from '../session/timeline.ts';

/** Why the machines do not accept a log from a fact on. */
export function refusalText(timeline: Timeline, { at, fact, reason }: Stop): string {
  const refusals = refusalsOf(timeline.world.system, timeline.momentAt(at).state, fact);
  const why = refusals.length === 0 ? reason : refusals.map(({ who, why }) => `${who} ${why}`).join('; ');
  return `Fact ${(at + 1).toLocaleString('en')} (${factLabel(fact)}) cannot happen here, so the log is followed to the one before it: ${why}.`;
}
