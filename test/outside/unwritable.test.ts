import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isUnwritable, unwritableIn } from '../../src/outside/unwritable.ts';

/** What gcc, as and ld print, each of a full disk or one that is only read. */
const OF_THE_DISK: Record<string, string> = {
  compiler: 'driver.c:1:1: fatal error: error closing a.s: No space left on device\n    1 | int f;\n',
  assembler:
    "/tmp/c.s: Assembler messages:\n/tmp/c.s: Fatal error: can't write 28 bytes to a.o: 'No space left on device'",
  linker: '/usr/bin/ld: final link failed: No space left on device\ncollect2: error: ld returned 1 exit status',
  'only read': '/usr/bin/ld: cannot open output file b.so: Read-only file system\n',
};

for (const [tool, complaint] of Object.entries(OF_THE_DISK))
  test(`what a tool says of the disk is no fault of the C: ${tool}`, () => {
    assert.ok(isUnwritable(unwritableIn(complaint)));
  });

test('what the C says itself, and what is wrong with it, is none of the disk', () => {
  for (const complaint of [
    'driver.c:1:2: error: #error x: No space left on device',
    "driver.c:2:1: error: 'No space left on device' undeclared",
    'ld: cannot open output file gone/b.o: No such file or directory',
  ])
    assert.is(unwritableIn(complaint), undefined);
});

test.run();
