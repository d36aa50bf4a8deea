import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DRIVERS } from '../../machines/drivers.ts';
import { orderTexts } from '../../src/audit/trace/texts.ts';
import { checkTrace } from '../../src/trace/index.ts';
import { Kernel } from '../../src/trace/kernel.ts';
import type { CallbackLine, TraceLine } from '../../src/trace/line.ts';
import { GaveUp, Refused, TooEarly } from '../../src/trace/refusal.ts';
import { type Limits, Search } from '../../src/trace/search.ts';
import { unseen } from '../../src/trace/smallest.ts';
import { indexTrace } from '../../src/trace/trace-index.ts';
import { linesOf, overlap, type Row } from './excerpt.ts';
import { soak } from './soak.ts';

/** A callback of which the recorder saw nothing but that it was made. */
const call = (line: number, cb: CallbackLine['cb'], id: number, pid: number): CallbackLine => ({
  ...{ line, scn: '', cpu: 0, pid, cb, id, type: 0, config: 0, via: '', hardirq: false, irqoff: false },
  ...(cb === 'event_init' && { ret: 0 }),
  before: {},
  after: {},
});

/** The row of a callback of an event. */
const of = (rows: readonly Row[], cb: string, id: number): Row => rows.find((row) => row.cb === cb && row.id === id);

test('two CPUs that overlap are accepted, in an order that is not that of their entries', () => {
  const rows = overlap();
  // Event 118 was opened on CPU 1, and saw the same count before and after: event 117 was closed on CPU 0 meanwhile.
  const open = of(rows, 'event_init', 118);
  assert.is(open.before.active, open.after.active);
  const { accepted, orders, broken } = checkTrace(linesOf(rows));
  assert.ok(accepted);
  assert.is(orders.overlapping, 1);
  assert.equal(broken, []);
});

test('a count that no order explains is refused', () => {
  const rows = overlap();
  of(rows, 'event_init', 118).after.active = 3;
  const { refused } = checkTrace(linesOf(rows));
  assert.is(refused?.line, rows.indexOf(of(rows, 'event_init', 118)) + 1);
  assert.is(refused?.machine, 'active events');
  assert.is(refused?.found, '3');
});

test('the same counts are refused when the calls cannot have overlapped', () => {
  // The same CPU and the same task: the open had returned before the close began.
  const rows = overlap();
  for (const row of rows) {
    row.cpu = 0;
    row.pid = 68;
  }
  const { refused } = checkTrace(linesOf(rows));
  assert.is(refused?.line, rows.indexOf(of(rows, 'event_init', 118)) + 1);
  assert.equal([refused?.machine, refused?.expected, refused?.found], ['active events', '2', '1']);
});

test('with interrupts off nothing else happens on that CPU', () => {
  // Another task than that of line 3, but the same CPU: as an open it may be preempted, with interrupts off it may not.
  const rows = overlap();
  const open = of(rows, 'event_init', 118);
  for (const row of rows) row.cpu = 0;
  assert.ok(checkTrace(linesOf(rows)).accepted);
  open.irqoff = 1;
  assert.not(checkTrace(linesOf(rows)).accepted);
});

test('a note of the count decides between orders, and calls may go on after it', () => {
  const rows = overlap();
  const index = rows.indexOf(of(rows, 'event_destroy', 117)) + 1;
  const noted = (count: number) => {
    const mark = { ...rows[index], cb: 'mark', pid: 1, text: `riscv_active_events=${count}` };
    return checkTrace(linesOf(rows.toSpliced(index, 0, mark)));
  };
  // The close and the open beside it: before both, after the close, and after the open.
  for (const count of [1, 0, 2]) assert.ok(noted(count).accepted, `${count}`);
  const { refused } = noted(3);
  assert.equal([refused?.line, refused?.machine, refused?.found], [index + 1, 'active events', '3']);
});

test('a scenario begins when all calls of the one before have returned', () => {
  const rows = overlap();
  // The close of 117 as another scenario: then the open of 118 must have seen the count without it.
  of(rows, 'event_destroy', 117).scn = 'another';
  assert.is(checkTrace(linesOf(rows)).refused?.machine, 'active events');
});

test('a search that gives up says so, and refuses nothing', () => {
  const rows = overlap();
  of(rows, 'event_init', 118).after.active = 3;
  const lines = linesOf(rows);
  const searched = (limits: Partial<Limits>) => {
    const search = new Search(new Kernel(indexTrace(lines), '4.16', DRIVERS['as-posted']), limits);
    for (const line of lines) search.next(line);
    search.end();
  };
  assert.throws(
    () => searched({}),
    (error: Error) => error instanceof Refused && !(error instanceof GaveUp),
  );
  assert.throws(
    () => searched({ most: 1 }),
    (error: Error) => error instanceof GaveUp && error.refusal.found.endsWith('the search gave up'),
  );
});

test('two harts that open and close events without end are accepted; with one falsified value they are refused there', () => {
  const lines = soak({ tasks: 2, callbacks: 600 });
  const { accepted, orders } = checkTrace(lines);
  assert.ok(accepted);
  assert.ok(orders.overlapping > 100);
  for (const place of [150, 400]) {
    const line = lines[place]!;
    const { active } = line.after;
    const changed = lines.with(place, { ...line, after: { ...line.after, active: active! + 3 } });
    const { refused, bounded } = checkTrace(changed);
    assert.equal([refused?.line, bounded], [line.line, undefined]);
    assert.equal([refused?.machine, refused?.found], ['active events', String(active! + 3)]);
  }
});

