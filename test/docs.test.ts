import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { read, refreshed, SHOWING, timeless } from '../docs/refresh.ts';

for (const file of SHOWING)
  test(`${file} shows what its commands print (npm run docs writes it anew)`, () => {
    assert.fixture(timeless(read(file)), timeless(refreshed(file)));
  });

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DOCUMENTS = ['', 'docs'].flatMap((folder) =>
  readdirSync(join(ROOT, folder)).flatMap((name) => (name.endsWith('.md') ? [join(folder, name)] : [])),
);

/** The links of a document that lead to no file. */
const dead = (file: string): string[] =>
  [...read(file).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].flatMap(([, to]) =>
    existsSync(join(ROOT, dirname(file), to!)) ? [] : [`${file}: ${to}`],
  );

test('every link of a document leads to a file', () => {
  assert.ok(DOCUMENTS.length > 10);
  assert.equal(DOCUMENTS.flatMap(dead), []);
});

test('a reader walks from the command to the printed row of a verdict in twenty files or fewer', () => {
  const [walk = ''] = /## How a verdict comes about[\s\S]*?(?=\nThe C takes)/.exec(read('docs/design.md')) ?? [];
  const files = new Set([...walk.matchAll(/\]\(\.\.\/([^)]+\.ts)\)/g)].map(([, file]) => file));
  assert.ok(files.size > 10 && files.size <= 20, `${files.size} files`);
});

test.run();
