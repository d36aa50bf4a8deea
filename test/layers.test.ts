import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { imported } from './imported.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The layers from the outermost on: what stands further down imports nothing of what stands further up, but for types. */
const LAYERS: readonly (readonly string[])[] = [
  ['src/cli', 'src/explorer', 'src/index.ts', 'src/bundle.ts', 'src/prepare.ts'],
  ['src/diff', 'src/counts'],
  ['src/audit', 'src/repair'],
  ['src/reports'],
  ['src/reach'],
  ['src/findings', 'src/paths', 'src/replay', 'src/simulate', 'src/export'],
  ['src/trace', 'src/diagrams'],
  ['src/store', 'src/subject'],
  ['src/porting'],
  ['models'],
  ['machines'],
  ['src/facts'],
  ['src/engine'],
  ['src/outside', 'src/version.ts'],
];

const files = ['src', 'machines', 'models'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => join(folder, name)),
);

const importsOf = (file: string): string[] =>
  imported(readFileSync(join(ROOT, file), 'utf8'))
    .filter((module) => module.startsWith('.'))
    .map((module) => relative(ROOT, join(ROOT, dirname(file), module)));

const layerOf = (file: string): number =>
  LAYERS.findIndex((layer) => layer.some((name) => file === name || file.startsWith(`${name}/`)));

test('every file is in a layer', () => {
  assert.ok(files.length > 300);
  for (const file of files) assert.ok(layerOf(file) >= 0, file);
});

test('arrows run one way: no layer imports what stands above it, but for types', () => {
  const wrong = files.flatMap((file) =>
    importsOf(file)
      .filter((other) => layerOf(other) >= 0 && layerOf(other) < layerOf(file))
      .map((other) => `${file} imports ${other}`),
  );
  assert.equal(wrong, []);
});

test('no files import each other in a circle, but for types', () => {
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' → '));
    if (path.includes(file) || done.has(file)) return;
    for (const other of importsOf(file)) if (files.includes(other)) visit(other, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  assert.equal(circles, []);
});

test('imports of types are told from others', () => {
  assert.equal(imported("import type { A } from './a.ts';\nimport { type B, type C } from './b.ts';"), []);
  assert.equal(imported("import { type A, b } from './a.ts';\nexport * from './c.ts';\nimport './d.ts';"), [
    './a.ts',
    './c.ts',
    './d.ts',
  ]);
});

test.run();
