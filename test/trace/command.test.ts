import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { register } from '../../src/cli/commands/trace.ts';
import { UsageError } from '../../src/cli/exit.ts';
import { hartproof } from '../cli/run.ts';
import { excerpt, overlap, type Row } from './excerpt.ts';

const test = suite('hartproof trace check');
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'hartproof-'));
test.after(() => rmSync(folder, { recursive: true }));

const run = (...args: string[]) => hartproof(ROOT, 'trace', 'check', ...args);

function file(name: string, rows: readonly Row[], end = '\n'): string {
  const path = join(folder, name);
  writeFileSync(path, rows.map((row) => JSON.stringify(row)).join('\n') + end);
  return path;
}

test('exit 1 and the violated properties', () => {
  const { status, stdout: wrapped } = run(file('broken.jsonl', excerpt()), '--all');
  assert.is(status, 1);
  const stdout = wrapped.replace(/\s+/g, ' ');
  assert.match(stdout, 'accepted from the first line to the last, by driver as-posted in environment 4.16.');
  assert.match(stdout, /count-exact verdict: violated first: line 20 \(two_cycles\): read of event 13 times: 5/);
  assert.match(stdout, 'In this trace: 5 times, at most 127,538 ticks too many (line 33).');
  assert.match(stdout, /references-balance verdict: violated first: line 74 /);
  assert.match(stdout, 'In this trace: 2 times, still violated at the end (since line 79).');
});

test('exit 0 when nothing is broken, and a last line that was cut off is told', () => {
  const path = file('clean.jsonl', overlap(), '\n{"scn":');
  const { status, stdout, stderr } = run(path);
  assert.is(status, 0);
  assert.not.match(stdout, 'violate');
  assert.is(stderr, `hartproof: ${path}: the last line was cut off, and is left out\n`);
});

test('exit 1 and both values where it is refused, as JSON too', () => {
  const rows = excerpt();
  rows[15].after.n_events = 1;
  const path = file('refused.jsonl', rows);
  const text = run(path, '--all');
  assert.is(text.status, 1);
  assert.match(text.stdout, 'refused at line 16 (two_cycles)');
  assert.match(text.stdout, /the model says: +2\n +the trace shows: +1\n/);
  const { status, stdout } = run(path, '--json');
  assert.is(status, 1);
  const { schema, accepted, callbacks, refused, broken } = JSON.parse(stdout);
  assert.equal([schema, accepted, callbacks], ['hartproof.trace/1', false, 29]);
  const { previous, accepting, ...values } = refused;
  assert.equal(
    previous.map(({ line, callback }: Row) => `${line} ${callback}`),
    [
      '4 event_init of event 13',
      '7 event_init of event 14',
      '10 add of event 13',
      '14 del of event 13',
      '15 add of event 13',
    ],
  );
  assert.match(text.stdout, /Before it: line \d+, .* of event 1[34]/);
  // However the driver decides: nobody binds two events and counts one.
  assert.equal(accepting.candidates, []);
  assert.match(text.stdout, /None of \d+ other drivers and perf\s+cores accepts it/);
  assert.equal(values, {
    line: 16,
    scn: 'two_cycles',
    callback: 'add of event 14',
    machine: 'slots of hart 0',
    what: 'n_events after the callback',
    expected: '2',
    found: '1',
  });
  assert.ok(broken.every(({ property, line }: Row) => property === 'userpage-consistent' && line < 16));
});

test('a refusal is a finding in every format, at its line of the trace', () => {
  const rows = excerpt();
  rows[15].after.n_events = 1;
  const path = file('formats.jsonl', rows);
  const written = (name: string): string => join(folder, name);
  const formats = ['sarif', 'junit', 'markdown', 'html'].flatMap((name) => [`--${name}`, written(name)]);
  assert.is(run(path, ...formats).status, 1);
  const { results, tool } = JSON.parse(readFileSync(written('sarif'), 'utf8')).runs[0];
  assert.is(results[0].ruleId, 'conforms');
  assert.is(results[0].locations[0].physicalLocation.region.startLine, 16);
  assert.ok(results.every(({ ruleId, ruleIndex }: Row) => tool.driver.rules[ruleIndex as number].id === ruleId));
  const junit = readFileSync(written('junit'), 'utf8');
  assert.match(junit, /name="conforms" time="0">\s*<failure type="high" message="refused at line 16 \(two_cycles\)/);
  assert.match(junit, /name="errno-contract" time="0">\s*<error type="bounded" message="held in what was judged/);
  const refusal = 'do not agree on n_events after the callback';
  for (const name of ['markdown', 'html'])
    assert.match(readFileSync(written(name), 'utf8').replace(/\s+/g, ' ').replaceAll('\\', ''), refusal);
});

test('exit 2 and one line for what cannot be read', () => {
  const rows = excerpt();
  delete rows[9].before.idx;
  const path = file('unreadable.jsonl', rows);
  const { status, stdout, stderr } = run(path);
  assert.equal([status, stdout, stderr], [2, '', `hartproof: ${path}: line 10: before.idx is missing\n`]);
});

test('what the user can mend is told as such', async () => {
  const notes = file('notes.jsonl', excerpt().slice(0, 3));
  const program = new Command();
  register(program.command('trace'));
  for (const [args, message] of [
    [[notes], `${notes} holds no callback`],
    [[notes, '--environment', 'any-order'], 'there is no perf core any-order; there are 4.16, 5.10, current'],
    [[notes, '--driver', 'other'], /^there is no driver other; there are as-posted, /],
    [[join(folder, 'none.jsonl')], /^cannot read .*none.jsonl: ENOENT/],
  ] as const)
    try {
      await program.parseAsync(['trace', 'check', ...args], { from: 'user' });
      assert.unreachable(String(message));
    } catch (error) {
      assert.instance(error, UsageError);
      if (typeof message === 'string') assert.is((error as Error).message, message);
      else assert.match((error as Error).message, message);
    }
});

test.run();
