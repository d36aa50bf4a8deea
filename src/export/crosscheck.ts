import { check } from '../engine/check/index.ts';
import type { Property, System } from '../facts/index.ts';
import { coveredPart, isCovered, type Promela, promela, TABLES_CLOSED } from './promela.ts';
import type { SpinOutcome } from './spin.ts';

/** What both say of one property: whether it is broken. */
export interface Pair {
  readonly property: string;
  readonly ours: boolean;
  readonly spin: boolean;
}

/** Two searches of one system, side by side. */
export interface Comparison {
  readonly states: number;
  readonly spinStates: number;
  /** The properties that both decided, as far as assertions can. */
  readonly verdicts: readonly Pair[];
  /** The properties of which SPIN cannot decide a clause: AG EF is no formula of linear time. */
  readonly notCovered: readonly string[];
  /** Whether SPIN met only what our search had met. */
  readonly closed: boolean;
  readonly agrees: boolean;
}

/**
 * Searches a system with our search and with SPIN, and compares the number of states and the verdicts.
 *
 * The states are those of our search without reduction, since SPIN searches without one. The verdicts are those of the search as
 * it is shipped, and must be the same without reduction. Throws what `search` throws, and an Error if our own searches disagree.
 */
export async function crosscheck(
  system: System,
  properties: readonly Property[],
  search: (model: Promela, states: number) => Promise<SpinOutcome>,
): Promise<Comparison> {
  const covered = coveredPart(properties);
  const whole = await check(system, covered, { reduce: false });
  const shipped = await check(system, covered);
  const spin = await search(promela(system, covered), whole.covered.states);
  const verdicts = covered.map(({ id }) => {
    const ours = isBroken(shipped.verdicts.get(id)?.verdict);
    if (ours !== isBroken(whole.verdicts.get(id)?.verdict))
      throw new Error(`${id}: our search with reduction and without come to different verdicts`);
    return { property: id, ours, spin: spin.broken.has(id) };
  });
  const closed = !spin.broken.has(TABLES_CLOSED);
  return {
    states: whole.covered.states,
    spinStates: spin.states,
    verdicts,
    notCovered: properties.filter(({ clauses }) => !clauses.every(isCovered)).map(({ id }) => id),
    closed,
    agrees: closed && spin.states === whole.covered.states && verdicts.every(({ ours, spin }) => ours === spin),
  };
}

function isBroken(verdict: string | undefined): boolean {
  if (verdict === undefined || verdict === 'bounded') throw new Error('our search did not search the whole scope');
  return verdict === 'violated';
}
