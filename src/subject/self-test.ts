import type { DriverMachine } from '../../machines/drivers.ts';
import type { Environment, Model } from '../../models/index.ts';
import { modelOf } from '../../models/index.ts';
import { SourceAudit } from './audit.ts';
import { type BuildOptions, build } from './build.ts';
import { NoSubject } from './compiler.ts';
import { conform, type Difference } from './conform.ts';
import { type Mutant, mutantsOf } from './mutants.ts';
import { FULL_WIDTH } from './scopes.ts';
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

/** The smallest scopes that reach every function of a driver, the quickest first. */
const SCOPES: readonly (readonly [Model, Environment])[] = [
  [modelOf('foreign-owner'), '4.16'],
  [modelOf('two-threads'), '4.16'],
  [modelOf('refused-open-stalled-cycles'), '4.16'],
  [modelOf('refused-open-software'), '4.16'],
  [FULL_WIDTH, '4.16'],
  [modelOf('group-of-two'), '4.16'],
  [modelOf('group-of-two'), 'current'],
  [modelOf('two-of-a-kind'), '4.16'],
  [modelOf('three-on-two'), '4.16'],
  [modelOf('any-order-event'), 'any-order'],
];

/** Breaks copies of a driver that agrees with the model, and looks whether the comparison notices each. */
export async function* selfTest(
  source: DriverSource,
  driver: DriverMachine,
  options: BuildOptions & { readonly signal?: AbortSignal } = {},
): AsyncGenerator<Tested> {
  for (const mutant of mutantsOf(source.text)) {
    if (options.signal?.aborted) return;
    let audit: SourceAudit;
    try {
      audit = new SourceAudit(build({ ...source, text: mutant.text }, options));
    } catch (error) {
      if (!(error instanceof NoSubject)) throw error;
      yield { mutant, outcome: 'no mutant' };
      continue;
    }
    try {
      yield await compare(audit, mutant, driver, options.signal);
    } finally {
      audit.close();
    }
  }
}

async function compare(
  audit: SourceAudit,
  mutant: Mutant,
  driver: DriverMachine,
  signal: AbortSignal | undefined,
): Promise<Tested> {
  let exhaustive = true;
  for (const [model, environment] of SCOPES) {
    const { covered, difference } = await conform(audit, model, environment, driver, { ...(signal && { signal }) });
    if (difference !== undefined) return { mutant, outcome: 'noticed', model: model.name, difference };
    exhaustive &&= covered.exhaustive;
  }
  return { mutant, outcome: exhaustive ? 'missed' : 'undecided' };
}
