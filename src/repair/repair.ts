import type { DecisionName } from '../../machines/driver/decisions.ts';
import type { DriverMachine } from '../../machines/drivers.ts';
import type { Environment, Model } from '../../models/index.ts';
import { Asker, type AskThreads, type ScopeOfSearch, scopesOf } from './ask.ts';
import { bitOf, changesOf, type Decided, decidedBy, namesOf, setOf } from './decided.ts';
import { type Effect, effectsAlone, effectsLeftOut } from './effects.ts';
import { type Excluded, smallest } from './smallest.ts';

export interface RepairQuestion {
  readonly driver: DriverMachine;
  readonly models: readonly Model[];
  readonly environments: readonly Environment[];
  readonly signal?: AbortSignal;
  /** Called before each set of changes that is tried. */
  readonly onProgress?: (doing: string) => void;
  /** Where searches of a driver of ours are done side by side. */
  readonly threads?: AskThreads;
}

/** What would repair a driver. @experimental */
export interface Repair {
  /** Whether some property is violated as the driver is. */
  readonly broken: boolean;
  /** The smallest sets of changes under which no property is violated: all of them. Empty if no set of known changes does it. */
  readonly smallest: readonly (readonly DecisionName[])[];
  /** What each change does to the properties when it is the only one. */
  readonly alone: readonly Effect[];
  /** What is broken when one change of the first smallest set is left out. */
  readonly leftOut: readonly Effect[];
  /** For each change, the scopes in which the driver ever comes to it: in all others it makes no difference. */
  readonly concerns: ReadonlyMap<DecisionName, readonly ScopeOfSearch[]>;
  /** How many searches it took. */
  readonly searches: number;
}

/**
 * Finds the smallest sets of changes under which a driver keeps every property that the models decide in the environments.
 *
 * A counterexample tells which decisions it depends on. A repair must take one of those otherwise; so the smallest set that does,
 * for all counterexamples so far, is tried next, until one breaks nothing. Nothing smaller can be missed.
 * Throws an Error if a search is stopped before its end: what it did not see is no repair.
 *
 * @experimental
 */
export async function repair({
  driver,
  models,
  environments,
  signal,
  onProgress,
  threads,
}: RepairQuestion): Promise<Repair> {
  const asker = new Asker(driver, signal, threads);
  const base = decidedBy(driver);
  const free = setOf(changesOf(driver));
  const scopes = scopesOf(models, environments);
  onProgress?.('as the driver is');
  const byModel = models.map((model) => scopes.filter((scope) => scope.model === model));
  const answers = (await asker.askAll(byModel, [base])).get(base)!;
  const excluded: Excluded[] = scopes.flatMap((scope) => answers.get(scope)!.broken);
  // Most sets of changes are refuted by a small model.
  const sizeOf = (some: readonly ScopeOfSearch[]): number => Math.max(...some.map((one) => answers.get(one)!.states));
  const bySize = byModel.toSorted((a, b) => sizeOf(a) - sizeOf(b));

  const found: Decided[] = [];
  let size = 0;
  for (;;) {
    const candidate = smallest(base, free, excluded, size);
    if (candidate === undefined) break;
    const changes = namesOf(candidate & ~base);
    if (found.length > 0 && changes.length > size) break;
    size = changes.length;
    onProgress?.(`sets of ${size} changes`);
    const refuted = await firstBroken(asker, bySize, candidate);
    if (refuted.length === 0) found.push(candidate);
    excluded.push(...(refuted.length === 0 ? [{ mask: base | free, value: candidate }] : refuted));
  }

  onProgress?.('each change alone');
  // What takes longest begins first.
  const whom = { asker, scopes, byModel: bySize.toReversed() };
  const changes = changesOf(driver);
  const alone = await effectsAlone(whom, base, changes);
  onProgress?.('each change left out');
  const leftOut = found[0] === undefined ? [] : await effectsLeftOut(whom, found[0], namesOf(found[0] & ~base));
  const broken = excluded.length > 0 && !found.includes(base);
  const concerns = new Map(
    changes.map((change) => [change, scopes.filter((one) => (answers.get(one)!.mask & bitOf(change)) !== 0)]),
  );
  const sets = found.map((set) => namesOf(set & ~base));
  return { broken, smallest: sets, alone, leftOut, concerns, searches: asker.searches };
}

/** What the first models say against a variant that break it; nothing if none does. */
export async function firstBroken(
  asker: Asker,
  byModel: readonly (readonly ScopeOfSearch[])[],
  decided: Decided,
): Promise<readonly Excluded[]> {
  const atOnce = asker.threads?.size ?? 1;
  for (let from = 0; from < byModel.length; from += atOnce) {
    const asked = await Promise.all(
      byModel.slice(from, from + atOnce).map((scopes) => asker.ask(scopes.map((scope) => ({ scope, decided })))),
    );
    const broken = asked.flat().flatMap((answer) => answer.broken);
    if (broken.length > 0) return broken;
  }
  return [];
}
