import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { TransitionLog } from '../../../src/engine/check/transition-log.ts';
import { closure, graph } from './graphs.ts';

function keep(edges: TransitionLog, successors: readonly (readonly number[])[], first: number): void {
  const starts = new Int32Array(successors.length + 1);
  for (const [index, steps] of successors.entries()) starts[index + 1] = starts[index]! + steps.length * 3;
  edges.append(first, first + successors.length, starts, 3, Int32Array.from(successors.flat()));
}

function sweepAll(edges: TransitionLog, goals: readonly number[]): number[] {
  const bits = Uint8Array.from(goals);
  while (edges.sweep(bits, 3));
  return [...bits];
}

test('sweeps find the closure of the steps backwards, however the states come', () => {
  fc.assert(
    fc.property(graph, fc.nat(), ({ successors, goals }, split) => {
      const edges = new TransitionLog();
      const at = split % (successors.length + 1);
      keep(edges, successors.slice(0, at), 0);
      const others = new TransitionLog();
      keep(others, successors.slice(at), at);
      edges.adopt(others.runs);
      assert.equal(sweepAll(edges, goals), closure(successors, goals));
      edges.reset();
      const other = goals.map((goal) => goal ^ 3);
      assert.equal(sweepAll(edges, other), closure(successors, other));
    }),
  );
});

test('any number of transitions is kept', () => {
  const edges = new TransitionLog();
  const size = 100_000;
  for (let first = 0; first < size; first += 1000)
    keep(
      edges,
      Array.from({ length: 1000 }, (_, index) => (first + index + 1 < size ? [first + index + 1] : [])),
      first,
    );
  assert.ok(sweepAll(edges, [...new Array(size - 1).fill(0), 3]).every((bits) => bits === 3));
});

test.run();
