import { createHash } from 'node:crypto';
import { DRIVERS } from '../../machines/drivers.ts';
import { compose, type Environment, type Model } from '../../models/index.ts';
import type { Fact } from '../facts/index.ts';
import type { Trace } from '../findings/trace.ts';
import type { DriverSource, SourceAudit } from '../subject/index.ts';
import { SUBJECT_PROPERTIES } from '../subject/properties.ts';
import type { SearchThread } from '../subject/search-thread.ts';
import type { AuditTarget } from './audit-target.ts';
import { breaksIn, type Cause, causeOf, composed, lastOffence, NOWHERE } from './cause.ts';
import { faultPlace } from './fault-place.ts';

/** The digest of the posted `perf_event.c`, in which the lines of a decision are the lines of the C. */
const POSTED = '53f028238e2170a13e30affdd6cd5242dd9a127da856c1f2eaebc0b2c966ed63';

/**
 * The C of a driver, to be audited. Nobody needs to have modelled it. With threads, so many models are searched side by side.
 *
 * @experimental
 */
export function compiled(source: SourceAudit, threads: readonly SearchThread[] = []): AuditTarget {
  const isPosted = createHash('sha256').update(source.build.source.text).digest('hex') === POSTED;
  /** By the log of a counterexample that a search found. */
  const placesOf = new WeakMap<readonly Fact[], Trace['places']>();
  const traceIn = (facts: readonly Fact[], model: Model, environment: Environment): Trace => ({
    // Only for what parts there are: none of its driver's machines runs.
    system: compose(model.scope, environment, DRIVERS['as-posted']),
    log: facts,
    ...source.follow(model, environment, facts),
  });
  return {
    name: source.build.source.path,
    file: source.build.source.path,
    notes: source.build.source.notes,
    textAt: textsOf(source.build.source),
    everywhere: SUBJECT_PROPERTIES,
    lanes: Math.max(1, threads.length),
    async decide(model, environment, properties, options, lane = 0) {
      const thread = threads[lane];
      const asked = [model, environment, properties, forSource(options)] as const;
      const outcome = await (thread === undefined ? source.decide(...asked) : thread.decide(source, ...asked));
      for (const [log, places] of outcome.places) placesOf.set(log, places);
      return outcome;
    },
    async causeOf(property, log, model, environment): Promise<Cause> {
      const call = environment === 'any-order' ? lastOffence(log, model.scope) : undefined;
      if (call !== undefined) return { kind: 'missing guard', ...call };
      const known = await knownCause(property, log, model, environment);
      if (known !== undefined && isPosted) return known;
      const places = placesOf.get(log) ?? traceIn(log, model, environment).places;
      const place = faultPlace(property, log, places, source.build.source.text);
      return known === undefined ? { kind: 'place', ...(place ?? NOWHERE) } : { ...known, ...(place && { place }) };
    },
    traceOf: ({ facts }, model, environment) => traceIn(facts, model, environment),
  };
}

/** The driver's text, and those of the files that belong to it. */
function textsOf({ path, text, parts = [] }: DriverSource): NonNullable<AuditTarget['textAt']> {
  const texts = new Map([{ path, text }, ...parts].map((part) => [part.path, part.text]));
  return (file) => (file === undefined ? undefined : texts.get(file));
}

/**
 * The decision that explains a log: of a modelled driver that writes the very same log, and violates the property in it.
 * What another driver does of its own has no such cause, even where the modelled one would break the same property there.
 */
async function knownCause(
  ...[property, log, { scope }, environment]: Parameters<AuditTarget['causeOf']>
): Promise<Extract<Cause, { kind: 'decision' }> | undefined> {
  for (const driver of Object.values(DRIVERS)) {
    if (!(await breaksIn(composed(scope, environment, driver), property, log))) continue;
    const cause = await causeOf(property, log, scope, environment, driver);
    if (cause.kind === 'decision') return cause;
  }
  return undefined;
}

const forSource = ({ limits, signal, onProgress }: Parameters<AuditTarget['decide']>[3]) => ({
  ...(limits && { limits }),
  ...(signal && { signal }),
  ...(onProgress && {
    onProgress: (states: number) => onProgress({ states, transitions: 0, frontier: 0, milliseconds: 1 }),
  }),
});
