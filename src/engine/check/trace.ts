import type { BfsSearch } from './bfs-search.ts';

/** How a state was first reached. */
interface Origin {
  readonly state: number;
  readonly fact: number;
}

/** By state: how it was first reached, as far as that was found out. */
export type Origins = Map<number, Origin>;

/** The states of a search, level by level. */
interface Levels {
  /** The number of the first state of each level. */
  readonly levels: readonly number[];
  /** The level of a state. */
  depth(state: number): number;
}

/**
 * The numbers of the facts on a shortest path to each of some states. `findOrigins` finds the origins of the states that are wanted of a
 * level.
 *
 * A search keeps no path. But it keeps the states of a level together, and a state of one level was reached from one of
 * the level before: those are expanded once more until the state comes out, and so on, back to the first.
 */
export function pathsBack(
  levels: Levels,
  targets: readonly number[],
  findOrigins: (level: number, wanted: ReadonlySet<number>, origins: Origins) => void,
): number[][] {
  const origins: Origins = new Map();
  const wanted = levels.levels.map(() => new Set<number>());
  for (const target of targets) wanted[levels.depth(target)]!.add(target);
  for (let level = wanted.length - 1; level > 0; level--) {
    if (wanted[level]!.size > 0) findOrigins(level, wanted[level]!, origins);
    for (const state of wanted[level]!) wanted[level - 1]!.add(origins.get(state)!.state);
  }
  return targets.map((target) => {
    const facts: number[] = [];
    for (let origin = origins.get(target); origin !== undefined; origin = origins.get(origin.state))
      facts.push(origin.fact);
    return facts.reverse();
  });
}

/** The numbers of the facts on a shortest path to each of some states of a search in memory. */
export const waysTo = (explorer: BfsSearch, targets: readonly number[]): number[][] =>
  pathsBack(explorer.store, targets, (level, wanted, origins) => findOrigins(explorer, level, wanted, origins));

function findOrigins(explorer: BfsSearch, level: number, wanted: ReadonlySet<number>, origins: Origins): void {
  const { engine, store } = explorer;
  const { inner, out, starts, words } = engine;
  const { levels } = store;
  engine.load(levels[level - 1]!, levels[level + 1] ?? store.size);
  // The first words tell most of the others apart without a look at the hash table.
  const firstWords = new Set([...wanted].map((state) => store.states[store.at(state)]!));
  let missing = wanted.size;
  for (let first = levels[level - 1]!; missing > 0 && first < levels[level]!; ) {
    const end = inner.expand(first, levels[level]!);
    for (let state = first; state < end && missing > 0; state++)
      for (let at = starts[state - first]!; at < starts[state - first + 1]!; at += words + 1) {
        if (!firstWords.has(out[at]!)) continue;
        const found = inner.find(out, at);
        if (!wanted.has(found) || origins.has(found)) continue;
        origins.set(found, { state, fact: out[at + words]! });
        missing--;
      }
    first = end;
  }
}
