import { parsePatch } from 'diff';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { applyHunks } from '../../../src/subject/patch/hunks.ts';
import { processorTime } from '../../processor-time.ts';

const test = suite('hunks');

const apply = (old: string, ...hunks: string[]) =>
  applyHunks('x.c', old, parsePatch(`--- a/x.c\n+++ b/x.c\n${hunks.join('')}`)[0]!.hunks);
const lines = (...all: string[]): string => all.map((line) => `${line}\n`).join('');
const HUNK = '@@ -2,3 +2,3 @@\n a\n-b\n+B\n c\n';

test('fits at its place, although its lines stand elsewhere too', () => {
  const { text, offsets } = apply(lines('0', 'a', 'b', 'c', 'a', 'b', 'c'), HUNK);
  assert.is(text, lines('0', 'a', 'B', 'c', 'a', 'b', 'c'));
  assert.equal(offsets, []);
});

test('fits at the one place where its lines stand, before or behind, and says so', () => {
  for (const [more, offset] of [
    [['0', '1', '2', '3'], 3],
    [[], -1],
  ] as const) {
    const { text, offsets } = apply(lines(...more, 'a', 'b', 'c'), HUNK);
    assert.is(text, lines(...more, 'a', 'B', 'c'));
    assert.equal(offsets, [offset]);
  }
});

test('is refused where its lines stand at several places, or at none: there is no fuzz', () => {
  assert.throws(() => apply(lines('0', '0', 'a', 'b', 'c', 'a', 'b', 'c'), HUNK), /not certain where .* 2 places/);
  assert.throws(() => apply(lines('0', 'a', 'b', 'x'), HUNK), /does not fit x\.c: the hunk "@@ -2,3 \+2,3 @@"/);
  // After a hunk that stood elsewhere, its own place is no proof.
  const moved = lines('0', '0', 'a', 'b', 'c', 'p', 'q', 'r', 'p', 'q', 'r');
  assert.throws(() => apply(moved, HUNK, '@@ -6,3 +6,3 @@\n p\n-q\n+Q\n r\n'), /not certain where/);
});

test('a hunk of the beginning or the end is found there only', () => {
  assert.throws(() => apply(lines('0', 'a', 'b', 'c'), '@@ -1,2 +1,2 @@\n-a\n+A\n b\n'), /does not fit/);
  assert.throws(() => apply(lines('0', '0', 'a', 'b', 'c'), '@@ -2,2 +2,2 @@\n a\n-b\n+B\n'), /does not fit/);
  assert.is(apply(lines('0', '0', 'a', 'b'), '@@ -2,2 +2,2 @@\n a\n-b\n+B\n').text, lines('0', '0', 'a', 'B'));
});

test('hunks without context fit at their places only', () => {
  assert.is(apply(lines('a', 'b'), '@@ -1,0 +2 @@\n+x\n').text, lines('a', 'x', 'b'));
  assert.throws(() => apply(lines('a'), '@@ -5,0 +6 @@\n+x\n'), /does not fit/);
});

test('later hunks stay behind earlier ones', () => {
  assert.throws(() => apply(lines('a', 'b', 'c'), '@@ -3 +3 @@\n-c\n+C\n', '@@ -1 +1 @@\n-a\n+A\n'), /does not fit/);
});

test('a text of equal lines takes no longer', async () => {
  const hunk = `@@ -9,50001 +9,50001 @@\n${' a\n'.repeat(50000)}-b\n+B\n`;
  const took = await processorTime(() => assert.throws(() => apply('a\n'.repeat(200000), hunk), /does not fit/));
  assert.ok(took < 3000, `${took} ms`);
});

test.run();
