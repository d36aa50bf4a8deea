import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { hartproof } from './run.ts';

const test = suite<{ directory: string }>('hartproof init, and a description of a PMU');

test.before.each((context) => {
  context.directory = mkdtempSync(join(tmpdir(), 'hartproof-'));
});
test.after.each(({ directory }) => rmSync(directory, { recursive: true }));

test('what init writes is audited as it is', ({ directory }) => {
  assert.is(hartproof(directory, 'init').status, 0);
  const audited = hartproof(directory, 'audit', '--all', '--config', '--', 'counter-hpmcounter3');
  assert.is(audited.status, 1);
  assert.match(audited.stdout, /^Driver my-pmu: /);
  assert.match(audited.stdout, /index-in-bounds +holds/);
});

test('init leaves a file alone that is there', ({ directory }) => {
  const file = join(directory, 'hartproof.config.ts');
  writeFileSync(file, 'mine');
  const { status, stderr } = hartproof(directory, 'init');
  assert.is(status, 2);
  assert.match(stderr, /hartproof.config.ts is there already, and stays as it is/);
  assert.is(readFileSync(file, 'utf8'), 'mine');
});

test('a bad description is refused in one line, with the field', ({ directory }) => {
  hartproof(directory, 'init', 'mine.ts');
  const file = join(directory, 'mine.ts');
  writeFileSync(file, readFileSync(file, 'utf8').replace("branches: 'EOPNOTSUPP',", "branches: 'hpmcounter9',"));
  const { status, stderr } = hartproof(directory, 'audit', '--config', 'mine.ts');
  assert.is(status, 2);
  assert.match(stderr, 'hartproof: mine.ts: PMU description: hwEvents.branches: hpmcounter9 is neither a counter');
  assert.is(stderr.split('\n').length, 2, stderr);
});

test('a file that is not there is said to be missing', ({ directory }) => {
  const { status, stderr } = hartproof(directory, 'repair', '--config', 'none.ts');
  assert.is(status, 2);
  assert.match(stderr, /there is no file none.ts \(hartproof init writes one\)/);
});

test.run();
