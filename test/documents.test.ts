import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { KNOWN } from '../src/cli/explained.ts';

const DOCS = fileURLToPath(new URL('../docs', import.meta.url));
const read = (name: string): string => readFileSync(join(DOCS, name), 'utf8');

test('the index names every document, and each that it names is there', () => {
  const named = [...read('README.md').matchAll(/\]\(([^)]+)\)/g)].map(([, path]) => path!);
  for (const path of named) assert.ok(existsSync(join(DOCS, path)), path);
  for (const name of readdirSync(DOCS))
    if (name.endsWith('.md') && name !== 'README.md') assert.ok(named.includes(name), name);
});

test('each property that the guide for reviewers names can be explained', () => {
  const named = [...read('review-guide.md').matchAll(/\[((?:`[\w-]+`,?\s*)+)\]/g)].flatMap(([, list]) =>
    [...list!.matchAll(/`([\w-]+)`/g)].map(([, id]) => id!),
  );
  assert.ok(named.length > 20);
  for (const id of named) assert.ok(KNOWN.includes(id), id);
});

test.run();
