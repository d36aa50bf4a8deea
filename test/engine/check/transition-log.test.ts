import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { LinearMemory, type SharedIntegers, sharedIntegers } from '../../../src/engine/check/linear-memory.ts';
import { HEAD, RUN, TransitionLog } from '../../../src/engine/check/transition-log.ts';
import { closure, graph } from './graphs.ts';
import { loopsIn } from './linear-loops.ts';

/** Keeps the successors of the states from `first` on, run by run. */
function keepAll(edges: TransitionLog, successors: readonly (readonly number[])[], first: number): void {
  for (let from = 0; from < successors.length; from += RUN)
    keep(edges, successors.slice(from, from + RUN), first + from);
}

function keep(edges: TransitionLog, successors: readonly (readonly number[])[], first: number): void {
  const starts = new Int32Array(successors.length + 1);
  for (const [index, steps] of successors.entries()) starts[index + 1] = starts[index]! + steps.length * 3;
  edges.append(first, first + successors.length, starts, 3, Int32Array.from(successors.flat()));
}

const memory = LinearMemory.create()!;
const loops = loopsIn(memory, 2);

/** In JavaScript, or in WebAssembly where what is kept lies in the memory. */
const WAYS = {
  JavaScript: { allocate: sharedIntegers, loops: null },
  WebAssembly: { allocate: (length: number) => memory.allocate(length), loops },
} as const;

function sweepAll(
  edges: TransitionLog,
  goals: readonly number[],
  { allocate, loops }: (typeof WAYS)[keyof typeof WAYS],
  drops = true,
): number[] {
  const reached = bitsOf(goals, allocate);
  while (edges.sweep({ reached, all: 3, drops }, loops)) edges.trim(memory);
  return [...reached];
}

function bitsOf(goals: readonly number[], allocate: (length: number) => SharedIntegers): Uint8Array {
  const room = allocate(Math.ceil(goals.length / 4));
  const bits = new Uint8Array(room.buffer, room.byteOffset, goals.length);
  bits.set(goals);
  return bits;
}

/** Graphs of some hundred states, most of which lead to some that are near. */
const large = fc
  .array(
    fc.record({ steps: fc.array(fc.integer({ min: -40, max: 9 }), { maxLength: 3 }), goal: fc.nat({ max: 60 }) }),
    {
      minLength: 100,
      maxLength: 400,
    },
  )
  .map((states) => ({
    successors: states.map(({ steps }, state) => steps.map((step) => (state + step + states.length) % states.length)),
    goals: states.map(({ goal }) => (goal <= 3 ? goal : 0)),
  }));

for (const [name, way] of Object.entries(WAYS)) {
  test(`sweeps find the closure of the steps backwards, however the states come: ${name}`, () => {
    fc.assert(
      fc.property(fc.oneof(graph, large), fc.nat(), ({ successors, goals }, split) => {
        const edges = new TransitionLog(way.allocate);
        const at = split % (successors.length + 1);
        keepAll(edges, successors.slice(0, at), 0);
        // What others keep may lie elsewhere.
        const others = new TransitionLog();
        keepAll(others, successors.slice(at), at);
        edges.adopt(others.chunks);
        // Of some goals and then of others: nothing is dropped before the last.
        assert.equal(sweepAll(edges, goals, way, false), closure(successors, goals));
        const other = goals.map((goal) => goal ^ 3);
        assert.equal(sweepAll(edges, other, way), closure(successors, other));
        edges.free(memory);
      }),
    );
  });

  test(`states that come later change nothing about those that were dropped: ${name}`, () => {
    fc.assert(
      fc.property(fc.oneof(graph, large), fc.array(fc.nat({ max: 130 })), ({ successors, goals }, stages) => {
        const edges = new TransitionLog(way.allocate);
        const reached = bitsOf(goals, way.allocate);
        let done = 0;
        for (const more of stages) {
          keepAll(edges, successors.slice(done, done + more), done);
          done = Math.min(successors.length, done + more);
          edges.sweep({ reached, all: 3, drops: true }, way.loops);
          edges.trim(memory);
          assert.is(edges.fresh, 0);
        }
        keepAll(edges, successors.slice(done), done);
        while (edges.sweep({ reached, all: 3, drops: true }, way.loops)) edges.trim(memory);
        assert.equal([...reached], closure(successors, goals));
        edges.free(memory);
      }),
    );
  });

  test(`of settled states nothing is kept, and of others all: ${name}`, () => {
    const edges = new TransitionLog(way.allocate);
    // Each leads to the next two; from 200 on there is no goal any more.
    const successors = Array.from({ length: 300 }, (_, state) => [Math.min(299, state + 1), Math.min(299, state + 2)]);
    keepAll(edges, successors, 0);
    const reached = bitsOf(
      successors.map((_, state) => (state === 199 ? 3 : 0)),
      way.allocate,
    );
    const { bytes } = edges;
    while (edges.sweep({ reached, all: 3, drops: true }, way.loops)) edges.trim(memory);
    edges.trim(memory);
    const kept = edges.chunks.flatMap(({ entries, starts }) =>
      starts.slice(0, -1).map((start, run) => [...entries.subarray(start, starts[run + 1])]),
    );
    // The runs from 128 and from 256 on: no bits below 200.
    assert.equal(
      kept.map(([first]) => first),
      [128, 256],
    );
    assert.equal(
      kept.map((run) => run.slice(HEAD).map((entry) => (entry < 0 ? ~entry : entry))),
      [successors.slice(200, 256).flat(), successors.slice(256).flat()],
    );
    assert.is(edges.bytes, bytes);
  });
}

test('any number of transitions is kept', () => {
  const edges = new TransitionLog();
  const size = 100_000;
  for (let first = 0; first < size; first += 1000)
    keepAll(
      edges,
      Array.from({ length: 1000 }, (_, index) => (first + index + 1 < size ? [first + index + 1] : [])),
      first,
    );
  assert.ok(sweepAll(edges, [...new Array(size - 1).fill(0), 3], WAYS.JavaScript).every((bits) => bits === 3));
});

test.run();
