import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { hartproof } from './run.ts';

const test = suite('the terminal: a summary, and one finding whole');
const directory = mkdtempSync(join(tmpdir(), 'hartproof-'));
test.after(() => rmSync(directory, { recursive: true }));

const run = (...args: string[]) => hartproof(directory, ...args);
let summary = '';

test.before(() => {
  summary = run('audit').stdout;
});

test('the default audit fits forty lines of eighty columns, with every cause and every property', () => {
  const lines = summary.trimEnd().split('\n');
  assert.ok(lines.length <= 40 && lines.length >= 25, `${lines.length} lines`);
  for (const line of lines) assert.ok(line.length <= 80, line);
  assert.match(summary, /^ {2}1 HIGH {3}:389 riscv_active_events changes .*… +5 {2}hp:[0-9a-f]{6}$/m);
  assert.match(summary, / 15 LOW .*\n16 to 21 GUARD /);
  assert.match(summary.replace(/\s+/g, ' '), 'busy-is-true (1 2)');
  assert.match(summary, /no-deadlock, mutex-discipline/);
});

test('each finding is shown whole by its number, its name, or the beginning of one', () => {
  const [, name] = /^ {2}3 HIGH.*(hp:[0-9a-f]{6})$/m.exec(summary)!;
  const { stdout } = run('show', '3');
  assert.match(stdout, /^3\. reserve_pmc_hardware overwrites perf_irq/);
  assert.match(stdout, `(${name})`);
  assert.match(stdout, /✗ after this step the property is violated\./);
  for (const line of stdout.split('\n')) assert.ok(line.length <= 80, line);
  for (const named of [name!, name!.slice(0, 6), name!.slice(3), 'foreign-owner-kept'])
    assert.is(run('show', named).stdout, stdout, named);
});

test('what names no finding, or several, is said in one line, with a name like it', () => {
  const near = run('show', 'foreign-owner-kpt');
  assert.is(near.status, 2);
  assert.match(
    near.stderr,
    /^hartproof: there is no finding foreign-owner-kpt \(did you mean foreign-owner-kept\?\) in /,
  );
  assert.match(
    run('show', 'busy-is-true').stderr,
    /is the beginning of several: hp:\w+ \(busy-is-true\/countsUnderMutex\), hp:/,
  );
  const nowhere = run('show', '1', '--store', join(directory, 'none'));
  assert.equal([nowhere.status, nowhere.stdout], [2, '']);
  assert.match(nowhere.stderr, /no report is kept in .*none yet/);
  writeFileSync(join(directory, 'report.json'), '{"schema":"other"}');
  assert.match(run('show', '1', '--store', directory).stderr, /is no report of this version: audit again/);
});

test('without a name, the last report is shown again; --all shows all of it', () => {
  const again = run('show').stdout;
  assert.match(again, /^Driver as-posted: /);
  const whole = run('show', '--all').stdout;
  assert.ok(whole.length > again.length);
  assert.match(whole, /What every property came to\n [a-z-]+\n {4}[\w.-]+: /);
});

test('a finding has the same name for replay, graph and explore, and in JSON', () => {
  const [, name] = /^ {2}1 HIGH.*(hp:[0-9a-f]{6})$/m.exec(summary)!;
  assert.match(run('replay', '1').stdout, 'reserved-while-live is violated at fact 5');
  assert.is(run('replay', name!).stdout, run('replay', '1').stdout);
  assert.match(run('graph', '--sequence', name!, '--format', 'mermaid').stdout, /^sequenceDiagram/);
  assert.match(run('explore', name!, '--build', join(directory, 'page'), '--json').stdout, `#finding=${name}`);
  const { findings } = JSON.parse(run('audit', 'two-threads', '--json').stdout);
  assert.ok(findings.some(({ token }: { token: string }) => token === name));
});

test('explain says what a property, a verdict and a word mean, with an example', () => {
  const { stdout } = run('explain', 'busy-is-true');
  assert.match(stdout, 'It says: EBUSY only when another owner holds the PMC.');
  assert.match(stdout, /Example: .*\n.*--property busy-is-true\):\n(?:.*\n)+ {3}✗/);
  assert.match(run('explain', 'bounded').stdout, 'Never a pass');
  assert.match(run('explain', 'type-routed').stdout, 'hartproof audit --source');
  assert.match(run('explain', 'bonded').stderr, 'did you mean bounded?');
  assert.is(
    readFileSync(join(directory, '.hartproof', 'report.json'), 'utf8').startsWith('{"schema":"hartproof.report/1"'),
    true,
  );
});

test.run();
