import { type Environment, propertyOf } from '../../../models/index.ts';
import { type Build, NoSubject, SourceAudit } from '../../subject/index.ts';
import type { ScopeOfSearch } from '../ask.ts';

/** What the C of a driver breaks: the ids of the properties, by scope (see {@link keyOf}). */
export type BrokenInC = ReadonlyMap<string, ReadonlySet<string>>;

/** The name of a scope. */
export const keyOf = ({ model, environment }: ScopeOfSearch): string => `${model.name}, ${environment}`;

/** Audits a compiled driver. Throws `NoSubject` if it does not boot, or a search stops early: what was not searched is no pass. */
export async function brokenInC(build: Build, scopes: readonly ScopeOfSearch[]): Promise<BrokenInC> {
  const audit = new SourceAudit(build);
  const broken = new Map<string, Set<string>>();
  try {
    for (const scope of scopes) {
      const { model, environment } = scope;
      const { covered, verdicts } = await audit.decide(model, environment, model.properties.map(propertyOf));
      if (!covered.exhaustive) throw new NoSubject(`its audit stopped in ${keyOf(scope)}: ${covered.stoppedBy}`);
      const found = [...verdicts].filter(([, { verdict }]) => verdict === 'violated').map(([id]) => id);
      broken.set(keyOf(scope), new Set(found));
    }
  } finally {
    audit.close();
  }
  return broken;
}

/** The properties that are broken in an environment, in any of the scopes. */
export function brokenIn(
  environment: Environment,
  scopes: readonly ScopeOfSearch[],
  broken: BrokenInC,
): ReadonlySet<string> {
  return new Set(
    scopes
      .filter((scope) => scope.environment === environment)
      .flatMap((scope) => [...(broken.get(keyOf(scope)) ?? [])]),
  );
}
