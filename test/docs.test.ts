import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { MARGIN, TELEPHONE } from '../docs/pictures.ts';
import { read, refreshed, SHOWING, timeless } from '../docs/refresh.ts';
import { leastWidth } from '../src/diagrams/readable.ts';

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
  [...read(file).matchAll(/(?:\]\(|(?:src|srcset)=")(?!https?:|#)([^)"#\s]+)/g)].flatMap(([, to]) =>
    existsSync(join(ROOT, dirname(file), to!)) ? [] : [`${file}: ${to}`],
  );

test('every link of a document leads to a file', () => {
  assert.ok(DOCUMENTS.length > 10);
  assert.equal(DOCUMENTS.flatMap(dead), []);
});

/** What is wrong with the pictures of a document on a telephone, and where a page is somewhat wider than their narrow ones. */
function unreadable(file: string): string[] {
  const picture = (name: string): string => readFileSync(join(ROOT, dirname(file), name), 'utf8');
  const plain = [...read(file).matchAll(/!\[[^\]]*\]\(([^)]*\.svg)\)/g)];
  const doubled = [
    ...read(file).matchAll(/<source media="\(max-width: (\d+)px\)" srcset="([^"]*)">\n<img [^>]*src="([^"]*)">/g),
  ];
  const drawn = doubled.filter(([, , , wide]) => wide!.endsWith('.svg'));
  return [
    ...[...plain.map(([, name]) => name!), ...drawn.map(([, , name]) => name!)].filter(
      (name) => leastWidth(picture(name)) > TELEPHONE,
    ),
    ...drawn.flatMap(([, upTo, , wide]) => (Number(upTo) < leastWidth(picture(wide!)) + MARGIN ? [wide!] : [])),
    ...(doubled.length === (read(file).match(/<img /g) ?? []).length ? [] : ['a picture without its narrow one']),
  ];
}

test('on a telephone, letters of every picture in a document can be read', () => {
  const files = [...DOCUMENTS, 'docs/pictures/README.md'];
  assert.ok(files.some((file) => read(file).includes('<picture>')));
  assert.equal(
    Object.fromEntries(files.map((file) => [file, unreadable(file)])),
    Object.fromEntries(files.map((file) => [file, []])),
  );
});

test('a reader walks from the command to the printed row of a verdict in twenty files or fewer', () => {
  const [walk = ''] = /## How a verdict comes about[\s\S]*?(?=\nThe C takes)/.exec(read('docs/design.md')) ?? [];
  const files = new Set([...walk.matchAll(/\]\(\.\.\/([^)]+\.ts)\)/g)].map(([, file]) => file));
  assert.ok(files.size > 10 && files.size <= 20, `${files.size} files`);
});

test.run();
