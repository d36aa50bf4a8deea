import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { cached } from '../../src/subject/cache.ts';

const test = suite<{ cache: string }>('the build cache');

test.before.each((context) => {
  context.cache = mkdtempSync(join(tmpdir(), 'hartproof-test-'));
});
test.after.each(({ cache }) => rmSync(cache, { recursive: true }));

/** Asks for an entry, and answers its text and whether it was made. */
function ask(cache: string, key = 'key', read: string[] = []): { text: string; made: boolean; directory: string } {
  let made = false;
  const directory = cached(cache, [key], (at) => {
    made = true;
    mkdirSync(join(at, 'inner'));
    writeFileSync(join(at, 'inner', 'object'), `made of ${key}`);
    return read;
  });
  return { text: readFileSync(join(directory, 'inner', 'object'), 'utf8'), made, directory };
}

test('makes an entry once', ({ cache }) => {
  assert.ok(ask(cache).made);
  assert.not.ok(ask(cache).made);
  assert.ok(ask(cache, 'another key').made);
});

test('makes an entry anew that was damaged, or whose sources are others', ({ cache }) => {
  const source = join(cache, 'source');
  writeFileSync(source, 'one');
  const { directory } = ask(cache, 'key', [source]);
  for (const damage of [
    () => writeFileSync(join(directory, 'inner', 'object'), 'mad'),
    () => rmSync(join(directory, 'inner', 'object')),
    () => writeFileSync(join(directory, 'inner', 'more'), ''),
    () => rmSync(join(directory, 'reads.json')),
    () => writeFileSync(join(directory, 'reads.json'), '{"reads":{}'),
    () => writeFileSync(source, 'two'),
  ]) {
    damage();
    const again = ask(cache, 'key', [source]);
    assert.ok(again.made, damage.toString());
    assert.is(again.text, 'made of key');
    assert.not.ok(ask(cache, 'key', [source]).made);
  }
});

test('keeps nothing of what failed', ({ cache }) => {
  assert.throws(() =>
    cached(cache, ['key'], (at) => {
      writeFileSync(join(at, 'object'), 'half');
      throw new Error('no');
    }),
  );
  assert.ok(ask(cache).made);
});

test('takes away what a build that was killed left long ago, and no other', ({ cache }) => {
  const [old, young] = ['unfinished-old', 'unfinished-young'].map((name) => join(cache, name)) as [string, string];
  for (const path of [old, young]) mkdirSync(path);
  const then = Date.now() / 1000 - 3 * 24 * 60 * 60;
  utimesSync(old, then, then);
  assert.ok(ask(cache).made);
  assert.equal([existsSync(old), existsSync(young)], [false, true]);
});

test('is refused where others may write', ({ cache }) => {
  for (const mode of [0o777, 0o770, 0o722]) {
    chmodSync(cache, mode);
    assert.throws(() => ask(cache), /may be written by others, and what is in it is run: chmod go-w/);
  }
  chmodSync(cache, 0o755);
  assert.ok(ask(cache).made);
  const own = join(cache, 'own');
  ask(own);
  assert.ok(existsSync(own));
});

test.run();
