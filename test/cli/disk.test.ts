import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { hartproof } from './run.ts';

const folder = mkdtempSync(join(tmpdir(), 'hartproof-'));
const audit = (...options: string[]) =>
  hartproof(folder, 'audit', 'two-threads', '--environment', '4.16', '--no-keep', ...options);

const test = suite('an audit that keeps its states on disk');
test.after(() => rmSync(folder, { recursive: true }));

test('goes on after it was stopped, to what a search in memory comes to, and leaves nothing', () => {
  const stopped = audit('--disk', 'states', '--limit', '100');
  assert.is(stopped.status, 1);
  assert.match(stopped.stderr, /kept in states: the same command goes on from there/);
  assert.equal(readdirSync(join(folder, 'states')), ['two-threads-4.16']);

  const other = audit('--disk', 'states', '--driver', 'repaired');
  assert.is(other.status, 2);
  assert.match(other.stderr, /is of something else: driver as-posted there, repaired here \(remove what is there/);
  assert.is(other.stderr.trim().split('\n').length, 1);

  const verdicts = (json: string) =>
    (JSON.parse(json) as { results: { property: string; verdict: string; states: number }[] }).results.map(
      ({ property, verdict, states }) => [property, verdict, states],
    );
  const whole = audit('--disk', 'states', '--json', 'audit.json');
  assert.match(whole.stdout, /states \(\d+ of them before it was stopped\) in/);
  assert.equal(verdicts(readFileSync(join(folder, 'audit.json'), 'utf8')), verdicts(audit('--json').stdout));
  assert.equal(readdirSync(join(folder, 'states')), []);
});

test('says in one line where it cannot', () => {
  for (const [options, why] of [
    [['--disk', '/dev/null'], /\/dev\/null\/two-threads-4\.16 cannot hold a search: ENOTDIR/],
    [['--disk', 'states', '--compact'], /--compact keeps no states that --disk could keep/],
    [['--disk', 'states', '--source', 'x.c'], /--disk is for machines/],
  ] as const) {
    const { status, stderr } = audit(...options);
    assert.is(status, 2, stderr);
    assert.match(stderr, why);
    assert.is(stderr.trim().split('\n').length, 1);
  }
});

test.run();
