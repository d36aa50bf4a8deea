import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DRIVERS } from '../../machines/drivers.ts';
import { fold } from '../../src/engine/compose/index.ts';
import { checkTrace } from '../../src/trace/index.ts';
import { Kernel } from '../../src/trace/kernel.ts';
import { Search } from '../../src/trace/search.ts';
import { indexTrace } from '../../src/trace/trace-index.ts';
import { excerpt, linesOf } from './excerpt.ts';

const lines = linesOf(excerpt());

test('what the posted driver did in Linux 4.19 is accepted', () => {
  const report = checkTrace(lines);
  assert.ok(report.accepted);
  assert.is(report.refused, undefined);
  assert.is(report.callbacks, 29);
});

test('the properties that it broke are found where they broke', () => {
  const { broken, held, vacuous } = checkTrace(lines);
  const of = (property: string) => broken.filter((found) => found.property === property);
  const at = (property: string) => of(property).map(({ line }) => line);
  // A second cycles event is let in beside the first, and takes its slot.
  assert.equal(at('enospc-iff-full'), [16]);
  assert.equal(
    of('slots-match-count').map(({ line, hart, until }) => ({ line, hart, until })),
    of('slot-owner').map(({ line, hart, until }) => ({ line, hart, until })),
  );
  assert.equal(at('slots-match-count')[0], 16);
  // Each RAW open is refused and keeps its reference.
  assert.equal(at('init-all-or-nothing'), [74, 79, 84]);
  assert.is(of('references-balance').at(-1)?.until, undefined);
  assert.is(of('released-when-idle').at(-1)?.until, undefined);
  // What its counter did while it was off is in the count: for lines 20 and 26, from the 13076368487906 that line 14 read on
  // until the 13076368515056 that the counter was when line 15 started it again.
  assert.equal(
    of('count-exact').map(({ line, ticks }) => [line, ticks]),
    [
      [20, 27150],
      [26, 27150],
      [33, 127538],
      [36, 127538],
      [57, 29624],
    ],
  );
  assert.equal(held, [
    'no-warning',
    'index-in-bounds',
    'reserved-while-live',
    'errno-contract',
    'no-admission-of-the-impossible',
  ]);
  assert.equal(vacuous, ['foreign-owner-kept', 'busy-is-true']);
});

test('the facts that are inferred are a log that the machines accept from the first to the last', () => {
  const kernel = new Kernel(indexTrace(lines), '4.16', DRIVERS['as-posted']);
  const search = new Search(kernel);
  const inferred = [...lines.flatMap((line) => [...search.next(line)]), ...search.end()];
  assert.ok(inferred.length > 200);
  const state = fold(
    kernel.system,
    inferred.map(({ fact }) => fact),
  );
  assert.equal(
    state.map(({ value, context }) => ({ value, context })),
    inferred.at(-1)!.after.map(({ value, context }) => ({ value, context })),
  );
});

test('a driver that did not make the trace is refused where it first differs', () => {
  // The merged start takes a fresh prev_count.
  const { refused, accepted, broken } = checkTrace(lines, { driver: 'merged-4.18' });
  assert.not(accepted);
  assert.equal(
    broken.map(({ property }) => property),
    ['userpage-consistent'],
  );
  assert.is(refused?.line, 15);
  assert.is(refused?.machine, 'count of event 13');
  assert.is(refused?.what, 'prev_count after the callback');
  assert.is(refused?.expected, '13076368515056');
  assert.is(refused?.found, '13076368487906');
});

test('a core that would not have called is refused', () => {
  const rows = excerpt();
  Object.assign(rows[73], { type: 1, ret: -2 });
  assert.ok(checkTrace(linesOf(rows)).accepted);
  const { refused } = checkTrace(linesOf(rows), { environment: '5.10' });
  assert.is(refused?.line, 74);
  assert.is(refused?.machine, 'lifecycle of event 36');
  assert.is(refused?.expected, 'no callback for an event of kind software');
});

test('a core that should have called once more is refused', () => {
  const rows = excerpt();
  Object.assign(rows[73], { type: 3, ret: -2 });
  rows[73].after.active = 0;
  for (const row of rows.slice(74)) {
    if (row.cb === 'mark')
      row.text = row.text.replace(/(?<=active_events=)\d+/, (value: string) => String(Number(value) - 1));
    else for (const seen of [row.before, row.after]) seen.active -= 1;
  }
  assert.ok(checkTrace(linesOf(rows)).accepted);
  const { refused } = checkTrace(linesOf(rows), { environment: '5.10' });
  assert.is(refused?.line, 74);
  assert.is(refused?.what, 'the next callback');
  assert.is(refused?.expected, 'event_init');
  assert.is(refused?.found, 'no more of this event');
});

test.run();
