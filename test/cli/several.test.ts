import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { Log } from 'sarif';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isValid } from '../audit/sarif-schema.ts';
import { CACHE, driverFile, needsCompiler } from '../subject/tiny.ts';
import { hartproof, hartproofWith } from './run.ts';

/** A patch that makes two drivers: a sound one, and one that overwrites another owner of the PMC. */
const patch = (): string => {
  const sound = readFileSync(driverFile('tiny'), 'utf8');
  const broken = sound.replace('#ifdef BREAKS_OWNER', '#ifndef SOUND');
  return ['one', 'two'].map((name) => newFile(`drivers/perf/${name}.c`, name === 'one' ? sound : broken)).join('');
};

function newFile(path: string, text: string): string {
  const lines = text.trimEnd().split('\n');
  const added = lines.map((line) => `+${line}\n`).join('');
  return `diff --git a/${path} b/${path}\nnew file mode 100644\n--- /dev/null\n+++ b/${path}\n@@ -0,0 +1,${lines.length} @@\n${added}`;
}

const test = suite<{ directory: string }>('a patch with two drivers');
test.before.each((context) => {
  context.directory = mkdtempSync(join(tmpdir(), 'hartproof-'));
  writeFileSync(join(context.directory, 'both.patch'), patch());
});
test.after.each(({ directory }) => rmSync(directory, { recursive: true }));

const run = (directory: string, ...args: string[]) => hartproofWith({ XDG_CACHE_HOME: CACHE }, directory, ...args);
const SCOPE = ['foreign-owner', '--environment', '4.16', '--source', 'both.patch'] as const;
const FILES = ['--html', 'a.html', '--markdown', 'a.md', '--junit', 'a.xml', '--sarif', 'a.sarif'] as const;

test('is audited for each, in every format, and either sets the exit status', ({ directory }) => {
  if (!needsCompiler()) return;
  const known = ['--write-baseline', 'known.json'];
  const { status, stdout } = run(directory, 'audit', ...SCOPE, ...FILES, '--json', 'a.json', ...known);
  assert.is(status, 1);
  assert.match(stdout, /^Driver drivers\/perf\/one\.c: 0 of [\s\S]*\nDriver drivers\/perf\/two\.c: [1-9]/);
  const text = (name: string): string => readFileSync(join(directory, name), 'utf8');
  assert.is(text('a.html').match(/<iframe [^>]*srcdoc="/g)!.length, 2);
  assert.is(text('a.md').match(/^Hartproof: driver /gm)!.length, 2);
  const sarif: Log = JSON.parse(text('a.sarif'));
  assert.ok(isValid(sarif), JSON.stringify(isValid.errors));
  assert.equal(
    sarif.runs.map(({ results }) => results!.length > 0),
    [false, true],
  );
  assert.is(XMLValidator.validate(text('a.xml')), true);
  const { testsuites } = new XMLParser({ ignoreAttributes: false }).parse(text('a.xml'));
  assert.match(testsuites.testsuite[1]['@_name'], / drivers\/perf\/two\.c: drivers\/perf\/two\.c$/);
  assert.is(JSON.parse(text('a.json')).length, 2);
  assert.is(run(directory, 'audit', ...SCOPE, '--baseline', 'known.json').status, 0);
});

test('is compared with the model for each', ({ directory }) => {
  if (!needsCompiler()) return;
  const { status, stdout } = run(directory, 'conform', ...SCOPE, ...FILES, '--json');
  assert.is(status, 1);
  assert.is(JSON.parse(stdout).length, 2);
  assert.is(JSON.parse(readFileSync(join(directory, 'a.sarif'), 'utf8')).runs.length, 2);
});

test('a name that is misspelt is suggested as it is spelt', ({ directory }) => {
  for (const [args, said] of [
    [['two-thread'], /there is no model two-thread \(did you mean two-threads\?\); there are /],
    [['--property', 'count-exat'], /there is no property count-exat \(did you mean count-exact\?\); there are /],
    [['--driver', 'repiared'], /there is no driver repiared \(did you mean repaired\?\); there are /],
    [['--environment', '4.15'], /there is no environment 4\.15 \(did you mean 4\.16\?\); there are /],
    [['something-else'], /there is no model something-else; there are /],
  ] as const)
    assert.match(hartproof(directory, 'audit', ...args).stderr, said);
});

test.run();
