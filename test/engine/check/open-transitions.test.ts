import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { OpenTransitions } from '../../../src/engine/check/open-transitions.ts';
import { closure, graph } from './graphs.ts';

const ALL = 3;

function keep(open: OpenTransitions, successors: readonly (readonly number[])[]): void {
  for (let state = successors.length - 1; state >= 0; state--) {
    const numbers = Int32Array.from([7, ...successors[state]!, 7]);
    open.keep(state, numbers, 1, numbers.length - 1);
  }
}

test('sweeps find the closure of the steps backwards, while what is settled is dropped', () => {
  fc.assert(
    fc.property(graph, ({ successors, goals }) => {
      const open = new OpenTransitions(Infinity);
      keep(open, successors);
      const bits = Uint8Array.from(goals);
      while (open.sweep(bits, ALL));
      assert.equal([...bits], closure(successors, goals));
      assert.not(open.isFull);
    }),
  );
});

test('many transitions are kept, in any number of chunks', () => {
  const size = 50_000;
  const last = size - 1;
  const successors = Array.from({ length: size }, (_, state) => [Math.min(last, state + 1), state, state]);
  const open = new OpenTransitions(Infinity);
  keep(open, successors);
  const bits = new Uint8Array(size);
  bits[last] = ALL;
  assert.ok(open.sweep(bits, ALL));
  assert.ok(
    bits.every((of) => of === ALL),
    'the last states come first',
  );
  assert.not(open.sweep(bits, ALL));
});

test('where there is no room for the transitions of one state, none are kept, and it is said', () => {
  const open = new OpenTransitions(2 ** 12);
  keep(
    open,
    Array.from({ length: 2000 }, () => [0]),
  );
  assert.ok(open.isFull);
  assert.is(open.bytes, 0);
  const bits = new Uint8Array(2000);
  bits[0] = ALL;
  assert.not(open.sweep(bits, ALL));
});

test.run();
