import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { coveringTour } from '../../src/engine/paths/covering-tour.ts';
import type { PathGraph } from '../../src/engine/paths/path-graph.ts';

const item = (name: string) => ({ of: 'transitions', machine: 'm', name }) as const;

/** A graph from arrows; each arrow covers an item of its own. */
function graphOf(size: number, arrows: readonly (readonly [from: number, to: number])[], clean = [0]): PathGraph {
  const transitions = Array.from({ length: size }, (_, from) =>
    arrows.flatMap(([tail, to], index) => (tail === from ? [{ from, to, facts: [], covers: [index] }] : [])),
  );
  return {
    transitions,
    items: arrows.map((_, index) => item(String(index))),
    atStart: [],
    clean: transitions.map((_, state) => clean.includes(state)),
  };
}

test('a ring is one test, and as short as can be', () => {
  const { tests, steps, closing, lowerBound } = coveringTour(
    graphOf(3, [
      [0, 1],
      [1, 2],
      [2, 0],
    ]),
  );
  assert.equal([tests.length, steps, closing, lowerBound], [1, 3, 0, 3]);
});

test('a fork without a way back is two tests', () => {
  const { tests, steps, lowerBound } = coveringTour(
    graphOf(
      3,
      [
        [0, 1],
        [0, 2],
      ],
      [0, 1, 2],
    ),
  );
  assert.equal([tests.length, steps, lowerBound], [2, 2, 2]);
});

test('a test cleans up after itself, and says how many steps that takes', () => {
  const graph = graphOf(3, [
    [0, 1],
    [1, 2],
    [2, 0],
  ]);
  const { tests, steps, closing } = coveringTour({
    ...graph,
    transitions: graph.transitions.map((transitions, state) =>
      transitions.map((transition) => ({ ...transition, covers: state === 0 ? [0] : [] })),
    ),
    items: [item('only')],
  });
  assert.equal([tests[0]!.length, steps, closing], [3, 1, 2]);
});

test('covers all that can be reached, in connected walks from the start, with no fewer steps than the bound', () => {
  const graphs = fc.integer({ min: 1, max: 8 }).chain((size) => {
    const state = fc.nat(size - 1);
    return fc
      .array(fc.tuple(state, state), { maxLength: 25 })
      .map((arrows) => graphOf(size, arrows, [...Array(size).keys()]));
  });
  fc.assert(
    fc.property(graphs, (graph) => {
      const { tests, steps, lowerBound } = coveringTour(graph);
      const reached = new Set([0]);
      for (const state of reached) for (const { to } of graph.transitions[state]!) reached.add(to);
      const covered = new Set(tests.flat().flatMap(({ covers }) => covers));
      for (const transition of graph.transitions.flat())
        assert.is(covered.has(transition.covers[0]!), reached.has(transition.from));
      for (const one of tests) {
        let at = 0;
        for (const { from, to } of one) {
          assert.is(from, at);
          at = to;
        }
      }
      const reachable = [...graph.transitions.keys()].every((state) => reached.has(state));
      if (reachable) assert.ok(steps >= lowerBound);
    }),
  );
});

test.run();
