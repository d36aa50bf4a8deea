import { Engine } from './engine.ts';
import type { PartialOrderPass } from './partial-order-pass.ts';
import { Passed } from './passed.ts';
import type { Break } from './table-monitor.ts';

/** Where a property is violated: the level, and the states of the components. */
export interface Place {
  readonly level: number;
  readonly states: readonly number[];
}

/** States that follow kept ones after so many facts, through states that are not kept. */
export interface Wave {
  readonly level: number;
  /** Those that are not kept: `from` is the place in the wave before, or the number of a kept state; `by` is the fact. */
  readonly passed: Passed;
  /** Those that are kept, with the same. */
  readonly kept: Passed;
}

/** What is wanted: a packed state of a level, and the facts that lead on from it. */
interface Wanted {
  level: number;
  packed: Int32Array;
  readonly facts: number[];
}

/** The way through the states of a pass once more, when it has ended: finds again what it did not keep, and asks nothing. */
export class PassedWalk {
  readonly #pass: PartialOrderPass;
  readonly #engine: Engine;

  constructor(pass: PartialOrderPass) {
    const { space, store } = pass.engine;
    this.#pass = pass;
    this.#engine = new Engine(space, store, [], true);
    this.#engine.recall([]);
  }

  /** What follows the kept states of a level, a batch of them at a time: until states are kept again. */
  *waves(level: number): Generator<readonly Wave[]> {
    const { levels, size } = this.#engine.store;
    const end = levels[level + 1] ?? size;
    for (let first = levels[level]!; first < end; ) {
      const left = this.#engine.inner.expand(first, end);
      // What a search that was stopped did not expand may need another layout.
      if (left === first) return;
      const waves = [this.#take(first, left, this.#wave(level + 1))];
      for (let last = waves[0]!; last.passed.count > 0; waves.push(last)) last = this.#after(last);
      yield waves;
      first = left;
    }
  }

  /**
   * The numbers of the facts on a shortest path to the state of each break. From the last level to the first, what follows its kept states
   * is found once more; whatever is wanted among it leads to a kept state of that level.
   */
  waysTo(breaks: readonly Break[]): number[][] {
    const { space, words } = this.#engine;
    const all = breaks.map((broken): Wanted => {
      const { level, states } = this.#pass.placeOf(broken)!;
      const packed = new Int32Array(words);
      space.layout.write(states, packed, 0);
      return { level, packed, facts: [] };
    });
    for (let level = Math.max(0, ...all.map((one) => one.level)) - 1; level >= 0; level--)
      this.#goBack(
        level,
        all.filter((one) => one.level > level),
      );
    return all.map(({ facts }) => facts);
  }

  /** Goes from what is wanted to the kept state of a level from which it was reached, if there is one. */
  #goBack(level: number, wanted: readonly Wanted[]): void {
    const { store, words } = this.#engine;
    for (const waves of wanted.length > 0 ? this.waves(level) : []) {
      for (const one of wanted) {
        const way = one.level > level ? wayIn(waves, one) : undefined;
        if (way === undefined) continue;
        const at = store.at(way.source);
        one.level = level;
        one.packed = store.states.slice(at, at + words);
        one.facts.unshift(...way.facts);
      }
      if (wanted.every((one) => one.level === level)) return;
    }
  }

  /** The wave after a wave. */
  #after({ level, passed }: Wave): Wave {
    const { inner, store } = this.#engine;
    const next = this.#wave(level + 1);
    for (let first = 0, left = 0; first < passed.count; first = left) {
      left = passed.among(store, () => inner.expand(first, passed.count));
      if (left === first) break;
      this.#take(first, left, next);
    }
    return next;
  }

  #wave(level: number): Wave {
    const { words } = this.#engine;
    return { level, passed: new Passed(words), kept: new Passed(words) };
  }

  /** Takes what follows the states from `first` to `left` into a wave. */
  #take(first: number, left: number, wave: Wave): Wave {
    const { out, starts, words } = this.#engine;
    for (let state = first; state < left; state++)
      for (let at = starts[state - first]!; at < starts[state - first + 1]!; at += words + 1)
        wave[this.#pass.isKept(out, at, wave.level) ? 'kept' : 'passed'].push(out, at, state, out[at + words]!);
    return wave;
  }
}

/** The kept state from which a state is reached by some waves, and the facts on the way; undefined if it is not among what they reach. */
function wayIn(
  waves: readonly Wave[],
  { level, packed }: Wanted,
): { readonly source: number; readonly facts: readonly number[] } | undefined {
  let at = waves.findIndex((wave) => wave.level === level);
  if (at < 0) return undefined;
  for (const reached of [waves[at]!.passed, waves[at]!.kept]) {
    let place = reached.indexOf(packed);
    if (place < 0) continue;
    const facts = [reached.by[place]!];
    place = reached.from[place]!;
    while (at-- > 0) {
      const { passed } = waves[at]!;
      facts.unshift(passed.by[place]!);
      place = passed.from[place]!;
    }
    return { source: place, facts };
  }
  return undefined;
}
