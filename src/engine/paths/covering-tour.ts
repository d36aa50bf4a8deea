import type { AnyFact } from '../vocabulary.ts';
import type { PathGraph, Transition } from './path-graph.ts';

/** A few tests that together cover all that can be covered. */
export interface CoveringTour<F extends AnyFact = AnyFact> {
  readonly tests: readonly (readonly Transition<F>[])[];
  /** Of all tests, without those that clean up at the end of each. */
  readonly steps: number;
  readonly closing: number;
  /** No set of tests that covers the same has fewer steps. */
  readonly lowerBound: number;
}

/** Where a test ends, when a new one would get to what is left in fewer steps, or it is this long already. */
const LONG = 40;

/**
 * Goes to the nearest thing that is not covered yet, again and again; from the start, in a new test, where that is nearer.
 * Then leaves out each test whose items the others cover.
 */
export function coveringTour<F extends AnyFact>(graph: PathGraph<F>): CoveringTour<F> {
  const left = new Set(graph.items.keys());
  for (const item of graph.atStart) left.delete(item);
  const tests: Transition<F>[][] = [];
  let test: Transition<F>[] = [];
  while (left.size > 0) {
    const here = test.at(-1)?.to ?? 0;
    const on = test.length < LONG ? nearest(graph, here, left) : undefined;
    const anew = test.length === 0 ? undefined : nearest(graph, 0, left);
    const isNearer = on !== undefined && (anew === undefined || on.length <= anew.length);
    const walk = isNearer ? on : anew;
    if (walk === undefined) break;
    if (!isNearer) {
      tests.push(test);
      test = [];
    }
    for (const transition of walk) for (const item of transition.covers) left.delete(item);
    test.push(...walk);
  }
  if (test.length > 0) tests.push(test);
  const kept = withoutRedundant(tests);
  const closings = kept.map((one) => closingOf(graph, one.at(-1)!.to));
  return {
    tests: kept.map((one, number) => [...one, ...closings[number]!]),
    steps: total(kept),
    closing: total(closings),
    lowerBound: lowerBound(graph),
  };
}

const total = (walks: readonly (readonly Transition[])[]): number => walks.reduce((sum, { length }) => sum + length, 0);

/** The shortest walk to where nothing is left to clean up. */
const closingOf = <F extends AnyFact>(graph: PathGraph<F>, from: number): Transition<F>[] =>
  graph.clean[from] ? [] : (walkTo(graph, from, ({ to }) => (graph.clean[to] ? 1 : 0)) ?? []);

/** The shortest walk to something that is left; the one that covers the most with its last step, of those that are as short. */
const nearest = <F extends AnyFact>(
  graph: PathGraph<F>,
  from: number,
  left: ReadonlySet<number>,
): Transition<F>[] | undefined =>
  walkTo(graph, from, ({ covers }) => covers.reduce((sum, item) => sum + (left.has(item) ? 1 : 0), 0));

/** The shortest walk whose last step is worth something; of those that are as short, the one that is worth the most. */
function walkTo<F extends AnyFact>(
  { transitions }: PathGraph<F>,
  from: number,
  worth: (transition: Transition<F>) => number,
): Transition<F>[] | undefined {
  const cameBy = new Map<number, Transition<F> | null>([[from, null]]);
  let frontier = [from];
  while (frontier.length > 0) {
    let best: Transition<F> | undefined;
    let most = 0;
    const next: number[] = [];
    for (const state of frontier)
      for (const transition of transitions[state]!) {
        const value = worth(transition);
        if (value > most) [best, most] = [transition, value];
        if (cameBy.has(transition.to)) continue;
        cameBy.set(transition.to, transition);
        next.push(transition.to);
      }
    if (best !== undefined) {
      const walk = [best];
      for (let transition = cameBy.get(best.from); transition; transition = cameBy.get(transition.from))
        walk.push(transition);
      return walk.reverse();
    }
    frontier = next;
  }
  return undefined;
}

function withoutRedundant<F extends AnyFact>(tests: readonly Transition<F>[][]): Transition<F>[][] {
  const itemsOf = (test: readonly Transition<F>[]) => new Set(test.flatMap(({ covers }) => covers));
  let kept = [...tests];
  // The shortest first: they are the likeliest to be contained in others.
  for (const test of tests.toSorted((a, b) => a.length - b.length)) {
    const others = kept.filter((other) => other !== test);
    const covered = new Set(others.flatMap((other) => [...itemsOf(other)]));
    if ([...itemsOf(test)].every((item) => covered.has(item))) kept = others;
  }
  return kept;
}

/**
 * Two bounds, the better of which counts: the farthest item needs a walk to it; and of items of which no step covers two,
 * each needs a step of its own.
 */
function lowerBound({ transitions, items, atStart }: PathGraph): number {
  const coveredBy = Array.from(items, () => [] as Transition[]);
  for (const transition of transitions.flat()) for (const item of transition.covers) coveredBy[item]!.push(transition);
  const distance = distances(transitions);
  const open = [...items.keys()].filter((item) => !atStart.includes(item) && coveredBy[item]!.length > 0);
  const farthest = Math.max(
    0,
    ...open.map((item) => coveredBy[item]!.reduce((least, { from }) => Math.min(least, distance[from]! + 1), Infinity)),
  );
  const taken = new Set<Transition>();
  let apart = 0;
  for (const item of open.toSorted((a, b) => coveredBy[a]!.length - coveredBy[b]!.length)) {
    if (coveredBy[item]!.some((transition) => taken.has(transition))) continue;
    for (const transition of coveredBy[item]!) taken.add(transition);
    apart++;
  }
  return Math.max(farthest, apart);
}

function distances(transitions: PathGraph['transitions']): number[] {
  const distance = transitions.map(() => Infinity);
  distance[0] = 0;
  const queue = [0];
  for (const state of queue)
    for (const { to } of transitions[state]!)
      if (distance[to] === Infinity) {
        distance[to] = distance[state]! + 1;
        queue.push(to);
      }
  return distance;
}
