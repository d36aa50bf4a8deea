import type { CallbackLine, TraceLine } from './line.ts';
import { lineText, type OverlappingCall } from './refusal.ts';

/**
 * A smallest set of these calls of which there is no order: each but it is left out, if there is none without it either.
 * `hasNone` asks whether there is none if what the recorder saw of some calls is left out.
 */
export function smallestOf(
  calls: readonly CallbackLine[],
  hasNone: (isLeftOut: (line: TraceLine) => boolean) => boolean,
): CallbackLine[] {
  const left = new Set<number>();
  for (const { line } of calls) {
    left.add(line);
    if (!hasNone((other) => left.has(other.line))) left.delete(line);
  }
  return calls.filter(({ line }) => !left.has(line));
}

/** A line of which nothing is known but that its callback was made. */
export function unseen(line: TraceLine): TraceLine {
  if (line.cb === 'mark') return line;
  const { ret, warned, ...entered } = line;
  return { ...entered, before: {}, after: {} };
}

/** A call as a report shows it, with the count that it saw. */
export function overlapping(line: CallbackLine): OverlappingCall {
  const { before, after } = line;
  return {
    line: line.line,
    callback: lineText(line),
    ...(before.active !== undefined && { before: before.active }),
    ...(after.active !== undefined && { after: after.active }),
  };
}
