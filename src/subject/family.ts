import { probe } from './probe.ts';
import type { DriverSource } from './source.ts';

/** Whether a driver keeps the books of the family of 2018: a count of its live events, and a slot for each that runs. */
export function keepsBooks(source: DriverSource): boolean {
  const { ACTIVE_EVENTS, EVENTS } = probe(source);
  return ACTIVE_EVENTS !== undefined && EVENTS !== undefined;
}
