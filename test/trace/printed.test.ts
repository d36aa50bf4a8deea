import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BrokenLine } from '../../src/trace/index.ts';
import { reportOf } from './recorded-text.ts';

const test = suite('every way in which the tools print');

const EVENT = 'event=0xffffffe001003a80';
const WHO = `${EVENT} leader=0xffffffe001003a80 type=0 config=0`;
const ASKS = 'parent=0x0 period=0 exclude_user=0 exclude_kernel=0 exclude_hv=0 exclude_idle=0 precise_ip=0';
const seen = (state: number, idx: number, prev: number, count: number, on: number, active: number): string =>
  `state=${state} idx=${idx} prev=${prev} count=${count} evstate=${on} oncpu=${on === 1 ? 0 : -1} active=${active}`;

/** An event is opened, counts, is read, and closed: microseconds, the probe, and its values. */
const HITS: readonly (readonly [number, string, string])[] = [
  [1000, 'event_init_call', `${WHO} ${ASKS} ${seen(0, 0, 0, 0, -1, 0)}`],
  [1100, 'event_init_return', `${EVENT} ret=0 ${seen(0, -1, 0, 0, -1, 1)}`],
  [2000, 'add_call', `${WHO} flags=1 ${seen(0, -1, 0, 0, 1, 1)}`],
  [2100, 'add_return', `${EVENT} ret=0 ${seen(0, 0, 1000, 0, 1, 1)}`],
  [4000, 'read_call', `${WHO} ${seen(0, 0, 1000, 0, 1, 1)}`],
  [4100, 'read_return', `${EVENT} ${seen(0, 0, 3000, 2000, 1, 1)}`],
  [5000, 'del_call', `${WHO} flags=0 ${seen(0, 0, 3000, 2000, 1, 1)}`],
  [5100, 'del_return', `${EVENT} ${seen(3, 0, 4000, 3000, 1, 1)}`],
  [6000, 'destroy_call', `${WHO} ${seen(3, 0, 4000, 3000, -4, 1)}`],
  [6100, 'destroy_return', `${EVENT} ${seen(3, 0, 4000, 3000, -4, 0)}`],
];

type Writer = (time: number, name: string, values: string, index: number) => string;

const seconds = (time: number, digits = 6): string => `0.${String(time).padStart(6, '0')}${'0'.repeat(digits - 6)}`;
const at = '(riscv_pmu+0x0/0xb4)';
const plain: Writer = (time, name, values) =>
  `     perf-38      [000] d..2.     ${seconds(time)}: ${name}: ${at} ${values}`;
const latency: Writer = (time, name, values, index) =>
  `    perf-38        0d..2. ${time}us${' !+#*@$'[index % 7]}: ${name}: ${at} ${values}`;
const perf =
  (head: (time: number) => string): Writer =>
  (time, name, values) =>
    `${head(time)}hartproof:${name.replace('_return', '_return__return')}: (ffffffff800e8d2c) ${values}`;
const graph: Writer = (time, name, values) =>
  ` ${seconds(time)} |   0)   perf-38    |               |    /* ${name}: ${at} ${values} */`;
const bpftrace: Writer = (time, name, values) => `hartproof: ${name} nsecs=${time}000 cpu=0 task=38 ${values}`;
const json: Writer = (...hit) => JSON.stringify({ type: 'printf', data: `${bpftrace(...hit)}\n` });

const write = (writer: Writer, before: readonly string[] = [], after: readonly string[] = []): string =>
  `${[...before, ...HITS.map((hit, index) => writer(...hit, index)), ...after].join('\n')}\n`;

