import { DRIVERS, type DriverName } from '../../machines/drivers.ts';
import { compose, type Environment, MODELS, type Model, propertyOf } from '../../models/index.ts';
import { check } from '../../src/engine/index.ts';
import type { Outcome } from '../../src/facts/index.ts';

/** The models of a default audit. */
export const DEFAULT: readonly Model[] = MODELS.filter(({ deep }) => !deep);

const outcomes = new Map<string, Promise<Outcome>>();

/** The outcome of a default audit of a driver in one model; searched once, however many tests ask. */
export function searched(driver: DriverName, model: Model, environment: Environment): Promise<Outcome> {
  const key = `${driver} ${model.name} ${environment}`;
  let outcome = outcomes.get(key);
  if (outcome === undefined) {
    outcome = check(compose(model.scope, environment, DRIVERS[driver]), model.properties.map(propertyOf));
    outcomes.set(key, outcome);
  }
  return outcome;
}
