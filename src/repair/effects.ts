import type { DecisionName } from '../../machines/driver/decisions.ts';
import type { Environment } from '../../models/index.ts';
import type { Answer, Asker, ScopeOfSearch } from './ask.ts';
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

/** Who is asked, and in which scopes: also by model. */
interface Whom {
  readonly asker: Asker;
  readonly scopes: readonly ScopeOfSearch[];
  readonly byModel: readonly (readonly ScopeOfSearch[])[];
}

/** What each change does to a driver when it is the only one. */
export async function effectsAlone(whom: Whom, base: Decided, changes: readonly DecisionName[]): Promise<Effect[]> {
  return effectsOf(whom, changes, base, (change) => base | bitOf(change));
}

/** What each change does when it is the only one that is left out of a set. */
export async function effectsLeftOut(whom: Whom, whole: Decided, changes: readonly DecisionName[]): Promise<Effect[]> {
  return effectsOf(whom, changes, whole, (change) => whole & ~bitOf(change));
}

async function effectsOf(
  { asker, scopes, byModel }: Whom,
  changes: readonly DecisionName[],
  decided: Decided,
  changed: (change: DecisionName) => Decided,
): Promise<Effect[]> {
  const variants = [decided, ...changes.map(changed)];
  const answers = await asker.askAll(byModel, variants);
  const [before, ...after] = variants.map((variant) => brokenIn(scopes, answers.get(variant)!));
  return changes.flatMap((change, place) => compare(change, before!, after[place]!));
}

/** By environment and property: the models that break it. */
type BrokenIn = ReadonlyMap<Environment, ReadonlyMap<string, ReadonlySet<string>>>;

function brokenIn(scopes: readonly ScopeOfSearch[], answers: ReadonlyMap<ScopeOfSearch, Answer>): BrokenIn {
  const broken = new Map<Environment, Map<string, Set<string>>>();
  for (const scope of scopes)
    for (const { property } of answers.get(scope)!.broken) {
      const { environment, model } = scope;
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
