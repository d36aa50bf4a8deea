import type { DriverMachine } from '../../machines/drivers.ts';
import type { Environment, Model } from '../../models/index.ts';
import { conform, type Difference, type SourceAudit } from '../subject/index.ts';

/** Where a modelled driver and C part, after a shortest log of both. */
export interface Beside {
  readonly model: Model;
  readonly environment: Environment;
  /** Its last fact is what the C does, and the modelled driver does not; or what the C does not take. */
  readonly difference: Difference;
}

/**
 * Runs a modelled driver and C in lockstep, over all models: the shortest log on which they part, and whether a search for
 * one was stopped before its end.
 */
export async function besideC(
  machine: DriverMachine,
  source: SourceAudit,
  models: readonly Model[],
  environments: readonly Environment[],
): Promise<{ logs: []; inC?: Beside; bounded: boolean }> {
  let inC: Beside | undefined;
  let bounded = false;
  for (const model of models)
    for (const environment of model.environments.filter((name) => environments.includes(name))) {
      const { covered, difference } = await conform(source, model, environment, machine);
      bounded ||= difference === undefined && !covered.exhaustive;
      if (difference === undefined) continue;
      if (inC === undefined || difference.facts.length < inC.difference.facts.length)
        inC = { model, environment, difference };
    }
  return { logs: [], ...(inC && { inC }), bounded: bounded && inC === undefined };
}
