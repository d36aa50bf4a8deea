import { DRIVERS, type DriverMachine, type DriverName } from '../../../machines/drivers.ts';
import type { Environment, Model } from '../../../models/index.ts';
import { sideBySide } from '../../engine/check/side-by-side.ts';
import { onAbort } from '../../outside/on-abort.ts';
import {
  type BuildOptions,
  type Conformance,
  conform,
  type SourceAudit,
  selfTest,
  type Tested,
  testMutant,
} from '../../subject/index.ts';
import type { SearchThread } from '../../subject/search-thread.ts';
import type { Compared } from './conformance-result.ts';

/** The C of a driver, the machine that it is compared with, and threads that can do so: of a driver of ours, they know the machine. */
export interface Pair {
  readonly source: SourceAudit;
  readonly machine: DriverMachine;
  readonly threads: readonly SearchThread[];
}

interface CompareOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (scope: { readonly model: Model; readonly environment: Environment }, states: number) => void;
  readonly onCompared: () => void;
}

/** The name of a driver of ours. */
const nameOf = (machine: DriverMachine): DriverName | undefined =>
  (Object.keys(DRIVERS) as DriverName[]).find((name) => DRIVERS[name] === machine);

/** What is done at once: in each thread, or here alone. */
function lanesOf<T>({ machine, threads }: Pair, there: (thread: SearchThread, driver: DriverName) => T, here: T): T[] {
  const name = nameOf(machine);
  return name === undefined || threads.length === 0 ? [here] : threads.map((thread) => there(thread, name));
}

/** Compares a driver with its C in each scope, up to the first difference in their order. */
export async function compareIn(
  pair: Pair,
  scopes: readonly { readonly model: Model; readonly environment: Environment }[],
  { signal, onProgress, onCompared }: CompareOptions,
): Promise<Compared[]> {
  const { source, machine } = pair;
  const models = [...new Set(scopes.map(({ model }) => model))];
  const stops = models.map(() => new AbortController());
  onAbort(signal, () => {
    for (const stop of stops) stop.abort();
  });
  type Compare = (
    model: Model,
    environment: Environment,
    options: Parameters<typeof conform>[4],
  ) => Promise<Conformance>;
  const here: Compare = (model, environment, options) => conform(source, model, environment, machine, options);
  const there =
    (thread: SearchThread, driver: DriverName): Compare =>
    (model, environment, options) =>
      thread.compare(source, model, environment, driver, options);
  const found = await sideBySide(lanesOf(pair, there, here), models, async (compare, model, place) => {
    const results: Compared[] = [];
    // The environments of a model differ in little, and are asked one after the other.
    for (const { environment } of scopes.filter((scope) => scope.model === model)) {
      const { signal } = stops[place]!;
      if (signal.aborted) break;
      const report = (states: number): void => onProgress({ model, environment }, states);
      const compared = await compare(model, environment, { signal, onProgress: report });
      results.push({ model, environment, ...compared });
      onCompared();
      if (compared.difference === undefined) continue;
      for (const later of stops.slice(place)) later.abort();
    }
    return results;
  });
  const all = found.flat();
  const first = all.findIndex(({ difference }) => difference !== undefined);
  return first < 0 ? all : all.slice(0, first + 1);
}

/** Breaks copies of the C, and compares each: see `selfTest`. */
export function testIn(
  pair: Pair,
  models: readonly Model[],
  settings: BuildOptions,
  options: { readonly signal: AbortSignal; readonly onTested: (tested: Tested) => void },
): Promise<Tested[]> {
  const { source } = pair.source.build;
  const { signal } = options;
  type Test = Parameters<typeof selfTest>[1][number];
  const here: Test = (mutant) => testMutant(source, mutant, pair.machine, models, { ...settings, signal });
  const there =
    (thread: SearchThread, driver: DriverName): Test =>
    (mutant) =>
      thread.test({ source, options: settings, mutant, driver, models }, { signal });
  return selfTest(source.text, lanesOf(pair, there, here), options);
}
