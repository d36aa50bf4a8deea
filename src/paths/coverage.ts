import { type StateSpace, stateSpace } from '../diagrams/state-space.ts';
import { initialState } from '../engine/compose/index.ts';
import type { Fact, System } from '../facts/index.ts';
import { Covering } from './covering.ts';
import { type Coverage, type Item, keyOfItem } from './items.ts';
import { modelGraph } from './model-graph.ts';
import { BETWEEN_HARTS } from './places.ts';

/** More states than this take longer than anybody waits. */
const LIMIT = 200_000;

/** What logs have reached of one machine (of one callback, where outcomes are asked); or of it on one of several harts, or of one of several events. */
export interface MachineCoverage {
  /** The machine; `driver on hart 1` where it is told of one place. */
  readonly machine: string;
  readonly reached: readonly string[];
  /** What can be reached in the scope, and was not. */
  readonly notTried: readonly string[];
  /** What the search of the whole scope did not reach either. */
  readonly unreachable: readonly string[];
}

export interface CoverageReport {
  readonly coverage: Coverage;
  readonly machines: readonly MachineCoverage[];
  /** Why it is not known what can be reached; then what is called not tried may be out of reach. */
  readonly unknown?: string;
}

/**
 * What logs have reached in the machines of a system, held against what can be reached in its scope at all.
 * Without logs, what can be reached counts as reached. Throws an Error if a machine refuses a fact of a log.
 *
 * @experimental
 */
export function coverageOf(system: System, coverage: Coverage, logs?: readonly (readonly Fact[])[]): CoverageReport {
  const covering = new Covering(system, coverage);
  const start = initialState(system);
  const reachable = reach(system, coverage, covering);
  const reached = new Set<string>();
  const note = (number: number) => reached.add(keyOfItem(covering.items[number]!));
  if (coverage === 'states') covering.statesOf(start).forEach(note);
  for (const log of logs ?? []) covering.of(start, log, []).covers.forEach(note);
  if (logs === undefined) for (const item of reachable ?? []) reached.add(keyOfItem(item));

  const possible = new Set((reachable ?? covering.charted).map(keyOfItem));
  const all = new Map(
    [...covering.charted, ...(reachable ?? []), ...covering.items].map((item) => [keyOfItem(item), item]),
  );
  const machines = [...new Set([...all.values()].map(groupOf))].map((machine): MachineCoverage => {
    const own = [...all].filter(([, item]) => groupOf(item) === machine);
    const names = (holds: (key: string) => boolean) => own.filter(([key]) => holds(key)).map(([, { name }]) => name);
    return {
      machine,
      reached: names((key) => reached.has(key)),
      notTried: names((key) => !reached.has(key) && possible.has(key)),
      unreachable: names((key) => !reached.has(key) && !possible.has(key)),
    };
  });
  return {
    coverage,
    machines,
    ...(reachable === undefined && { unknown: `the scope has more than ${LIMIT.toLocaleString('en')} states` }),
  };
}

const groupOf = ({ machine, place }: Item): string => (place === undefined ? machine : `${machine} ${place}`);

/** All that can be reached in the scope; undefined if it is too large. Pairs are those of calls that do not overlap. */
function reach(system: System, coverage: Coverage, covering: Covering): readonly Item[] | undefined {
  try {
    if (coverage === 'pairs') return modelGraph(system, coverage).items;
    const { product, states, passages }: StateSpace = stateSpace(system, { limit: LIMIT });
    const numbers = new Set<number>();
    for (const { from, facts } of passages) {
      const before = states[from]!.map((local, part) => product.tables[part]!.snapshots[local]!);
      for (const number of covering.of(before, facts, []).covers) numbers.add(number);
    }
    if (coverage === 'states') for (const number of covering.statesOf(initialState(system))) numbers.add(number);
    const reached = [...numbers].map((number) => covering.items[number]!);
    // A passage by itself does not tell where an event ran before it.
    const isBetween = ({ place }: Item) => place === BETWEEN_HARTS;
    const moves = system.ofRole('hart').length > 1 ? modelGraph(system, coverage).items.filter(isBetween) : [];
    return [...reached, ...moves];
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
