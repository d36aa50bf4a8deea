import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  isLinear,
  LinearMemory,
  type SharedIntegers,
  sharedIntegers,
} from '../../../src/engine/check/linear-memory.ts';

const place = ({ byteOffset, byteLength }: SharedIntegers): [number, number] => [byteOffset, byteOffset + byteLength];

test('what is allocated is 0, lies apart from all else that is, and is used again when it was given back', () => {
  const steps = fc.array(
    fc.oneof(fc.record({ allocate: fc.integer({ min: 1, max: 40 }) }), fc.record({ free: fc.nat(), from: fc.nat() })),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(steps, (steps) => {
      const memory = LinearMemory.create()!;
      const kept: SharedIntegers[] = [];
      let most = 0;
      for (const step of steps) {
        if ('allocate' in step) {
          const integers = memory.allocate(step.allocate);
          assert.ok(isLinear(integers));
          assert.ok(integers.every((integer) => integer === 0));
          for (const [start, end] of kept.map(place))
            assert.ok(integers.byteOffset >= end || integers.byteOffset + integers.byteLength <= start);
          kept.push(integers.fill(-1));
        } else if (kept.length > 0) {
          const [integers] = kept.splice(step.free % kept.length, 1);
          // A part of it, from its beginning, may be kept.
          const from = step.from % (integers!.length + 1);
          memory.free(integers!.subarray(from));
          if (from > 0) kept.push(integers!.subarray(0, from));
        }
        most = Math.max(most, ...kept.map((integers) => place(integers)[1]));
      }
      for (const integers of kept) memory.free(integers);
      // All of it is one gap again: what needs the place of them all gets it.
      if (kept.length > 0) assert.ok(memory.allocate(most / 4 - 16).byteOffset < most);
    }),
  );
});

test('room to grow is at the end, 0, apart from all else, and given only where nothing ever was', () => {
  const memory = LinearMemory.create()!;
  const below = memory.allocate(100).fill(7);
  const first = memory.reserve(2 ** 28)!;
  const second = memory.reserve(2 ** 28)!;
  assert.is(place(second)[1], place(first)[0]);
  assert.is(place(first)[1], first.buffer.byteLength);
  assert.ok(place(below)[1] < place(second)[0]);
  assert.is(first[0], 0);
  assert.is(first.at(-1), 0);
  assert.is(memory.reserve(2 ** 29), null);
});

test('room to grow that was given back is not given again as such, and is 0 again for whoever gets it next', () => {
  const memory = LinearMemory.create()!;
  // All but what lies at the end.
  memory.allocate(memory.memory.buffer.byteLength / 4 - 2 ** 20);
  const room = memory.reserve(2 ** 19)!.fill(9);
  memory.free(room);
  assert.is(memory.reserve(2 ** 10), null);
  const next = memory.allocate(2 ** 19 + 2 ** 18);
  assert.ok(isLinear(next));
  assert.ok(place(next)[1] > place(room)[0]);
  assert.is(next.indexOf(9), -1);
});

test('of what is given in pieces, the first is where something was given back', () => {
  const memory = LinearMemory.create()!;
  const first = memory.allocate(100);
  const second = memory.allocate(50);
  memory.free(first.subarray(20).fill(7));
  assert.equal(place(memory.allocateSome(81, 200)), [place(second)[1], place(second)[1] + 800]);
  const piece = memory.allocateSome(80, 200);
  assert.equal(place(piece), [place(first)[0] + 80, place(first)[1]]);
  assert.ok(piece.every((integer) => integer === 0));
  assert.is(memory.allocateSome(10, 30).length, 30);
});

test('what finds no room lies outside, and is no part of the memory', () => {
  const memory = LinearMemory.create()!;
  const much = memory.allocate(2 ** 30 - 2 ** 16);
  assert.ok(isLinear(much));
  const outside = memory.allocate(2 ** 16);
  assert.not(isLinear(outside));
  assert.is(outside.length, 2 ** 16);
  memory.free(outside);
  assert.not(isLinear(memory.allocate(2 ** 16)));
  memory.free(much);
  assert.ok(isLinear(memory.allocate(2 ** 16)));
});

test('no other array is taken for a part of it, however long', () => {
  const all = LinearMemory.create()!.allocate(1).buffer.byteLength / 4;
  assert.not(isLinear(sharedIntegers(all)));
  assert.is(sharedIntegers(all).length, all);
});

test.run();
