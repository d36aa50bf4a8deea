import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { hartproof, MAIN } from './run.ts';

const test = suite<{ directory: string }>('a description that ends the process');
test.before.each((context) => {
  context.directory = mkdtempSync(join(tmpdir(), 'hartproof-'));
});
test.after.each(({ directory }) => rmSync(directory, { recursive: true }));

/** Descriptions after which a command would end without a word, or as if it had findings. */
const ENDS: Record<string, [text: string, said: RegExp]> = {
  'with the status of a pass': ['process.exit(0);', /ended before the command was: nothing is decided/],
  'with the status of findings': ['process.exit(1);', /ended before the command was: nothing is decided/],
  'by an error later': ['setImmediate(() => { throw new Error("late"); }); await new Promise(() => {});', /late/],
  'and never answers': ['await new Promise(() => {});', /ended before the command was: nothing is decided/],
};

for (const [how, [text, said]] of Object.entries(ENDS))
  test(`is no pass, and no finding: ${how}`, ({ directory }) => {
    writeFileSync(join(directory, 'own.ts'), `${text}\nexport default {};\n`);
    const { status, stdout, stderr } = hartproof(directory, 'audit', '--config', 'own.ts', '--no-keep', 'two-threads');
    assert.is(status, 2);
    assert.is(stdout, '');
    assert.match(stderr, said);
  });

test('a directory that is gone is named', ({ directory }) => {
  writeFileSync(join(directory, 'own.c'), '');
  const main = `process.argv.splice(1, 1, 'hartproof'); require('node:fs').rmSync(${JSON.stringify(directory)}, { recursive: true }); import(${JSON.stringify(pathToFileURL(MAIN).href)});`;
  const { status, stderr } = spawnSync(process.execPath, ['-e', main, '-', 'audit', '--source', 'own.c'], {
    cwd: directory,
    encoding: 'utf8',
  });
  mkdirSync(directory);
  assert.is(status, 2);
  assert.match(stderr, /^hartproof: .*\n$/);
});

test.run();
