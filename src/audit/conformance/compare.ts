import { DRIVERS, type DriverMachine, type DriverName } from '../../../machines/drivers.ts';
import type { Environment, Model } from '../../../models/index.ts';
import { sideBySide } from '../../engine/check/side-by-side.ts';
import { onAbort } from '../../outside/on-abort.ts';
import {
  type BuildOptions,
  type Conformance,
  conform,
  type Mutant,
  mutantsOf,
  type SourceAudit,
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
  readonly onProgress: (scope: Scope, states: number) => void;
  readonly onCompared: () => void;
  /** Broken copies of the C are compared too, in some of these models: see `testMutant`. */
  readonly copies?: {
    readonly models: readonly Model[];
    readonly settings: BuildOptions;
    readonly onTested: (tested: Tested) => void;
  };
}

interface Scope {
  readonly model: Model;
  readonly environment: Environment;
}

/** What one thread does at a time: compares in a scope, or breaks a copy. */
interface Lane {
  readonly compare: (
    model: Model,
    environment: Environment,
    options: Parameters<typeof conform>[4],
  ) => Promise<Conformance>;
  readonly test: (
    mutant: Mutant,
    models: readonly Model[],
    settings: BuildOptions,
    signal: AbortSignal,
  ) => Promise<Tested>;
}

/** The name of a driver of ours. */
const nameOf = (machine: DriverMachine): DriverName | undefined =>
  (Object.keys(DRIVERS) as DriverName[]).find((name) => DRIVERS[name] === machine);

/** What is done at once: in each thread, or here alone. */
function lanesOf({ source, machine, threads }: Pair): Lane[] {
  const driver = nameOf(machine);
  const text = source.build.source;
  if (driver === undefined || threads.length === 0)
    return [
      {
        compare: (model, environment, options) => conform(source, model, environment, machine, options),
        test: (mutant, models, settings, signal) => testMutant(text, mutant, machine, models, { ...settings, signal }),
      },
    ];
  return threads.map((thread) => ({
    compare: (model, environment, options) => thread.compare(source, model, environment, driver, options),
    test: (mutant, models, options, signal) =>
      thread.test({ source: text, options, mutant, driver, models }, { signal }),
  }));
}

/**
 * Compares a driver with its C in each scope, up to the first difference in their order. What is then ready, while others still
 * compare, breaks copies of the C and compares each: those tell something only of a driver without a difference, and there are
 * none of one with it. In the order of the copies; those that were not begun when `signal` was aborted are left out.
 */
export async function compareIn(
  pair: Pair,
  scopes: readonly Scope[],
  { signal, onProgress, onCompared, copies }: CompareOptions,
): Promise<{ readonly compared: Compared[]; readonly tested: Tested[] }> {
  const models = [...new Set(scopes.map(({ model }) => model))];
  const mutants = copies === undefined ? [] : mutantsOf(pair.source.build.source.text);
  const stops = models.map(() => new AbortController());
  const stopTests = new AbortController();
  onAbort(signal, () => {
    for (const stop of [...stops, stopTests]) stop.abort();
  });
  const compared: Compared[][] = [];
  const tested: (Tested | undefined)[] = [];
  const work = [...models.map((model) => ({ model })), ...mutants.map((mutant) => ({ mutant }))];
  await sideBySide(lanesOf(pair), work, async (lane, one, place) => {
    if ('model' in one) await compareModel(lane, one.model, place);
    else await testCopy(lane, one.mutant, place - models.length);
  });
  const all = compared.flat();
  const first = all.findIndex(({ difference }) => difference !== undefined);
  if (first >= 0) return { compared: all.slice(0, first + 1), tested: [] };
  return { compared: all, tested: tested.filter((one) => one !== undefined) };

  async function compareModel({ compare }: Lane, model: Model, place: number): Promise<void> {
    const results: Compared[] = [];
    compared[place] = results;
    // The environments of a model differ in little, and are asked one after the other.
    for (const { environment } of scopes.filter((scope) => scope.model === model)) {
      const { signal } = stops[place]!;
      if (signal.aborted) break;
      const report = (states: number): void => onProgress({ model, environment }, states);
      const result = await compare(model, environment, { signal, onProgress: report });
      results.push({ model, environment, ...result });
      onCompared();
      if (result.difference === undefined) continue;
      for (const later of [...stops.slice(place), stopTests]) later.abort();
    }
  }

  async function testCopy({ test }: Lane, mutant: Mutant, place: number): Promise<void> {
    if (stopTests.signal.aborted) return;
    const { models, settings, onTested } = copies!;
    const result = await test(mutant, models, settings, stopTests.signal);
    tested[place] = result;
    onTested(result);
  }
}
