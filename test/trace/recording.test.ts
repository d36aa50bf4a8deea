import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BrokenLine, NoRecording } from '../../src/trace/index.ts';
import { callsOf } from '../../src/trace/recording/calls.ts';
import { readRecording } from '../../src/trace/recording/read.ts';
import { reportOf } from './recorded-text.ts';
import { sample } from './samples.ts';

const test = suite('what recorders print');

const text = sample('trace-cmd-report.txt');
const rows = text.trimEnd().split('\n');
const joined = (changed: readonly string[]): string => `${changed.join('\n')}\n`;
/** The text with something else in a line, which is counted from 1. */
const withLine = (line: number, change: (row: string) => string): string =>
  joined(rows.with(line - 1, change(rows[line - 1]!)));

function fails(run: () => unknown, kind: typeof BrokenLine | typeof NoRecording, message: RegExp | string): void {
  try {
    run();
  } catch (error) {
    assert.instance(error, kind);
    if (typeof message === 'string') assert.is((error as Error).message, message);
    else assert.match((error as Error).message, message);
    return;
  }
  assert.unreachable(`nothing was thrown; expected ${message}`);
}

test('each format is told from its lines', () => {
  const formats = ['trace-cmd-report.txt', 'ftrace-lost-events.txt', 'perf-script.txt', 'bpftrace.txt'].map(
    (name) => readRecording(sample(name)).format,
  );
  assert.equal(formats, ['trace-cmd', 'ftrace', 'perf', 'bpftrace']);
});

test('the heads of a line in their variants', () => {
  const values = 'event=0xffffffe000000480 type=0 config=0 state=0';
  for (const head of [
    '     perf-38    [001] d..2.  12.000345: add_call: (riscv_pmu_add+0x0/0x9c) ',
    '           <...>-38    [001]  12.000345: add_call: (riscv_pmu_add+0x0/0x9c) ',
    '  kworker/0:1-ev-38    ( 37) [001] d..2.  12.000345: add_call: (riscv_pmu_add+0x0/0x9c) ',
    'a b-38 [001] dNh3. 12.000345000: add_call: (ffffffff80001234) ',
    '     perf 38 [001] 12.000345: hartproof:add_call: (ffffffff80001234) ',
    '     perf 38 [001] d..2. 12.000345: hartproof:add_call: (ffffffff80001234) ',
    '   a b 37/38 [001]    12.000345000:   1 hartproof:add_call: (ffffffff80001234) ',
    'hartproof: add_call nsecs=12000345000 cpu=1 task=38 ',
  ]) {
    const [hit] = readRecording(`${head}${values}\n`).hits;
    assert.equal(
      [hit?.task, hit?.cpu, hit?.time, hit?.values.address('event')],
      [38, 1, 12_000_345_000n, 'ffffffe000000480'],
      head,
    );
  }
});

test('events of others are ignored, and counted', () => {
  const other =
    '            perf-38    [000]      0.004338400: sched_waking:          comm=perf pid=38 prio=120 target_cpu=000';
  const foreign = '            perf-38    [000]      0.004338500: sys_exit_read:         0x10';
  const { accepted, ignored, callbacks } = reportOf(joined(rows.toSpliced(5, 0, other, foreign)));
  assert.ok(accepted);
  assert.equal([ignored, callbacks], [2, 29]);
});

test('what the driver calls itself is left out, and counted', () => {
  const add = rows.findIndex((row) => row.includes(' add_call:'));
  const start = (side: string) => rows[add]!.replace('add_call: ', `start_${side}:`).replace('flags=1', 'flags=2');
  const { accepted, madeByDriver, callbacks } = reportOf(
    joined(rows.toSpliced(add + 1, 0, start('call'), start('return'))),
  );
  assert.ok(accepted);
  assert.equal([madeByDriver, callbacks], [1, 29]);
});

