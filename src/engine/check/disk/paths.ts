import type { Engine } from '../engine.ts';
import { type Origins, pathsBack } from '../trace.ts';
import { CHUNK, type LevelsOnDisk } from './levels-on-disk.ts';

/** The numbers of the facts on a shortest path to each of some states of a search on disk. */
export const pathsTo = (engine: Engine, levels: LevelsOnDisk, targets: readonly number[]): number[][] =>
  pathsBack(levels, targets, (level, wanted, origins) => findOrigins(engine, levels, level, wanted, origins));

function findOrigins(
  { inner, out, starts, words, states }: Engine,
  levels: LevelsOnDisk,
  level: number,
  wanted: ReadonlySet<number>,
  origins: Origins,
): void {
  // By the words of a state, as text: its number. The first words tell most of the others apart.
  const missing = new Map<string, number>();
  const firstWords = new Set<number>();
  for (const state of wanted) {
    const packed = new Int32Array(words);
    levels.read(packed, state);
    missing.set(packed.join(), state);
    firstWords.add(packed[0]!);
  }
  const end = levels.levels[level]!;
  for (let first = levels.levels[level - 1]!; first < end && missing.size > 0; first += CHUNK) {
    const count = Math.min(CHUNK, end - first);
    levels.read(states.subarray(0, count * words), first);
    for (let from = 0; from < count && missing.size > 0; ) {
      const left = inner.expand(from, count);
      if (left === from) throw new Error('a state that was expanded cannot be expanded again');
      for (let state = from; state < left; state++)
        for (let at = starts[state - from]!; at < starts[state - from + 1]!; at += words + 1) {
          if (!firstWords.has(out[at]!)) continue;
          const key = out.subarray(at, at + words).join();
          const found = missing.get(key);
          if (found === undefined) continue;
          origins.set(found, { state: first + state, fact: out[at + words]! });
          missing.delete(key);
        }
      from = left;
    }
  }
}
