import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { toolSays } from '../../src/subject/binutils.ts';

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

test.run();
