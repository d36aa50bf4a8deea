import type { Environment } from '../../../models/index.ts';
import type { ScopeOfSearch } from '../ask.ts';

/** What the C of a driver breaks: the ids of the properties, by scope (see {@link keyOf}). */
export type BrokenInC = ReadonlyMap<string, ReadonlySet<string>>;

/** The name of a scope. */
export const keyOf = ({ model, environment }: ScopeOfSearch): string => `${model.name}, ${environment}`;

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
