import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { toolSays, toolSaysOf } from '../../src/subject/binutils.ts';

test('a tool that looks at an object has no environment, and limits', () => {
  process.env.HARTPROOF_SECRET = 'secret';
  assert.not.match(toolSays('env', []), /secret/);
  delete process.env.HARTPROOF_SECRET;
  const limits = toolSays('sh', ['-c', 'ulimit -t; ulimit -v; ulimit -f; ulimit -c']).split('\n');
  assert.equal(limits.slice(0, 4), ['60', `${4 << 20}`, '0', '0']);
});

test('a tool that writes a file ends, and one that is not there is an error', () => {
  const file = join(tmpdir(), `hartproof-written-${process.pid}`);
  assert.throws(() => toolSays('sh', ['-c', 'printf x > "$0"', file]));
  rmSync(file, { force: true });
  assert.throws(() => toolSays('no-such-tool', []));
  assert.match(toolSays('nm', ['--version']), /nm/);
});

test('what is said of an object that is kept is kept beside it, of another it is asked each time, and too much is not kept', () => {
  const home = mkdtempSync(join(tmpdir(), 'hartproof-said-'));
  try {
    const count = join(home, 'count');
    // It says how often it was asked: the limits forbid it to write, but not to make a directory.
    const asked = (object: string, size = 0): string =>
      toolSaysOf(object, 'sh', [
        '-c',
        'mkdir -p "$0"; mkdir "$0/$(ls "$0" | wc -l)"; ls "$0" | wc -l; head -c $1 /dev/zero | tr "\\0" x',
        `${count}-${size}`,
        String(size),
      ])
        .split('\n', 1)[0]!
        .trim();
    mkdirSync(join(home, 'build'), { recursive: true, mode: 0o700 });
    const object = join(home, 'build', 'subject.so');
    for (const file of [object, join(home, 'loose.so')]) writeFileSync(file, '');
    assert.equal([asked(join(home, 'loose.so')), asked(join(home, 'loose.so'))], ['1', '2']);
    writeFileSync(join(home, 'build', 'reads.json'), '{}');
    assert.equal([asked(object), asked(object)], ['3', '3']);
    assert.equal([asked(object, 5 << 20), asked(object, 5 << 20)], ['1', '2']);
    assert.not(readdirSync(home).some((name) => name.startsWith('unfinished-')));
    assert.throws(() => toolSaysOf(object, 'no-such-tool', []));
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});

test.run();
