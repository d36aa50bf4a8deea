import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { eventOfCall } from '../../src/explorer/session/calls.ts';
import { readChoices } from '../../src/explorer/session/choices.ts';
import { logRows, rowText } from '../../src/explorer/session/log-rows.ts';
import { THREADS } from './worlds.ts';

// Event 0 is opened and closed; its close and the open of event 1 interleave.
const LOG = readChoices(THREADS, '26.ABBBBBBBBAABBBBAAAAAAAABBA.EP_o');

test('each fact is in one row, and a row knows where it ends', () => {
  for (const byCalls of [false, true]) {
    const rows = logRows(LOG, byCalls);
    assert.is(rows.endOf(0), 0);
    assert.is(rows.endOf(rows.length), LOG.length);
    for (let at = 0; at <= LOG.length; at++) {
      const row = rows.rowAt(at);
      assert.ok(rows.endOf(row) >= at && (row === 0 || rows.endOf(row - 1) < at), `${at}`);
    }
  }
});

test('a call that nobody interrupts is one row, with its answer; what interleaves stays fact by fact', () => {
  const rows = logRows(LOG, true);
  const texts = Array.from({ length: rows.length }, (_, index) => rowText(LOG, rows, index + 1));
  assert.ok(rows.length < LOG.length);
  assert.ok(
    texts.some(({ what }) => what === '▸ event_init(event 0: cycles) = 0'),
    JSON.stringify(texts),
  );
  assert.ok(texts.some(({ what }) => what === 'event_init returns -EBUSY'));
  const unfolded = logRows(LOG, false);
  assert.is(rowText(LOG, unfolded, 1).what, 'event_init(event 0: cycles)');
});

test('a call runs from its call to its return', () => {
  const running = Array.from({ length: LOG.length + 1 }, (_, at) => eventOfCall(LOG, at));
  assert.is(running[0], undefined);
  assert.is(running[1], 0);
  for (const [number, fact] of LOG.entries())
    if (fact.type.endsWith('.return')) assert.is(running[number + 1], undefined);
    else if (fact.type.endsWith('.call') && 'event' in fact) assert.is(running[number + 1], fact.event);
});

test.run();
