import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { backwards, Edges } from '../../src/check/reach.ts';

const graph = fc.integer({ min: 1, max: 12 }).chain((size) => {
  const state = fc.nat({ max: size - 1 });
  return fc.record({
    edges: fc.array(fc.tuple(state, state), { maxLength: 30 }),
    goal: fc.array(fc.boolean(), { minLength: size, maxLength: size }),
  });
});

/** Who can reach a goal: the goals, and whoever has a step to one who can, until nobody is added. */
function closure(edges: readonly (readonly [number, number])[], goal: readonly boolean[]): boolean[] {
  const reaches = [...goal];
  for (let before = -1; before !== reaches.filter(Boolean).length; ) {
    before = reaches.filter(Boolean).length;
    for (const [from, to] of edges) reaches[from] ||= reaches[to]!;
  }
  return reaches;
}

test('what can reach a goal is the closure of the steps backwards', () => {
  fc.assert(
    fc.property(graph, ({ edges, goal }) => {
      const kept = new Edges();
      for (const [from, to] of edges) kept.add(from, to);
      const reaches = backwards(kept, Uint8Array.from(goal, Number));
      assert.equal([...reaches], closure(edges, goal).map(Number));
    }),
  );
});

test('any number of edges is kept', () => {
  const kept = new Edges();
  for (let from = 0; from < 10_000; from++) kept.add(from, from + 1);
  kept.add(3, 3);
  assert.is(kept.size, 10_000);
  const goal = new Uint8Array(10_001);
  goal[10_000] = 1;
  assert.ok(backwards(kept, goal).every((reaches) => reaches === 1));
});

test.run();