const PRINTED: Readonly<Record<string, string>> = {
  trace: write(plain, ['# tracer: nop', '#']),
  'trace without interrupt flags': write((...hit) => plain(...hit).replace('d..2.     ', '')),
  'trace with thread groups': write((...hit) => plain(...hit).replace('[000]', '(     38) [000]')),
  'trace of a command with spaces, brackets and colons': write((...hit) =>
    plain(...hit).replace('perf-', 'a-1 [1]: b-'),
  ),
  'trace with returns and colours': write((...hit) => `\u001b[1m${plain(...hit)}\u001b[0m\r`),
  'trace with function lines': write(
    plain,
    ['# tracer: function'],
    ['     perf-38      [000] d..2.     0.007000: riscv_pmu_add <-event_sched_in'],
  ),
  'trace with names with dots, and stacks': write(
    plain,
    ['# tracer: nop'],
    [
      '     perf-38      [000] d..2.     0.007000: sys.enter.foo: 1',
      '     perf-38      [000] d..2.     0.007100: <stack trace>',
      ' => riscv_pmu_add',
      '     perf-38      [000] d..2.     0.007200: sys_read(fd: 3, buf: 0)',
      '     perf-38      [000] d..2.     0.007300: # 5 buf: 01 02',
    ],
  ),
  'latency format': write(latency, [
    '# tracer: irqsoff',
    '# latency: 0 us, #10/10, CPU#0 | (M:desktop VP:0, KP:0, SP:0 HP:0 #P:1)',
  ]),
  'latency format with a stack and functions': write(
    latency,
    ['# tracer: wakeup'],
    [
      '    perf-38        0dNh3. 7000us : <stack trace>',
      ' => riscv_pmu_add',
      '    perf-38        0dNh3. 7000us+: riscv_pmu_add <-event_sched_in',
    ],
  ),
  'latency format, verbose': write(
    (time, name, values) =>
      `            perf      38   0 1 00000002 00000007 [000003e8] ${Math.floor(time / 1000)}.${String(time % 1000).padStart(3, '0')}ms (+0.100ms): ${name}: ${at} ${values}`,
    ['# tracer: irqsoff'],
  ),
  'a dump in the log of the console': write(
    (...hit) => `[   12.345678] ${latency(...hit)}`,
    [
      '[   12.000000] Kernel panic - not syncing: sysrq triggered crash',
      '[   12.000001] Dumping ftrace buffer:',
      '[   12.000002] ---------------------------------',
    ],
    ['[   12.400000] ---------------------------------', '[   12.500000] Rebooting in 10 seconds..', '~ # '],
  ),
  'a dump by syslog': write((...hit) => `Nov 27 12:00:00 host kernel: [   12.345678][   T38] ${latency(...hit)}`),
  'a dump by journalctl': write((...hit) => `Nov 27 12:00:00 host kernel: ${latency(...hit)}`),
  'a dump by journalctl -o short-iso-precise': write(
    (...hit) => `2026-11-27T12:00:00.123456+0000 host kernel: ${latency(...hit)}`,
  ),
  'a dump by dmesg -T': write((...hit) => `[Fri Nov 27 12:00:00 2026] ${latency(...hit)}`),
  'a dump by dmesg -r': write((...hit) => `<4>[   12.345678] ${latency(...hit)}`),
  'function graph': write(
    graph,
    ['# tracer: function_graph'],
    [
      '    0.007000 |   0)   perf-38    |               |  riscv_pmu_add() {',
      '    0.007100 |   0)   perf-38    |   2.100 us    |  }',
      ' ------------------------------------------',
      ' 0)   perf-38    =>   bash-12   ',
      ' ------------------------------------------',
    ],
  ),
  'trace-cmd report': write(
    (time, name, values) => `            perf-38    [000]    ${seconds(time)}: ${`${name}:`.padEnd(21)}${at} ${values}`,
    ['cpus=1'],
  ),
  'trace-cmd report -t --ts-diff': write(
    (time, name, values) => `            perf-38    [000]    ${seconds(time, 9)}: (+100)   ${name}:   ${at} ${values}`,
    ['cpus=1'],
  ),
  'trace-cmd report -l': write(
    (time, name, values) => `    perf-38      0d..2.     ${seconds(time)}: ${name}:   ${at} ${values}`,
    ['cpus=1'],
  ),
  'trace-cmd report -R': write(
    (time, name, values) =>
      `            perf-38    [000]    ${seconds(time)}: ${name}:   __probe_ip=18446744071562067968 ${values}`,
    ['version = 7', 'cpus=1'],
  ),
  'trace-cmd report --ts-check': write(
    (time, name, values) => `            perf-38    [000]    ${seconds(time)}: ${name}:   ${at} ${values}`,
    ['cpus=1', 'WARNING: Record on cpu 0 went backwards: 1234 to 1233 delta: -1'],
  ),
  'trace-cmd report of two files': write(
    (time, name, values) =>
      `  trace-1.dat:            perf-38    [000]    ${seconds(time)}: ${name}:   ${at} ${values}`,
    ['cpus=1'],
  ),
  'perf script': write(perf((time) => `            perf    38 [000]     ${seconds(time, 9)}: `)),
  'perf script in microseconds, with process and period': write(
    perf((time) => `            perf    37/38    [000]     ${seconds(time)}:          1 `),
  ),
  'perf script without the command': write(perf((time) => `    38 [000]     ${seconds(time)}: `)),
  'perf script with flags of the sample': write(perf((time) => `            perf    38 [000] K    ${seconds(time)}: `)),
  'perf script with call chains': write(
    (...hit) =>
      `${perf((time) => `perf    38 [000]     ${seconds(time)}: `)(...hit)}\n\tffffffff800e8d2c riscv_pmu_add+0x0 ([kernel.kallsyms])\n\t            7f12 [unknown] (/usr/bin/a b (deleted))\n\t            7f12 main (inlined)\n`,
  ),
  'perf script with what perf says': write(
    perf((time) => `            perf    38 [000]     ${seconds(time)}: `),
    [
      '# ========',
      '# captured on    : Fri Nov 27 12:00:00 2026',
      '# cmdline : /usr/bin/perf record -e hartproof:add_call -a',
      '# event : name = hartproof:add_call, , id = { 1 }',
      '#',
      'Warning:',
      '[ perf record: Woken up 1 times to write data ]',
      '            perf    38 [000]     0.000500: PERF_RECORD_COMM: perf:38/38',
    ],
    [
      '            perf    38 [000]     0.007000: cycles:u:  ffffffff',
      '            perf    38 [000]     0.007000: sys.foo:enter: 1',
    ],
  ),
  'perf script --deltatime': write((_, ...hit) =>
    perf((time) => `            perf    38 [000]     ${seconds(time)}: `)(
      hit[0] === 'event_init_call' ? 0 : 20_000 - hit[1].length,
      ...hit,
    ),
  ),
  bpftrace: write(
    bpftrace,
    ['Attaching 15 probes...', ''],
    ['', '@event_init[12]: 0', '@add[12, 0]: 18446744069431639680'],
  ),
  'bpftrace with warnings': write(
    bpftrace,
    [
      'WARNING: Addrspace is not set',
      'Attached 15 probes',
      'hartproof.bt:12:3-9: WARNING: cast',
      '  printf("hartproof: add_call nsecs=%llu", nsecs)',
    ],
    ['', ''],
  ),
  'bpftrace -f json': write(
    json,
    ['{"type": "attached_probes", "data": {"probes": 15}}'],
    ['{"type": "map", "data": {"@add": {}}}'],
  ),
  'bpftrace -f json with warnings': write(json, [
    'WARNING: Addrspace is not set',
    '{"type":"attached_probes","data":{"probes":15}}',
  ]),
};

