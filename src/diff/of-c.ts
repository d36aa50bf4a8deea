import type { Environment, Model } from '../../models/index.ts';
import { plainSearch, Undecided } from '../engine/check/index.ts';
import type { Fact } from '../facts/index.ts';
import type { SourceAudit } from '../subject/index.ts';
import type { Place } from '../subject/places.ts';
import { type Mismatch, mismatchOf, PairInC, runCalls, type SideInC, sideOf } from './c-pair.ts';
import { ACCEPTED } from './first-difference.ts';

/** What one driver does along a log: the facts of each call, and the places in its text that they come from. */
export interface RunInC {
  readonly calls: readonly (readonly Fact[])[];
  /** By call: the places that it goes through, in order. */
  readonly places: readonly (readonly Place[])[];
}

/** Where the C of two drivers parts: both meet the calls of this log, and do not do the same in the last. */
export interface PartedInC extends Mismatch {
  readonly model: Model;
  readonly environment: Environment;
  readonly runs: readonly [RunInC, RunInC];
  /** Where each does what the other does not, if any tool here can tell. */
  readonly places: readonly [Place | undefined, Place | undefined];
}

/** So many pairs of states are searched in one model. */
const MOST = 20_000;

/**
 * The shortest log of any model after which the C of two drivers parts, and whether some search for one was stopped. Calls are made
 * one after the other: of how calls overlap it says nothing.
 */
export async function mismatchInC(
  one: SourceAudit,
  other: SourceAudit,
  models: readonly Model[],
  environments: readonly Environment[],
  signal?: AbortSignal,
): Promise<{ parted?: PartedInC; bounded: boolean }> {
  let parted: PartedInC | undefined;
  let bounded = false;
  for (const model of models)
    for (const environment of model.environments.filter((name) => environments.includes(name))) {
      const longest = parted?.runs[0].calls.length;
      try {
        const pair = new PairInC(sideOf(one, model, environment), sideOf(other, model, environment));
        const { covered, verdicts } = await plainSearch(pair, [ACCEPTED], {
          first: true,
          limits: { states: MOST },
          ...(signal && { signal }),
          // A log that is no shorter is of no use.
          ...(longest !== undefined && { depth: longest - 1 }),
        });
        const verdict = verdicts.get(ACCEPTED.id)!;
        if (verdict.verdict === 'violated') parted = told(pair, verdict.counterexample.facts, model, environment);
        else bounded ||= !covered.exhaustive && longest === undefined;
      } catch (error) {
        if (!(error instanceof Undecided)) throw error;
        bounded = true;
      }
    }
  return { ...(parted && { parted }), bounded: bounded && parted === undefined };
}

function told({ one, other }: PairInC, calls: readonly Fact[], model: Model, environment: Environment): PartedInC {
  const [mine, its] = [runCalls(one.system, calls), runCalls(other.system, calls)];
  const mismatch = mismatchOf(mine.at(-1)!, its.at(-1)!)!;
  const run = (side: SideInC, steps: typeof mine): RunInC => ({
    calls: steps.map((call) => call.map(({ fact }) => fact)),
    places: steps.map((call) => call.flatMap((step) => side.audit.placeOf(side.code, step) ?? [])),
  });
  const place = (side: SideInC, steps: typeof mine): Place | undefined => {
    const last = steps.at(-1)!;
    const at = (mismatch.isCount && last.findLast(({ fact }) => fact.type === 'count.add')) || last.at(-1)!;
    return side.audit.placeOf(side.code, at);
  };
  return {
    ...{ ...mismatch, model, environment, runs: [run(one, mine), run(other, its)] },
    places: [place(one, mine), place(other, its)],
  };
}
