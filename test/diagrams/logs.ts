import { DRIVERS } from '../../machines/drivers.ts';
import { compose, type Environment, modelOf, propertyOf } from '../../models/index.ts';
import { check } from '../../src/engine/check/index.ts';
import type { Counterexample } from '../../src/facts/index.ts';

/** The shortest log with which the posted driver violates a property in a model. */
export async function counterexampleOf(
  model: string,
  property: string,
  environment: Environment = '4.16',
): Promise<Counterexample> {
  const system = compose(modelOf(model).scope, environment, DRIVERS['as-posted']);
  const verdict = (await check(system, [propertyOf(property)])).verdicts.get(property);
  if (verdict?.verdict !== 'violated') throw new Error(`${model} keeps ${property}`);
  return verdict.counterexample;
}