test('an interrupt in the middle of an open is a callback of the core', () => {
  const at = (time: string, name: string, event: string, rest: string) =>
    `perf-7 [000] ${time}: ${name}: event=0x${event} type=0 config=0 ${rest}`;
  const { calls, inside } = callsOf(
    readRecording(
      joined([
        at('1.000001', 'event_init_call', 'a', ''),
        at('1.000002', 'stop_call', 'b', 'flags=4'),
        at('1.000003', 'stop_return', 'b', ''),
        at('1.000004', 'event_init_return', 'a', 'ret=0'),
      ]),
    ),
  );
  assert.is(inside, 0);
  assert.equal(
    calls.map(({ callback, exit }) => [callback, exit?.line]),
    [
      ['event_init', 4],
      ['stop', 3],
    ],
  );
});

test('a callback that comes back on another CPU is paired by its thread', () => {
  const moved = withLine(5, (row) => row.replace('[000]', '[003]'));
  const { accepted, cpus } = reportOf(moved);
  assert.ok(accepted);
  assert.is(cpus, 2);
});

test('a warning that the machine does not have is refused', () => {
  const add = rows.findIndex((row) => row.includes(' add_call:'));
  const warn = rows[add]!.replace(
    /add_call:.*/,
    'warn: (ffffffff80001234) file="arch/riscv/kernel/perf_event.c" line=254',
  );
  const [segment] = reportOf(joined(rows.toSpliced(add + 1, 0, warn))).segments;
  assert.equal([segment?.refused?.line, segment?.refused?.what], [add + 1, 'the warnings in the callback']);
  assert.equal([segment?.refused?.expected, segment?.refused?.found], ['0 warnings', '1 warning']);
});

test('a value that differs is refused, with both lines of the callback', () => {
  const line = rows.findIndex((row) => row.includes(' add_return:')) + 1;
  const { accepted, segments } = reportOf(withLine(line, (row) => row.replace('ret=0', 'ret=-28')));
  assert.not(accepted);
  const { refused } = segments[0]!;
  assert.equal([refused?.line, refused?.place.returned], [line - 1, line]);
  assert.equal([refused?.expected, refused?.found], ['0', '-ENOSPC (-28)']);
});

test('a recording that begins in the middle is judged from where the driver is idle', () => {
  // The opens of the first two events are not in it.
  const { segments, unjudged } = reportOf(joined([...rows.slice(0, 3), ...rows.slice(7)]));
  assert.equal(
    unjudged.map(({ callbacks, why }) => [callbacks, why]),
    [[13, 'events were open when the recording began']],
  );
  assert.equal(
    segments.map(({ accepted, callbacks }) => [accepted, callbacks]),
    [[true, 14]],
  );
});

test('references that had leaked before leave nothing to judge', () => {
  const { accepted, segments, unjudged } = reportOf(
    text.replace(/ active=(\d+)/g, (_, count) => ` active=${Number(count) + 3}`),
  );
  assert.not(accepted);
  assert.equal(segments, []);
  assert.equal(
    unjudged.map(({ why }) => why),
    ['riscv_active_events was 3 when the recording began'],
  );
});

test('a buffer that was overwritten has no known beginning', () => {
  const lost = sample('ftrace-lost-events.txt').replace(/(written: \d+)\/\d+/, '$1/5000');
  // A driver that is seen idle is known all the same.
  assert.equal(
    reportOf(lost).unjudged.map(({ why }) => why),
    ['CPU 0 lost 10 events before line 27'],
  );
  const active = lost.replace(/ active=(\d+)/g, '');
  const { segments, unjudged } = reportOf(active);
  assert.equal(segments, []);
  assert.is(unjudged[0]?.why, 'the beginning was overwritten in the buffer');
});

