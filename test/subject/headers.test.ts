import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { writeHeaders } from '../../src/subject/headers.ts';

test('a name that no file can have is refused by its name', () => {
  const root = mkdtempSync(join(tmpdir(), 'hartproof-headers-'));
  const write = (text: string) => () => writeHeaders(root, { path: 'x.c', text, headers: new Map(), notes: [] }, []);
  const refused = (error: Error): boolean =>
    error instanceof RangeError && /^there can be no header called "linux\//.test(error.message);
  assert.throws(write(`#include <linux/${'x'.repeat(300)}.h>\n`), refused);
  assert.throws(write('#include <linux/a.h>\n#include <linux/a.h/b.h>\n'), refused);
  write('#include <linux/perf_event.h>\n')();
  rmSync(root, { recursive: true });
});

test.run();
