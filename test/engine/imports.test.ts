import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const ENGINE = fileURLToPath(new URL('../../src/engine', import.meta.url));

/** What a source file imports, at its head or on the way. */
const importsOf = (source: string): string[] =>
  [...source.matchAll(/\b(?:from\s+|import\s*\(?\s*)'([^'\n]+)'/g)].map(([, module]) => module!);

const files = readdirSync(ENGINE, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));

/** What is none of the engine's business: all but its own files, XState, what Node has, and what writes its WebAssembly. */
const foreign = (file: string, module: string): boolean => {
  // Run from its sources, a worker needs what its parent was started with.
  if (file === 'check/start-worker.ts' && module === 'tsx/esm/api') return false;
  if (file === 'check/table-module.ts' && module === 'watr/compile') return false;
  if (!module.startsWith('.')) return module !== 'xstate' && !module.startsWith('node:');
  return !join(ENGINE, file, '..', module).startsWith(`${ENGINE}/`);
};

test('the engine imports XState, and nothing of ours', () => {
  assert.ok(files.length > 30);
  for (const file of files)
    for (const module of importsOf(readFileSync(join(ENGINE, file), 'utf8')))
      assert.not(foreign(file, module), `${file} imports ${module}`);
});

test('what is not the engine’s is found out', () => {
  assert.equal(importsOf("import { a } from '../facts/index.ts';\nawait import('./b.ts');"), [
    '../facts/index.ts',
    './b.ts',
  ]);
  assert.ok(foreign('check/search.ts', '../../facts/index.ts'));
  assert.ok(foreign('index.ts', 'picocolors'));
  assert.not(foreign('check/search.ts', '../vocabulary.ts'));
});

test('the engine has no word of perf in its names', () => {
  for (const file of files) {
    const code = readFileSync(join(ENGINE, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
    const words = code.match(/'(?:hart|driver|lifecycle|group|idle|final|in callback|events|harts)'/g);
    const known = ['events', 'final'].map((word) => `'${word}'`);
    assert.equal(
      (words ?? []).filter((word) => !known.includes(word)),
      [],
      file,
    );
  }
});

test.run();