test('a loss that names no CPU may be of any', () => {
  const bpftrace = sample('bpftrace.txt').split('\n');
  const { segments, unjudged } = reportOf(bpftrace.toSpliced(20, 0, 'Lost 7 events').join('\n'));
  assert.match(unjudged.at(-1)?.why ?? '', /^a CPU lost 7 events before line 21$/);
  assert.ok(segments.every(({ to }) => to.line < 21));
});

test('a return that is lost does not hide that its call is over', () => {
  // The loss begins between the entry and the return of an add.
  const lost = sample('ftrace-lost-events.txt').split('\n');
  const at = lost.findIndex((row) => row.includes('LOST'));
  const { segments } = reportOf(lost.toSpliced(at - 1, 1).join('\n'));
  assert.equal(
    segments.map(({ accepted, unfinished, callbacks }) => [accepted, unfinished, callbacks]),
    [
      [true, 1, 5],
      [true, 0, 14],
    ],
  );
});

test('each other tool marks its losses too', () => {
  const mark = (name: string, at: number, row: string) =>
    readRecording(sample(name).split('\n').toSpliced(at, 0, row).join('\n')).losses;
  assert.equal(mark('trace-cmd-report.txt', 10, 'CPU:0 [EVENTS DROPPED]'), [{ line: 11, cpu: 0 }]);
  assert.equal(mark('trace-cmd-report.txt', 10, 'CPU:1 [204600 EVENTS DROPPED]'), [
    { line: 11, cpu: 1, events: 204_600 },
  ]);
  const perf = 'perf     0 [001]     0.028400000: PERF_RECORD_LOST lost 12';
  assert.equal(mark('perf-script.txt', 10, perf), [{ line: 11, cpu: 1, events: 12 }]);
});

test('what tools keep for themselves', () => {
  fails(
    () => readRecording('\u0017\u0008Dtracing6\0'),
    NoRecording,
    /give the text that `trace-cmd report` makes of it$/,
  );
  fails(() => readRecording('PERFILE2\0\0'), NoRecording, /give the text that `perf script .*` makes of it$/);
  fails(() => readRecording('ELF\0'), NoRecording, 'is no text');
  fails(() => readRecording('Hello.\n'), NoRecording, /^is nothing that .*trace-cmd report, perf script.* print/);
});

test('what bpftrace says of its script is no event', () => {
  const warned = `hartproof.bt:12:3-9: WARNING: cast\n  $e = (struct perf_event *)arg0;\n  ~~~~~~\n${sample('bpftrace.txt')}`;
  assert.is(reportOf(warned).callbacks, reportOf(sample('bpftrace.txt')).callbacks);
  fails(
    () => readRecording('Attaching 15 probes...\nhartproof: add_call nse\n'),
    BrokenLine,
    /^line 2: is no line of the bpftrace script/,
  );
});

test('formats that are mixed, and lines that are none', () => {
  const perf = sample('perf-script.txt').split('\n')[5]!;
  fails(
    () => readRecording(joined(rows.toSpliced(8, 0, perf))),
    BrokenLine,
    'line 9: is of perf script, and what comes before it of trace-cmd report',
  );
  fails(
    () => readRecording(joined(rows.toSpliced(8, 0, 'Hello.'))),
    BrokenLine,
    'line 9: is no line of trace-cmd report: Hello.',
  );
  fails(() => reportOf(withLine(8, (row) => row.slice(0, 60))), BrokenLine, /^line 8: is no line of|has no /);
});

test('a line that was cut off, in the middle and at the end', () => {
  fails(() => reportOf(withLine(8, (row) => row.replace(/ type=.*/, ''))), BrokenLine, 'line 8: add_call has no type=');
  fails(
    () => reportOf(withLine(8, (row) => row.replace(/type=0/, 'type=0x'))),
    BrokenLine,
    'line 8: add_call: type=0x is not a number',
  );
  const { torn, callbacks } = reportOf(text.slice(0, -10));
  assert.equal([torn, callbacks], [true, 29]);
});

