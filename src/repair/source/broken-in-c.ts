import type { Environment } from '../../../models/index.ts';
import type { Result } from '../../audit/audit.ts';
import { NoSubject } from '../../subject/index.ts';
import type { ScopeOfSearch } from '../ask.ts';

/** What the C of a driver breaks: the ids of the properties, by scope (see {@link keyOf}). */
export type BrokenInC = ReadonlyMap<string, ReadonlySet<string>>;

/** The name of a scope. */
export const keyOf = ({ model, environment }: ScopeOfSearch): string => `${model.name}, ${environment}`;

/** What an audit of the C found broken. Throws `NoSubject` if a search of it stopped early. */
export function brokenInAudit(results: readonly Result[]): BrokenInC {
  const broken = new Map<string, Set<string>>();
  for (const { model, environment, property, verdict, covered } of results) {
    const scope = { model, environment };
    checkAudited(scope, covered);
    const there = broken.get(keyOf(scope)) ?? new Set();
    broken.set(keyOf(scope), verdict.verdict === 'violated' ? there.add(property) : there);
  }
  return broken;
}

/** Throws `NoSubject` if a search stopped early: what was not searched is no pass. */
export function checkAudited(scope: ScopeOfSearch, { exhaustive, stoppedBy }: Result['covered']): void {
  if (!exhaustive) throw new NoSubject(`its audit stopped in ${keyOf(scope)}: ${stoppedBy}`);
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
