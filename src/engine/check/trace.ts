import type { BfsSearch } from './bfs-search.ts';

/** How a state was first reached. */
interface Origin {
  readonly state: number;
  readonly fact: number;
}

/**
 * The numbers of the facts on a shortest path to each of some states.
 *
 * The search keeps no path. But it keeps the states of a level together, and a state of one level was reached from one of
 * the level before: those are expanded once more until the state comes out, and so on, back to the first.
 */
export function waysTo(explorer: BfsSearch, targets: readonly number[]): number[][] {
  const { store } = explorer;
  const origins = new Map<number, Origin>();
  const wanted = store.levels.map(() => new Set<number>());
  for (const target of targets) wanted[store.depth(target)]!.add(target);
  for (let level = wanted.length - 1; level > 0; level--) {
    if (wanted[level]!.size > 0) findOrigins(explorer, level, wanted[level]!, origins);
    for (const state of wanted[level]!) wanted[level - 1]!.add(origins.get(state)!.state);
  }
  return targets.map((target) => {
    const facts: number[] = [];
    for (let origin = origins.get(target); origin !== undefined; origin = origins.get(origin.state))
      facts.push(origin.fact);
    return facts.reverse();
  });
}

/** Finds the origins of the states that are wanted of a level. */
function findOrigins(explorer: BfsSearch, level: number, wanted: Set<number>, origins: Map<number, Origin>): void {
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