test('a probe that was missing', () => {
  const without = (name: string) => joined(rows.filter((row) => !row.includes(` ${name}:`)));
  fails(
    () => reportOf(without('add_return')),
    BrokenLine,
    /^line \d+: add_call comes again on its thread, and there is no add_return in the file: a probe is missing$/,
  );
  fails(
    () => reportOf(without('add_call')),
    BrokenLine,
    /^line \d+: add_return is there, and there is no add_call in the file: a probe is missing$/,
  );
  fails(
    () => reportOf(joined(rows.filter((row) => !row.includes('event_init')))),
    NoRecording,
    /^shows no event_init: a probe is missing/,
  );
  fails(() => reportOf('cpus=1\n'), NoRecording, /^holds no callback of the driver/);
});

const placesOf = (name: string): number[] => rows.flatMap((row, index) => (row.includes(` ${name}:`) ? [index] : []));

test('a return that was missed: its call ends where something else happens that cannot happen inside it', () => {
  const { accepted, missed, callbacks } = reportOf(joined(rows.toSpliced(placesOf('add_return')[0]!, 1)));
  assert.equal([accepted, missed, callbacks], [true, 1, 29]);
});

test('what a driver calls itself ends with its caller', () => {
  const [add] = placesOf('add_call');
  const start = rows[add!]!.replace('add_call: ', 'start_call:').replace('flags=1', 'flags=2');
  const { accepted, missed, madeByDriver, callbacks } = reportOf(joined(rows.toSpliced(add! + 1, 0, start)));
  assert.equal([accepted, missed, madeByDriver, callbacks], [true, 1, 1, 29]);
  // And one whose entry is missing: it was inlined, or its probe not there in time.
  const left = reportOf(joined(rows.toSpliced(add! + 1, 0, start.replace('start_call:  ', 'start_return:'))));
  assert.equal([left.accepted, left.missed, left.callbacks], [true, 1, 29]);
});

test('where it cannot be told what was inside a call, nothing is judged until the driver is idle', () => {
  const [add] = placesOf('add_call');
  const start = (side: string) => rows[add!]!.replace('add_call: ', `start_${side}:`).replace('flags=1', 'flags=2');
  const { segments, unjudged } = reportOf(joined(rows.toSpliced(add! + 1, 1, start('call'), start('return'))));
  assert.ok(segments.every(({ refused }) => refused === undefined));
  assert.match(unjudged[0]?.why ?? '', /^add_call of line 8 has no return, and what ran inside it cannot be told/);
});

test('a return without an entry leaves what was before it undecided, until the driver is idle', () => {
  const [entry] = placesOf('read_call');
  const { segments, unjudged } = reportOf(joined(rows.toSpliced(entry!, 1)));
  assert.ok(segments.length > 0 && segments.every(({ refused }) => refused === undefined));
  assert.match(unjudged[0]?.why ?? '', /^read_return of line \d+ has no entry before it$/);
});

test('a beginning that was overwritten inside nested calls', () => {
  const whole = sample('ftrace-lost-events.txt').replace(/(written: \d+)\/\d+/, '$1/5000');
  const lines = whole.split('\n').filter((row) => !row.includes('LOST'));
  const first = lines.findIndex((row) => row.includes('event_init_call:'));
  const del = lines.find((row) => row.includes(' del_call:'))!.replace(/ 0\.\d{6}:/, '     0.000001:');
  const nested = [
    del.replace('del_call', 'read_call').replace(' flags=0', ''),
    del.replace('del_call', 'read_return'),
    del.replace('del_call', 'stop_return'),
    del.replace('del_call', 'del_return'),
  ];
  const { segments, unjudged } = reportOf(lines.toSpliced(first, 0, ...nested).join('\n'));
  assert.equal(unjudged.map(({ callbacks, why }) => [callbacks, why])[0], [
    1,
    'the beginning was overwritten in the buffer',
  ]);
  assert.ok(segments.length > 0);
});

test.run();
