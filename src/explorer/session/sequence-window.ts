import type { Fact } from '../../facts/index.ts';
import { callsInFlight } from './calls.ts';

/** The part of a log that a sequence diagram shows. */
export interface Window {
  /** The calls that were in flight before it, then its facts. */
  readonly facts: readonly Fact[];
  /** How many of these are such calls. */
  readonly calls: number;
  /** The position (from 1) of the first fact after them. */
  readonly first: number;
}

/** The last facts before a position, no more than `size`; calls that began earlier and still run come first. */
export function windowBefore(log: readonly Fact[], at: number, size: number): Window {
  const from = Math.max(0, at - size);
  const calls = from === 0 ? [] : callsInFlight(log, from);
  return { facts: [...calls, ...log.slice(from, at)], calls: calls.length, first: from + 1 };
}
