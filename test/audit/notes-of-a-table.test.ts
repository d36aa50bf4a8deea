import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { notesOf } from '../../src/reports/notes.ts';

const rows = ['add-clean', 'bracket', 'slot-owner'].map((text) => [{ text }]);

test('what is said of several properties is said once, and of all of them so', () => {
  const one = 'slot-owner is vacuous: it has no slots.';
  const two = ['add-clean is bounded: no device.', one, 'bracket is bounded: no device.', 'Lines are those of a.c.'];
  assert.equal(notesOf({ notes: two, rows }), [
    'add-clean, bracket are bounded: no device.',
    one,
    'Lines are those of a.c.',
  ]);
  const all = rows.map(([cell]) => `${cell!.text} is bounded: no device.`);
  assert.equal(notesOf({ notes: all, rows }), ['All of them are bounded: no device.']);
});

test.run();
