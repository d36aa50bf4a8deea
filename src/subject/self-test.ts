import type { DriverMachine } from '../../machines/drivers.ts';
import type { Environment, Model } from '../../models/index.ts';
import { SourceAudit } from './audit.ts';
import { type BuildOptions, build } from './build.ts';
import { NoSubject } from './compiler.ts';
import { conform, type Difference } from './conform.ts';
import type { Mutant } from './mutants.ts';
import type { DriverSource } from './source.ts';

/** What became of one broken copy of the driver. */
export interface Tested {
  readonly mutant: Mutant;
  /** `no mutant` when the broken copy does not compile, `undecided` when a comparison with it was cut short. */
  readonly outcome: 'noticed' | 'missed' | 'no mutant' | 'undecided';
  /** The model that noticed it, and how. */
  readonly model?: string;
  readonly difference?: Difference;
}

/** The smallest scopes that reach every function of a driver, the quickest first, by the names of their models. */
const SCOPES: readonly (readonly [model: string, environment: Environment])[] = [
  ['foreign-owner', '4.16'],
  ['two-threads', '4.16'],
  ['refused-open-stalled-cycles', '4.16'],
  ['refused-open-software', '4.16'],
  ['full-width', '4.16'],
  ['group-of-two', '4.16'],
  ['group-of-two', 'current'],
  ['two-of-a-kind', '4.16'],
  ['three-on-two', '4.16'],
  ['any-order-event', 'any-order'],
];

/** Builds a broken copy of a driver, and compares it with the model in some of `models` until it is noticed. */
export async function testMutant(
  source: DriverSource,
  mutant: Mutant,
  driver: DriverMachine,
  models: readonly Model[],
  { signal, ...options }: BuildOptions & { readonly signal?: AbortSignal } = {},
): Promise<Tested> {
  let audit: SourceAudit;
  try {
    audit = new SourceAudit(build({ ...source, text: mutant.text }, options));
  } catch (error) {
    if (!(error instanceof NoSubject)) throw error;
    return { mutant, outcome: 'no mutant' };
  }
  try {
    let exhaustive = true;
    for (const [name, environment] of SCOPES)
      for (const model of models.filter((one) => one.name === name)) {
        const { covered, difference } = await conform(audit, model, environment, driver, { ...(signal && { signal }) });
        if (difference !== undefined) return { mutant, outcome: 'noticed', model: model.name, difference };
        exhaustive &&= covered.exhaustive;
      }
    return { mutant, outcome: exhaustive ? 'missed' : 'undecided' };
  } finally {
    audit.close();
  }
}
