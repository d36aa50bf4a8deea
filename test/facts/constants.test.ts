import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Answer, answerOf, ERRNO } from '../../src/facts/index.ts';

test('a C return value stands for 0 or the errno whose negative it is', () => {
  const expected: [number, Answer][] = [
    [0, 0],
    [-2, 'ENOENT'],
    [-11, 'EAGAIN'],
    [-13, 'EACCES'],
    [-16, 'EBUSY'],
    [-19, 'ENODEV'],
    [-22, 'EINVAL'],
    [-28, 'ENOSPC'],
    [-95, 'EOPNOTSUPP'],
  ];
  for (const [returned, answer] of expected) assert.is(answerOf(returned), answer);
  assert.is(Object.keys(ERRNO).length, expected.length - 1);
});

test('a return value that is no errno of the interface is an error that says so', () => {
  for (const returned of [1, 16, -1, -4095, Number.NaN])
    assert.throws(
      () => answerOf(returned),
      (error: Error) => error instanceof RangeError && error.message.startsWith(`${returned} is not 0`),
    );
});

test.run();
