import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BrokenLine, readRecording } from '../../src/trace/index.ts';
import { Numbers, Texts, Times } from '../../src/trace/recording/columns.ts';
import { Ordered } from '../../src/trace/recording/hits.ts';

const test = suite('the columns of a recording');

/** What is pushed into a column comes back from it, also while more is pushed. */
function comesBack<T>(column: { push(one: T): void; at(index: number): T }, pushed: readonly T[]): void {
  for (const [index, one] of pushed.entries()) {
    column.push(one);
    assert.is(column.at(index), one);
  }
  assert.equal(
    pushed.map((_, index) => column.at(index)),
    pushed,
  );
}

test('give back what was pushed', () => {
  const many = { minLength: 1000, maxLength: 3000 };
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 8 }), many), (texts) => comesBack(new Texts(), texts)),
    { numRuns: 5 },
  );
  fc.assert(
    fc.property(fc.array(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), many), (times) =>
      comesBack(new Times(), times),
    ),
    { numRuns: 5 },
  );
  fc.assert(
    fc.property(fc.array(fc.maxSafeNat(), many), (numbers) => comesBack(new Numbers(), numbers)),
    { numRuns: 5 },
  );
});

const row = (time: string, task: number): string =>
  `hartproof: add_call nsecs=${time} cpu=0 task=${task} event=0x1 type=0 config=0 state=0\n`;

test('hits are in the order of time, and those of one time in the order of the file', () => {
  const times = Array.from({ length: 600 }, (_, task) => [(task * 7919) % 50, task] as const);
  const ordered = new Ordered(readRecording(times.map(([time, task]) => row(`${time}`, task)).join('')).hits);
  const sorted = times.toSorted(([one], [other]) => one - other);
  assert.equal(
    sorted.map((_, place) => [Number(ordered.at(place).time), ordered.at(place).task]),
    sorted.map(([time, task]) => [time, task]),
  );
  assert.ok(ordered.moved > 0);
});

test('a time that 64 bits do not hold is named', () => {
  assert.is([...readRecording(row(`${(1n << 64n) - 1n}`, 1)).hits][0]?.time, (1n << 64n) - 1n);
  assert.throws(
    () => readRecording(row(`${1n << 64n}`, 1)),
    (error: Error) => error instanceof BrokenLine && /line 1: has the time 18446744073709551616/.test(error.message),
  );
});

test.run();
