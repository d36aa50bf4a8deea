import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { hartproof, MAIN } from './run.ts';

const test = suite('hartproof explain COUNT');
const directory = mkdtempSync(join(tmpdir(), 'hartproof-'));
test.after(() => rmSync(directory, { recursive: true }));

const run = (...args: string[]) => hartproof(directory, ...args);
const SAMPLE = fileURLToPath(new URL('../../docs/samples/bpftrace.txt', import.meta.url));

const PERF_STAT = `
 Performance counter stats for './job':

 9,223,372,036,859,012,345      cycles
             3,204,611      instructions
         <not counted>      branches                    (0.00%)

       0.004100000 seconds time elapsed
`;

test('a count is taken apart: the arithmetic, the property, the decision, what it would have been, and the log', () => {
  writeFileSync(join(directory, 'perf-stat.txt'), PERF_STAT);
  const { status, stdout, stderr } = run('explain', 'perf-stat.txt');
  assert.equal([status, stderr], [1, '']);
  const flat = stdout.replace(/\s+/g, ' ');
  for (const said of [
    '1. 2^63 + 4,236,537: One negative difference in a mask of 63 bits: prev_count of another hart,',
    'property count-exact:',
    'decision startsFresh, riscv_pmu_start, perf_event.c:290-291:',
    'Without it: 4,236,537 or more',
    '1.03 GHz over 0.0041 s',
    'Shortest log (5 calls, migration, current;',
    '3,204,611 instructions is plausible',
    'branches: <not counted>: the event was opened, and never ran (0% of the time).',
  ])
    assert.ok(flat.includes(said), `${said}\n${stdout}`);
  for (const line of stdout.split('\n')) assert.ok(line.length <= 80 || line.includes('hp:'), line);
  const [, token] = /Follow it: hartproof show (hp:[0-9a-f]{6}),/.exec(stdout)!;
  assert.match(run('show', token!).stdout, 'riscv_pmu_start, perf_event.c:290-291');
  assert.match(run('replay', token!).stdout, 'count-exact is violated');
  // An option stands before the file, and standard input is one.
  const piped = spawnSync(process.execPath, [MAIN, 'explain', '--event', 'instructions', '-'], {
    ...{ cwd: directory, input: PERF_STAT, encoding: 'utf8' },
  });
  assert.equal([piped.status, piped.stderr], [0, '']);
});

test('numbers on the command line; what is no number, no word and no file is told with a name like it', () => {
  const below = run('explain', '-22', '--no-keep', '--json', '--width', '64');
  assert.is(below.status, 1, below.stderr);
  const [count] = JSON.parse(below.stdout).counts;
  assert.equal(
    [count.verdict, count.explanations[0].defect, count.explanations[0].widths],
    ['explained', 'startsFresh', { counterWidth: 64 }],
  );
  const plausible = run('explain', '5000000', '--time', '5ms', '--clock', '1GHz', '--no-keep');
  assert.equal([plausible.status, plausible.stdout.split(':')[0]], [0, '5,000,000 is plausible']);
  for (const [args, says] of [
    [['bonded'], /no property, verdict, word, count or file bonded \(did you mean bounded\?\)/],
    [['18446744073709551616'], /is no count: event->count has 64 bits/],
    [['5', '--expected', 'x'], /^hartproof: --expected takes a count, not x\n$/],
    [['5', '--clock', 'fast'], /--clock takes a frequency/],
    [['5', '--expected', '5', '--factor', '2'], /--expected and --factor say the same/],
    [['5', '--driver', 'mergd'], /did you mean merged-4\.18\?/],
    [['hp:123456'], /hartproof show hp:123456/],
    [['-'], /- holds no count as perf stat prints it/],
  ] as [string[], RegExp][]) {
    const { status, stderr } = run('explain', ...args);
    assert.is(status, 2, args.join(' '));
    assert.match(stderr, says);
  }
});

test('in a recording it is said at which callback the count went wrong, with its arithmetic', () => {
  const all = run('explain', '--in', SAMPLE);
  assert.is(all.status, 1);
  const flat = all.stdout.replace(/\s+/g, ' ');
  assert.match(flat, /It went wrong at line 19\/20 .* in read of event 1 /);
  assert.match(
    flat,
    'counter 6,015,032 - prev_count 8,004,031 (taken on cpu 1) = -1,988,999, which the mask makes 9,223,372,036,852,786,809 (2^63 more)',
  );
  const one = run('explain', '9223372036855788822', '--in', SAMPLE, '--json');
  const [event] = JSON.parse(one.stdout).events;
  assert.equal([event.count, event.wrong.length, event.wrong[0].hart], ['9223372036855788822', 1, 0]);
  const none = run('explain', '7', '--in', SAMPLE);
  assert.is(none.status, 2);
  assert.match(none.stderr, /no event in .* comes to 7; the last counts are 9,223,372,036,867,796,866/);
});

test.run();
