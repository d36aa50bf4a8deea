import type { DriverMachine } from '../../machines/drivers.ts';
import type { Environment, Model } from '../../models/index.ts';
import { SourceAudit } from './audit.ts';
import { type BuildOptions, build } from './build.ts';
import { NoSubject } from './compiler.ts';
import { conform, type Difference } from './conform.ts';
import { type Mutant, mutantsOf } from './mutants.ts';
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

/** Breaks copies of a driver that agrees with the model, and looks whether the comparison notices each, in some of `models`. */
export async function* selfTest(
  source: DriverSource,
  driver: DriverMachine,
  models: readonly Model[],
  options: BuildOptions & { readonly signal?: AbortSignal } = {},
): AsyncGenerator<Tested> {
  const scopes = SCOPES.flatMap(([name, environment]) =>
    models.filter((model) => model.name === name).map((model) => [model, environment] as const),
  );
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
      yield await compare(audit, mutant, driver, scopes, options.signal);
    } finally {
      audit.close();
    }
  }
}

async function compare(
  audit: SourceAudit,
  mutant: Mutant,
  driver: DriverMachine,
  scopes: readonly (readonly [Model, Environment])[],
  signal: AbortSignal | undefined,
): Promise<Tested> {
  let exhaustive = true;
  for (const [model, environment] of scopes) {
    const { covered, difference } = await conform(audit, model, environment, driver, { ...(signal && { signal }) });
    if (difference !== undefined) return { mutant, outcome: 'noticed', model: model.name, difference };
    exhaustive &&= covered.exhaustive;
  }
  return { mutant, outcome: exhaustive ? 'missed' : 'undecided' };
}
