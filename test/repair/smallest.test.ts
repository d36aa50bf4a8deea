import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Excluded, smallest } from '../../src/repair/smallest.ts';

const sizeOf = (set: number): number => set.toString(2).replaceAll('0', '').length;
const isExcluded = (set: number, clauses: readonly Excluded[]): boolean =>
  clauses.some(({ mask, value }) => (set & mask) === value);

const sets = fc.integer({ min: 0, max: 255 });
const clausesOf = fc.array(fc.record({ mask: sets, value: sets }), { maxLength: 12 });

test('it is allowed, contains the base, and nothing smaller is allowed', () => {
  fc.assert(
    fc.property(sets, sets, clausesOf, (base, free, clauses) => {
      const all = Array.from({ length: 256 }, (_, set) => set).filter(
        (set) => (set & base) === base && (set & ~(base | free)) === 0 && !isExcluded(set, clauses),
      );
      const found = smallest(base, free & ~base, clauses);
      if (all.length === 0) return found === undefined;
      return found !== undefined && all.includes(found) && sizeOf(found) === Math.min(...all.map(sizeOf));
    }),
  );
});

test('a clause without elements excludes everything', () => {
  assert.is(smallest(0, 0b11, [{ mask: 0, value: 0 }]), undefined);
});

test.run();
