import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { register } from '../../src/cli/commands/trace.ts';
import { UsageError } from '../../src/cli/exit.ts';
import { hartproof } from '../cli/run.ts';
import { sample } from './samples.ts';

const test = suite('hartproof trace import and setup');
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'hartproof-'));
test.after(() => rmSync(folder, { recursive: true }));

const run = (...args: string[]) => hartproof(ROOT, ...args);

const REPORT = 'docs/samples/trace-cmd-report.txt';

test('exit 1; the property, the line, the moment and the fact; and a log that replay opens', () => {
  const log = join(folder, 'run.jsonl');
  const { status, stdout: wrapped } = run('trace', 'import', REPORT, '--all', '--log', log);
  assert.is(status, 1);
  const stdout = wrapped.replace(/\s+/g, ' ');
  assert.match(stdout, 'accepted: line 4/5 (0.004338300 s, cpu 0) to line 60/61');
  assert.match(
    stdout,
    /add of event 2 \(0xffffffe001003f00\) violates enospc-iff-full, with add\.return .*line 14\/15 \(0\.019732400 s, cpu 0\) /,
  );
  const replayed = run('replay', log);
  assert.is(replayed.status, 1);
  assert.match(replayed.stdout, 'kernel-trace, 4.16, as-posted: 220 facts');
  assert.match(replayed.stdout, /✗ enospc-iff-full is violated at fact \d+\./);
  assert.match(replayed.stdout, /✗ count-exact is violated at fact \d+\./);
  assert.not.match(replayed.stdout, /^Held: .*count-exact/m);
  const again = run('trace', 'import', REPORT, '--log', log);
  assert.equal([again.status, again.stderr], [2, 'hartproof: there is a log run already\n']);
});

test('exit 0 when all is accepted and nothing is broken, as check and as JSON too', () => {
  const { status, stdout } = run('trace', 'check', 'docs/samples/perf-script.txt', '--json');
  assert.is(status, 0);
  const { schema, format, accepted, callbacks, segments } = JSON.parse(stdout);
  assert.equal([schema, format, accepted, callbacks], ['hartproof.trace-import/1', 'perf', true, 10]);
  assert.is(segments[0].broken.length, 0);
});

test('exit 1 and a log for each segment where events were lost', () => {
  const log = join(folder, 'lost.jsonl');
  const { status, stdout: wrapped } = run('trace', 'import', 'docs/samples/ftrace-lost-events.txt', '--log', log);
  assert.is(status, 1);
  const stdout = wrapped.replace(/\s+/g, ' ');
  assert.match(
    stdout.replace(/\s+/g, ' '),
    'not judged: line 28/29 (0.021693 s, cpu 0) to line 36/37 (0.022599 s, cpu 0), 5 callbacks: CPU 0 lost 10 events before line 27.',
  );
  for (const name of ['lost', 'lost-2'])
    assert.match(readFileSync(join(folder, `${name}.jsonl`), 'utf8'), /^{"schema"/);
  assert.not(existsSync(join(folder, 'lost-3.jsonl')));
  // A run that was ended before the first was written is done once more; what is no part of it stays as it is.
  const first = readFileSync(log);
  rmSync(log);
  assert.is(run('trace', 'import', 'docs/samples/ftrace-lost-events.txt', '--log', log).status, 1);
  assert.equal(readFileSync(log), first);
  rmSync(log);
  writeFileSync(join(folder, 'lost-2.jsonl'), first);
  const { status: refused, stderr } = run('trace', 'import', 'docs/samples/ftrace-lost-events.txt', '--log', log);
  assert.is(refused, 2);
  assert.match(stderr, /lost-2/);
  assert.equal(readFileSync(join(folder, 'lost-2.jsonl')), first);
  assert.not(existsSync(log));
});

test('a driver is named by what it decides otherwise, also in its log', () => {
  const log = join(folder, 'named.jsonl');
  const { status, stdout } = run('trace', 'import', REPORT, '--driver', 'as-posted+publishesLast', '--log', log);
  assert.is(status, 1);
  assert.match(stdout.replace(/\s+/g, ' '), 'driver as-posted+publishesLast in environment 4.16');
  assert.not.match(stdout, /userpage-consistent \(/);
  assert.match(run('replay', log).stdout, 'kernel-trace, 4.16, as-posted+publishesLast: 220 facts');
});

test('setup prints a script', () => {
  assert.not.match(run('trace', 'setup', '--bpftrace', '0.17').stdout, /percpu_kaddr\(/);
  const { status, stdout } = run('trace', 'setup', '--format', 'kprobes');
  assert.is(status, 0);
  assert.match(stdout, "\ndefine 'p:hartproof/add_call riscv_pmu_add event=event:x64 ");
});

const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

const HANDLES_OVERFLOWS = `import { definePmu } from 'hartproof';
export default definePmu({
  name: 'more', generalCounters: 2, counterWidth: 63, hwEvents: { cycles: 'cycle', instructions: 'instret' },
  cacheEvents: 'ENOENT', interrupt: true, filters: false, writable: true, overflow: 'handled', decisions: [],
});
`;

test('what the user can mend is told as such', async () => {
  const program = new Command();
  register(program.command('trace'));
  const report = sample('trace-cmd-report.txt');
  for (const [args, message] of [
    [
      ['import', file('trace.dat', '\u0017\u0008Dtracing\0')],
      /trace\.dat is what trace-cmd record writes: give the text/,
    ],
    [
      ['import', file('cut.txt', report.replace(/type=0 config=0 flags=1.*/, ''))],
      /cut\.txt: line 8: add_call has no type=$/,
    ],
    [
      ['import', file('a.txt', report), '--format', 'dtrace'],
      'there is no format dtrace (did you mean ftrace?); there are ftrace, trace-cmd, perf, bpftrace',
    ],
    [
      ['import', file('c.txt', report), '--config', file('more.config.ts', HANDLES_OVERFLOWS)],
      /^more handles overflows \(overflow: 'handled'\), which no recording shows/,
    ],
    [['import', file('b.txt', report), '--log', 'run.txt'], '--log takes a .jsonl file, not run.txt'],
    [
      ['setup', '--format', 'dtrace'],
      'there is no format dtrace (did you mean bpftrace?); there are bpftrace, fentry, kprobes, perf',
    ],
    [['setup', '--module', 'a b'], 'a b is no name of a module'],
    [['setup', '--bpftrace', 'new'], '--bpftrace takes a version such as 0.22, not new'],
    [
      ['import', file('d.txt', report), '--driver', 'as-posted+startFresh'],
      /^there is no decision startFresh \(did you mean startsFresh\?\)/,
    ],
    [['import', file('e.txt', report), '--driver', 'posted+startsFresh'], /^there is no driver posted/],
    [['setup', '--offsets', 'attr=4'], '--offsets is for --format kprobes'],
    [['setup', '--format', 'kprobes', '--offsets', 'hw.idx=4'], /^without the offset of attr/],
    [['setup', '--source', join(folder, 'none.patch')], /^there is no file .*none\.patch$/],
  ] as const)
    try {
      await program.parseAsync(['trace', ...args], { from: 'user' });
      assert.unreachable(String(message));
    } catch (error) {
      assert.instance(error, UsageError);
      if (typeof message === 'string') assert.is((error as Error).message, message);
      else assert.match((error as Error).message, message);
    }
});

test.run();