for (const [name, text] of Object.entries(PRINTED))
  test(name, () => {
    const { accepted, callbacks, segments, unjudged } = reportOf(text);
    assert.equal([callbacks, unjudged, segments[0]?.refused], [5, [], undefined]);
    assert.ok(accepted);
  });

test('a loss that has no place leaves all undecided, and says so', () => {
  for (const [text, why] of [
    [
      write(bpftrace, ['Attached 15 probes'], ['WARNING: Total lost event count: 2']),
      '2 events were lost, nobody knows where (line 12)',
    ],
    [
      write(bpftrace, ['Attached 15 probes'], ['Lost 2 events', 'Total lost event count: 5']),
      '3 events were lost, nobody knows where (line 13)',
    ],
    [
      write(
        perf((time) => `perf 38 [000] ${seconds(time)}: `),
        [],
        ['Processed 20 events and lost 3 chunks!'],
      ),
      '3 events were lost, nobody knows where (line 11)',
    ],
  ] as const) {
    const { segments, unjudged } = reportOf(text);
    assert.equal([segments, unjudged.map((part) => [part.callbacks, part.why])], [[], [[5, why]]]);
  }
});

test('a total that the marks before it make up says nothing new', () => {
  const text = write(bpftrace, ['Attached 15 probes'], ['Lost 2 events', 'WARNING: Total lost event count: 2']);
  assert.equal(reportOf(text).unjudged, []);
});

