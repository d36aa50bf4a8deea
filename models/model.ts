import type { Environment, Scope } from './scope.ts';

/** A question, and the scope in which it is asked. @public */
export interface Model {
  readonly name: string;
  /** What the model asks, in one line. */
  readonly asks: string;
  readonly scope: Scope;
  readonly environments: readonly Environment[];
  /** The ids of the properties that it decides. */
  readonly properties: readonly string[];
  /** Searched only when a deep audit is asked for. */
  readonly deep?: true;
}

/** The environments that keep a contract. */
export const CORES_ONLY = ['4.16', '5.10', 'current'] as const satisfies readonly Environment[];

/** What a scope without scheduling can decide. */
export const OF_OPENING = [
  'references-balance',
  'reserved-while-live',
  'released-when-idle',
  'mutex-discipline',
  'init-all-or-nothing',
  'errno-contract',
  'no-admission-of-the-impossible',
  'recovers',
  'drains',
  'no-deadlock',
] as const;

/** What a scope with a hart can decide of the slots. */
export const OF_SLOTS = [
  'no-warning',
  'index-in-bounds',
  'slots-match-count',
  'slot-owner',
  'enospc-iff-full',
  'no-deadlock',
] as const;

/** What a scope in which time passes can decide. */
export const OF_COUNTING = [
  'no-warning',
  'index-in-bounds',
  'slots-match-count',
  'count-exact',
  'userpage-consistent',
  'no-deadlock',
] as const;
