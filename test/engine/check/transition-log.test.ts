import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { LinearLoops, SCRATCH } from '../../../src/engine/check/linear-loops.ts';
import { LinearMemory, sharedIntegers } from '../../../src/engine/check/linear-memory.ts';
import { compileTable } from '../../../src/engine/check/table-module.ts';
import { TransitionLog } from '../../../src/engine/check/transition-log.ts';
import { closure, graph } from './graphs.ts';

function keep(edges: TransitionLog, successors: readonly (readonly number[])[], first: number): void {
  const starts = new Int32Array(successors.length + 1);
  for (const [index, steps] of successors.entries()) starts[index + 1] = starts[index]! + steps.length * 3;
  edges.append(first, first + successors.length, starts, 3, Int32Array.from(successors.flat()));
}

const memory = LinearMemory.create()!;
const loops = new LinearLoops({
  module: compileTable(2),
  memory: memory.memory,
  scratch: memory.allocate(SCRATCH),
});

/** In JavaScript, or in WebAssembly where what is kept lies in the memory. */
const WAYS = {
  JavaScript: { allocate: sharedIntegers, loops: null },
  WebAssembly: { allocate: (length: number) => memory.allocate(length), loops },
} as const;

function sweepAll(edges: TransitionLog, goals: readonly number[], way: (typeof WAYS)[keyof typeof WAYS]): number[] {
  const room = way.allocate(Math.ceil(goals.length / 4));
  const bits = new Uint8Array(room.buffer, room.byteOffset, goals.length);
  bits.set(goals);
  while (edges.sweep(bits, 3, way.loops));
  return [...bits];
}

for (const [name, way] of Object.entries(WAYS))
  test(`sweeps find the closure of the steps backwards, however the states come: ${name}`, () => {
    fc.assert(
      fc.property(graph, fc.nat(), ({ successors, goals }, split) => {
        const edges = new TransitionLog(way.allocate);
        const at = split % (successors.length + 1);
        keep(edges, successors.slice(0, at), 0);
        // What others keep may lie elsewhere.
        const others = new TransitionLog();
        keep(others, successors.slice(at), at);
        edges.adopt(others.runs);
        assert.equal(sweepAll(edges, goals, way), closure(successors, goals));
        edges.reset();
        const other = goals.map((goal) => goal ^ 3);
        assert.equal(sweepAll(edges, other, way), closure(successors, other));
        edges.free(memory);
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
  assert.ok(sweepAll(edges, [...new Array(size - 1).fill(0), 3], WAYS.JavaScript).every((bits) => bits === 3));
});

test.run();