test('every mark of a loss is read', () => {
  for (const [writer, mark] of [
    [plain, 'CPU:0 [LOST EVENTS]'],
    [plain, 'CPU:0 [LOST 12 EVENTS]'],
    [(...hit) => `[   12.345678] ${latency(...hit)}`, '** 12 printk messages dropped **'],
    [bpftrace, 'Lost 12 events'],
    [bpftrace, 'WARNING: Lost 12 events'],
    [json, '{"type": "lost_events", "data": {"events": 12}}'],
    [json, '{"type": "lost_events", "count": 12}'],
    [perf((time) => `perf 38 [000] ${seconds(time)}: `), 'perf 38 [000] 0.002000: PERF_RECORD_LOST lost 12'],
    [perf((time) => `perf 38 [000] ${seconds(time)}: `), 'perf 38 [000] 0.002000: PERF_RECORD_LOST_SAMPLES lost 12'],
  ] as readonly (readonly [Writer, string])[]) {
    const rows = write(writer).split('\n');
    const { accepted, unjudged } = reportOf(rows.toSpliced(4, 0, mark).join('\n'));
    assert.not(accepted, mark);
    assert.ok(unjudged.length > 0, mark);
  }
});

test('a buffer that wrapped around has lost its beginning, in the latency format too', () => {
  const text = write(latency, ['# latency: 0 us, #10/25, CPU#0 | (M:desktop VP:0, KP:0, SP:0 HP:0 #P:1)']);
  // An open that finds no reference is a beginning all the same.
  assert.ok(reportOf(text).accepted);
  assert.is(reportOf(text.replace(/ active=\d/g, '')).unjudged[0]?.why, 'the beginning was overwritten in the buffer');
});

test('where the options leave out who or when, one sentence says which to set', () => {
  for (const [writer, option] of [
    [
      (_, name, values) => ` 0)               |    /* ${name}: ${at} ${values} */`,
      /funcgraph-abstime, funcgraph-cpu and funcgraph-proc/,
    ],
    [(_, name, values) => `${name}: ${at} ${values}`, /options\/context-info/],
  ] as readonly (readonly [Writer, RegExp])[])
    assert.throws(
      () => reportOf(write(writer, ['# tracer: function_graph'])),
      (error: Error) => error instanceof BrokenLine && option.test(error.message),
    );
  assert.throws(
    () =>
      reportOf(
        write(
          perf((time) => `perf    38 [000]     ${seconds(time)}: `),
          [],
          ['perf    38 hartproof:add_call: (ffffffff800e8d2c) event=0x12 '],
        ),
      ),
    /perf script --ns --show-lost-events -F comm,tid,cpu,time,event,trace/,
  );
});

test("a line of ours that was torn in the middle is not taken for another's", () => {
  const torn = write(bpftrace).split('\n');
  torn[3] = `Lost 3 events${torn[3]}`;
  assert.throws(() => reportOf(torn.join('\n')), /^line 4: is no line of the bpftrace script|line 4: /);
});

test('what is shown of a line has no control characters', () => {
  assert.throws(
    () => reportOf(`${write(plain)}\u001b]0;title\u0007 add_call: x\n`),
    (error: Error) => !/\p{Cc}/u.test(error.message) && error.message.includes('\\x1b]0;title\\x07'),
  );
});

test('an event that runs and was not added: the tracer lost that, and the core did not do it', () => {
  const without = (writer: Writer) =>
    write(writer)
      .split('\n')
      .filter((row) => !row.includes('add_'))
      .join('\n');
  const { segments, unjudged } = reportOf(without(bpftrace));
  assert.equal(
    segments.map(({ callbacks, refused }) => [callbacks, refused]),
    [[1, undefined]],
  );
  assert.match(unjudged[0]?.why ?? '', /^the tracer lost an add of event 0xffffffe001003a80 before line 3: /);
  // What is not pinned is added where the tracer is on: then that did not happen.
  const pinned = (value: number): string => without(bpftrace).replace(/(event_init_call .*)/, `$1 pinned=${value}`);
  assert.match(reportOf(pinned(1)).unjudged[0]?.why ?? '', /^the tracer lost an add/);
  assert.is(reportOf(pinned(0)).segments[0]?.refused?.what, 'the next callback');
  // The buffer of ftrace itself has all that ran.
  assert.is(reportOf(without(plain)).segments[0]?.refused?.what, 'the next callback');
});

test('a script that ran twice leaves two probes of each', () => {
  const twice = write((time, name, values, index) =>
    [name, `${name}_1`].map((one) => plain(time, one, values, index)).join('\n'),
  );
  const { accepted, callbacks, doubled } = reportOf(twice);
  assert.equal([accepted, callbacks, doubled], [true, 5, 10]);
});

test.run();
