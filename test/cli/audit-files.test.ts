import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { hartproof } from './run.ts';

let folder: string;

/** Runs `hartproof audit` on the smallest model that has findings. */
const audit = (...options: string[]) =>
  hartproof(folder, 'audit', 'refused-open-raw', '--environment', '4.16', ...options);

const files = suite('audit files');
files.before(() => {
  folder = mkdtempSync(join(tmpdir(), 'hartproof-'));
});
files.after(() => rmSync(folder, { recursive: true }));

files('are all written beside the report', () => {
  const file = (name: string) => join(folder, name);
  const { status, stdout } = audit(
    ...['--markdown', file('mail.md'), '--junit', file('junit.xml'), '--sarif', file('audit.sarif')],
  );
  assert.is(status, 1);
  assert.match(stdout, /Driver as-posted/);
  assert.match(readFileSync(file('mail.md'), 'utf8'), /^Hartproof: driver as-posted/);
  assert.match(readFileSync(file('junit.xml'), 'utf8'), /^<\?xml/);
  assert.is(JSON.parse(readFileSync(file('audit.sarif'), 'utf8')).version, '2.1.0');
});

files('with a baseline, only what is new sets the exit status', () => {
  const known = join(folder, 'known.json');
  assert.is(audit('--write-baseline', known).status, 1);
  const again = audit('--baseline', known);
  assert.is(again.status, 0);
  assert.match(again.stdout, /Against the baseline: 0 new findings; 4 known\./);
  assert.match(again.stdout, /HIGH known released-when-idle/);

  const baseline = JSON.parse(readFileSync(known, 'utf8'));
  const [first] = baseline.findings;
  baseline.findings[0] = { ...first, id: `${first.id.split('/')[0]}/mended` };
  writeFileSync(known, JSON.stringify(baseline));
  const changed = audit('--baseline', known);
  assert.is(changed.status, 1);
  assert.match(changed.stdout, /1 new finding; 3 known/);
  assert.match(changed.stdout, /No longer found: drains\/mended/);
});

files('a search that was cut short is no pass against a baseline either', () => {
  const known = join(folder, 'cut.json');
  assert.is(audit('--write-baseline', known).status, 1);
  assert.is(audit('--baseline', known, '--limit', '2').status, 1);
});

files('a baseline that is broken, missing or of another driver is refused in one line', () => {
  const broken = join(folder, 'broken.json');
  writeFileSync(broken, '{}');
  const other = join(folder, 'other.json');
  writeFileSync(other, JSON.stringify({ schema: 'hartproof.baseline/1', driver: 'repaired', findings: [] }));
  for (const [file, reason] of [
    [broken, /no baseline/],
    [join(folder, 'none.json'), /ENOENT/],
    [other, /of the driver repaired/],
  ] as const) {
    const { status, stdout, stderr } = audit('--baseline', file);
    assert.is(status, 2);
    assert.is(stdout, '');
    assert.match(stderr, reason);
    assert.is(stderr.trim().split('\n').length, 1);
  }
});

files('a file that cannot be written is refused before anything is searched', () => {
  const { status, stdout, stderr } = audit('--sarif', join(folder, 'none', 'audit.sarif'));
  assert.is(status, 2);
  assert.is(stdout, '');
  assert.match(stderr, /^hartproof: --sarif: cannot write .*\n$/);
});

files.run();
