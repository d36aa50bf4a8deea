import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { linuxTree } from '../subject/ground/tree.ts';
import { hartproof } from './run.ts';

const test = suite<{ directory: string }>('hartproof reach');
test.before((context) => {
  context.directory = mkdtempSync(join(tmpdir(), 'hartproof-'));
});
test.after(({ directory }) => rmSync(directory, { recursive: true }));

test('the three answers: a shortest path, none in so many states, and proved', ({ directory }) => {
  const ask = (question: string, ...more: string[]) => hartproof(directory, 'reach', question, 'two-threads', ...more);
  const reached = ask('event_init returns EBUSY and other owner = away', '--environment', '4.16', '-o', 'busy.jsonl');
  assert.is(reached.status, 0, reached.stderr);
  assert.match(reached.stdout, /^Reached: a shortest path has 18 facts \(two-threads, 4\.16, as-posted\)\.\n/);
  assert.is(readFileSync(join(directory, 'busy.jsonl'), 'utf8').trimEnd().split('\n').length, 19);
  assert.match(hartproof(directory, 'replay', 'busy.jsonl').stdout, /✗ busy-is-true is violated at fact 18/);

  const none = ask('event 0 is running', '--environment', '4.16');
  assert.is(none.status, 1);
  assert.match(none.stdout, /^Not reachable in 1 scope of as-posted \(407 states\)\.\n/);
  assert.not.match(none.stdout, /Proved/);

  const proved = ask(
    'never event_init returns EBUSY and other owner = away',
    '--driver',
    'repaired',
    '--environment',
    '4.16',
  );
  assert.is(proved.status, 0);
  assert.match(
    proved.stdout,
    /^Holds in 1 scope of repaired \(\d+ states\)\.\nProved for any number of events, too, of the kinds that there are in two-threads, 4\.16\.\n/,
  );
  const { answer, proved: proofs } = JSON.parse(
    ask('event_init returns EBUSY', '--driver', 'repaired', '--environment', '4.16', '--json').stdout,
  );
  assert.is(answer, 'unreachable');
  assert.equal([proofs[0].model, proofs[0].environment, proofs[0].anyNumberOf], ['two-threads', '4.16', ['event']]);
});

test('an invariant and a witness are asked of a log, too', ({ directory }) => {
  const took = 'foreign.take then foreign.release then foreign.take';
  assert.is(hartproof(directory, 'reach', took, 'foreign-owner', '-o', 'own.jsonl').status, 0);
  const ask = (question: string) => {
    const { status, stdout } = hartproof(directory, 'reach', question, '--in', 'own.jsonl');
    return [status, stdout.split('\n')[0]];
  };
  assert.equal(ask('other owner = holding'), [0, 'Reached 2 times in own.jsonl (3 facts): after fact 1, 3.']);
  assert.equal(ask('never other owner = holding'), [1, 'Violated 2 times in own.jsonl (3 facts): after fact 1, 3.']);
  assert.equal(ask('never warn'), [0, 'Holds in own.jsonl (3 facts).']);
  assert.equal(ask('warn'), [1, 'Not reachable in own.jsonl (3 facts).']);
});

test("a kernel's trace is asked as it was recorded; one that is refused does not hold further on", ({ directory }) => {
  const sample = (name: string): string => fileURLToPath(new URL(`../../docs/samples/${name}`, import.meta.url));
  const ask = (question: string, name: string, ...args: string[]) =>
    hartproof(directory, 'reach', question, '--in', sample(name), ...args);
  const asked = ask('event_init returns 0', 'trace-cmd-report.txt');
  assert.match(asked.stdout, /^Reached 4 times in \S+ \(220 facts\): after fact 7, 10, 125, 138\.\n/);
  assert.is(asked.status, 0);
  assert.is(ask('never warn', 'perf-script.txt').status, 0);
  const refused = ask('never warn', 'perf-script.txt', '--driver', 'repaired');
  assert.is(refused.status, 1);
  assert.match(refused.stderr, /perf-script\.txt is not followed from line 4 on: hartproof trace import .* says why/);
  assert.match(refused.stdout, /what came after these facts is not known/);
  assert.match(
    ask('warn', 'ftrace-lost-events.txt').stderr,
    /has 2 parts that could be judged: hartproof trace import/,
  );
  // The same trace opens where a log does.
  assert.match(
    hartproof(directory, 'replay', sample('perf-script.txt')).stdout,
    /^kernel-trace, 4\.16, as-posted: 70 facts\n/,
  );
  assert.match(hartproof(directory, 'graph', '--sequence', sample('perf-script.txt')).stdout, /^<svg /);
  writeFileSync(join(directory, 'letter.txt'), 'This is no trace.\n');
  const letter = hartproof(directory, 'reach', 'warn', '--in', 'letter.txt');
  assert.match(letter.stderr, /^hartproof: letter\.txt is nothing that /);
});

test('what is misspelt is refused at its place, with what was perhaps meant', ({ directory }) => {
  for (const [args, says] of [
    [['warm'], /did you mean warn\?.*\n {2}warm\n {2}\^\n$/s],
    [
      ['mutex.lock and evnt_init returns 0'],
      /did you mean event_init\?.*\n {2}mutex\.lock and evnt_init returns 0\n {17}\^\n$/s,
    ],
    [['event 0 is runing', 'migration'], /did you mean running\?.*\n {2}event 0 is runing\n {13}\^\n$/s],
    [['warn', 'two-thread'], /there is no model two-thread \(did you mean two-threads\?\)/],
    [['warn', 'two-threads', '--driver', 'repared'], /did you mean repaired\?/],
  ] as const) {
    const { status, stdout, stderr } = hartproof(directory, 'reach', ...args);
    assert.equal([status, stdout], [2, '']);
    assert.match(stderr, says);
  }
});

test('a driver of today is no family that reach can ask: one line says how it is asked', ({ directory }) => {
  const tree = linuxTree();
  if (tree === undefined) return;
  mkdirSync(join(directory, 'copied'));
  const own = join(tree, 'drivers/perf/qcom_l3_pmu.c');
  const copy = 'copied/qcom_l3_pmu.c';
  writeFileSync(join(directory, copy), readFileSync(own));
  for (const [path, ...more] of [[own], [copy, '--tree', tree]] as [string, ...string[]][]) {
    const { status, stderr } = hartproof(directory, 'reach', 'warn', 'two-threads', '--source', path, ...more);
    assert.is(status, 2);
    assert.ok(stderr.includes(`hartproof audit --source ${[path, ...more].join(' ')}, or check`), stderr);
    assert.is(stderr.trimEnd().split('\n').length, 1);
  }
});

test.run();
