import { plainSearch } from '../engine/check/index.ts';
import type { Fact, Property, Role, System } from '../facts/index.ts';
import { PAIR, PairSystem } from './pair-system.ts';

/** What two systems of the same scope came to, for logs of which one system accepts every fact. */
export type Difference =
  /** A shortest log that the first accepts, and the second all of but its last fact. */
  | { readonly kind: 'differs'; readonly log: readonly Fact[] }
  /** Every log that the first accepts, the second accepts too. */
  | { readonly kind: 'contained' }
  /** Nothing was found before the search stopped: no answer. */
  | { readonly kind: 'bounded' };

/** That two systems do not differ. */
export const ACCEPTED: Property = {
  id: 'accepted',
  statement: 'what the first system accepts, the second one accepts too',
  severity: 'high',
  source: '',
  consequence: '',
  speaksOf: () => true,
  vacuousWhen: 'nothing happens',
  clauses: [{ kind: 'always', own: [PAIR as Role], holds: (view) => view.own(PAIR as Role).context.differs === false }],
};

/**
 * Searches the logs that both systems accept, breadth first, for one that goes on in the first only.
 * It stops at logs of `depth` facts, and after `pairs` pairs of states.
 */
export async function firstDifference(
  one: System,
  other: System,
  { depth = Number.POSITIVE_INFINITY, pairs = 20_000 }: { depth?: number; pairs?: number } = {},
): Promise<Difference> {
  const options = { depth, limits: { states: pairs }, first: true } as const;
  const { covered, verdicts } = await plainSearch(new PairSystem(one, other), [ACCEPTED], options);
  const verdict = verdicts.get(ACCEPTED.id)!;
  if (verdict.verdict === 'violated') return { kind: 'differs', log: verdict.counterexample.facts };
  return { kind: covered.exhaustive ? 'contained' : 'bounded' };
}