test('where three, four or eight calls overlap at any time, an order is found too', () => {
  for (const tasks of [3, 4, 8]) {
    const { accepted, bounded, orders } = checkTrace(soak({ tasks, callbacks: 1500 }));
    assert.equal([accepted, bounded], [true, undefined]);
    assert.ok(orders.overlapping > 800);
    // All orders of eight calls would be thousands for each line.
    assert.ok(orders.tried < 1500 * 500, `${orders.tried} steps`);
  }
});

test('a refusal among eight calls names a smallest set of them that has no order', () => {
  const lines = soak({ tasks: 8, callbacks: 300 });
  const falsified = (place: number) => {
    const line = lines[place]!;
    return lines.with(place, { ...line, after: { ...line.after, active: line.after.active! + 3 } });
  };
  const { refused } = checkTrace(falsified(150));
  assert.equal([refused?.line, refused?.machine, refused?.found], [151, 'active events', '8']);
  const smallest = refused?.smallest ?? [];
  assert.ok(smallest.some(({ line }) => line === 151));
  assert.ok(smallest.length > 1 && smallest.length < 8, `${smallest.length}`);
  assert.match(
    orderTexts(refused!).join('\n'),
    /line 151: event_init of event 77 saw riscv_active_events 4 before, 8 after/,
  );
  // Without what was seen of any other one of them, it is not refused there.
  for (const { line } of smallest) {
    if (line === 151) continue;
    const without = falsified(150).map((one) => (one.line === line ? (unseen(one) as typeof one) : one));
    assert.is.not(checkTrace(without).refused?.line, 151, `without line ${line}`);
  }
});

test('a falsified value among eight calls is refused wherever it is, however long they have overlapped', () => {
  const lines = soak({ tasks: 8, callbacks: 1000 });
  // After the first few lines there is none at which all orders were known.
  for (const place of [0, 700, 999]) {
    const line = lines[place]!;
    const changed = lines.with(place, { ...line, after: { ...line.after, active: line.after.active! + 6 } });
    const { refused, bounded } = checkTrace(changed);
    assert.is(bounded, undefined);
    assert.is(refused?.machine, 'active events', `line ${line.line}`);
  }
});

test('what was told of another order than there is is told again, or nothing is told too early', () => {
  const rows = soak({ tasks: 2, callbacks: 60 });
  const note = { line: 0, scn: 'soak', cpu: 0, pid: 1, cb: 'mark', text: 'the call is on its way' } as const;
  const lines = [...rows.slice(0, 1), ...Array.from({ length: 140 }, () => note), ...rows.slice(1)].map(
    (line, index): TraceLine => ({ ...line, line: index + 1 }),
  );
  const search = new Search(new Kernel(indexTrace(lines), '4.16', DRIVERS['as-posted']));
  assert.throws(
    () => {
      for (const line of lines) [...search.next(line)];
    },
    (error: Error) => error instanceof TooEarly,
  );
  const plain = checkTrace(lines);
  let kept = 0;
  let again = 0;
  const keep = () => {
    kept++;
  };
  const retold = checkTrace(lines, {
    keep,
    again: () => {
      kept = 0;
      again++;
    },
  });
  assert.equal([plain.accepted, retold.accepted, kept, again], [true, true, plain.facts, 1]);
  kept = 0;
  const once = checkTrace(lines, { keep });
  assert.equal([once.accepted, kept], [true, plain.facts]);
});

test('more opens overlap than events of the model are kept apart otherwise', () => {
  const opens = Array.from({ length: 40 }, (_, task) => call(2 * task + 1, 'event_init', task, 100 + task));
  const closes = Array.from({ length: 40 }, (_, task) => call(0, 'event_destroy', task, 100 + task));
  // Each is opened while the closes of all before it may not have returned.
  const lines = opens
    .flatMap((open, task) => [open, closes[task]!])
    .map((line, index) => ({ ...line, line: index + 1 }));
  assert.is(indexTrace(lines).eventCount, 17);
  // Once each task has done something else, its event is free.
  const others = opens.map((open, task) => ({ ...open, id: 1000 + task }));
  const done = [...lines.slice(0, 20), ...others.slice(0, 10)].map((line, index) => ({ ...line, line: index + 1 }));
  assert.is(indexTrace(done).eventCount, 10);
});

test('a search that goes back a few lines only may give up, and refuses nothing that is one', () => {
  for (const [back, seed] of [
    [8, 1],
    [16, 6],
  ] as const) {
    const lines = soak({ tasks: 6, callbacks: 250, seed });
    const search = new Search(new Kernel(indexTrace(lines), '4.16', DRIVERS['as-posted']), { back });
    try {
      for (const line of lines) [...search.next(line)];
      [...search.end()];
    } catch (error) {
      assert.ok(error instanceof GaveUp, `back ${back}: ${(error as Error).message}`);
    }
  }
});

test('thousands of overlapping calls are followed in bounded memory', async () => {
  const script = new URL('soak-run.ts', import.meta.url).pathname;
  const node = ['--max-old-space-size=96', '--import', 'tsx', script, '8', '6000'];
  const { stdout } = await promisify(execFile)(process.execPath, node);
  assert.equal(JSON.parse(stdout), { accepted: true, callbacks: 6000 });
});

test.run();
