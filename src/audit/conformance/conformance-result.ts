import type { Environment, Model } from '../../../models/index.ts';
import type { Conformance } from '../../subject/conform.ts';
import type { Tested } from '../../subject/self-test.ts';

/** One model in one environment, compared with the C. */
export interface Compared extends Conformance {
  readonly model: Model;
  readonly environment: Environment;
}

/** A comparison that is done: what every report of it is written from. */
export interface ConformanceResult {
  /** The name of the model of the driver. */
  readonly driver: string;
  /** The path of the C in its tree. */
  readonly file: string;
  readonly compared: readonly Compared[];
  /** The broken copies of the driver that were tried; none if there was a difference already. */
  readonly tested: readonly Tested[];
  readonly seconds: number;
  /** Whether it was stopped by hand, before all that was asked for was compared. */
  readonly interrupted: boolean;
}

/** What one comparison came to. A search that was cut short is no pass. */
export type Outcome = 'equal' | 'different' | 'bounded';

export const outcomeOf = ({ difference, covered }: Compared): Outcome =>
  difference !== undefined ? 'different' : covered.exhaustive ? 'equal' : 'bounded';

/** The broken copies that compile: only they say something. */
export const brokenCopies = (tested: readonly Tested[]): Tested[] =>
  tested.filter(({ outcome }) => outcome !== 'no mutant');

/** Whether nothing differs, in whole scopes, and each broken copy was noticed. */
export const isClean = ({ compared, tested, interrupted }: ConformanceResult): boolean =>
  !interrupted &&
  compared.every((one) => outcomeOf(one) === 'equal') &&
  tested.every(({ outcome }) => outcome === 'noticed' || outcome === 'no mutant') &&
  (tested.length === 0 || brokenCopies(tested).length > 0);
