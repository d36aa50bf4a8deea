import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CACHE, driverFile, needsCompiler } from '../subject/tiny.ts';
import { hartproofWith } from './run.ts';

let folder: string;

/** Runs `hartproof conform` on a driver that is not the one that is modelled. */
const conform = (...options: string[]) =>
  hartproofWith(
    { XDG_CACHE_HOME: CACHE },
    dirname(driverFile('tiny')),
    ...['conform', 'two-threads', '--source', 'tiny.c', '--environment', '4.16', ...options],
  );

const files = suite('conform files');
files.before(() => {
  folder = mkdtempSync(join(tmpdir(), 'hartproof-'));
});
files.after(() => rmSync(folder, { recursive: true }));

files('are all written beside the report', () => {
  if (!needsCompiler()) return;
  const names = { html: 'page.html', markdown: 'mail.md', junit: 'junit.xml', sarif: 'conform.sarif' };
  const { status, stdout } = conform(
    ...Object.entries(names).flatMap(([option, name]) => [`--${option}`, join(folder, name)]),
  );
  assert.is(status, 1);
  assert.match(stdout.replace(/\s+/g, ' '), /The model \(as-posted\) and the C part in two-threads, 4\.16.*different/);
  const text = (name: string): string => readFileSync(join(folder, name), 'utf8');
  assert.match(text(names.html), /^<!doctype html>/);
  assert.match(text(names.markdown), /^Hartproof: tiny\.c against the model as-posted/);
  assert.match(text(names.junit), /^<\?xml/);
  assert.is(JSON.parse(text(names.sarif)).runs[0].results.length, 1);
});

files('that cannot be written are refused before anything is compiled', () => {
  const { status, stdout, stderr } = conform('--html', join(folder, 'none', 'page.html'));
  assert.is(status, 2);
  assert.is(stdout, '');
  assert.match(stderr, /^hartproof: --html: cannot write .*\n$/);
});

files.run();
