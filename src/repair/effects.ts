import type { DecisionName } from '../../machines/driver/decisions.ts';
import type { Environment } from '../../models/index.ts';
import type { Asker, ScopeOfSearch } from './ask.ts';
import { bitOf, type Decided } from './decided.ts';

/** What one change does to a property in an environment. */
export interface Effect {
  readonly change: DecisionName;
  readonly property: string;
  readonly environment: Environment;
  /**
   * `mends`: no model violates the property any more. `helps`: fewer models break it, but some still do.
   * `breaks`: a model breaks it that did not.
   */
  readonly kind: 'mends' | 'helps' | 'breaks';
}

/** What each change does to a driver when it is the only one. */
export async function effectsAlone(
  asker: Asker,
  scopes: readonly ScopeOfSearch[],
  base: Decided,
  changes: readonly DecisionName[],
): Promise<Effect[]> {
  return effectsOf(asker, scopes, changes, base, (change) => base | bitOf(change));
}

/** What each change does when it is the only one that is left out of a set. */
export async function effectsLeftOut(
  asker: Asker,
  scopes: readonly ScopeOfSearch[],
  whole: Decided,
  changes: readonly DecisionName[],
): Promise<Effect[]> {
  return effectsOf(asker, scopes, changes, whole, (change) => whole & ~bitOf(change));
}

async function effectsOf(
  asker: Asker,
  scopes: readonly ScopeOfSearch[],
  changes: readonly DecisionName[],
  decided: Decided,
  changed: (change: DecisionName) => Decided,
): Promise<Effect[]> {
  const [before, ...after] = await Promise.all([
    brokenBy(asker, scopes, decided),
    ...changes.map((change) => brokenBy(asker, scopes, changed(change))),
  ]);
  return changes.flatMap((change, place) => compare(change, before!, after[place]!));
}

/** By environment and property: the models that break it. */
type BrokenIn = ReadonlyMap<Environment, ReadonlyMap<string, ReadonlySet<string>>>;

async function brokenBy(asker: Asker, scopes: readonly ScopeOfSearch[], decided: Decided): Promise<BrokenIn> {
  const broken = new Map<Environment, Map<string, Set<string>>>();
  for (const [place, properties] of (await asker.brokenBy(scopes, decided)).entries())
    for (const property of properties) {
      const { environment, model } = scopes[place]!;
      const ofEnvironment = broken.get(environment) ?? new Map<string, Set<string>>();
      broken.set(environment, ofEnvironment);
      ofEnvironment.set(property, (ofEnvironment.get(property) ?? new Set()).add(model.name));
    }
  return broken;
}

const NONE: ReadonlySet<string> = new Set();

function compare(change: DecisionName, before: BrokenIn, after: BrokenIn): Effect[] {
  const effects: Effect[] = [];
  for (const environment of new Set([...before.keys(), ...after.keys()])) {
    const properties = new Set([...(before.get(environment)?.keys() ?? []), ...(after.get(environment)?.keys() ?? [])]);
    for (const property of properties) {
      const was = before.get(environment)?.get(property) ?? NONE;
      const is = after.get(environment)?.get(property) ?? NONE;
      if ([...is].some((model) => !was.has(model))) effects.push({ change, property, environment, kind: 'breaks' });
      if (was.size > 0 && is.size === 0) effects.push({ change, property, environment, kind: 'mends' });
      else if ([...was].some((model) => !is.has(model))) effects.push({ change, property, environment, kind: 'helps' });
    }
  }
  return effects;
}
