import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { needsCompiler } from '../subject/tiny.ts';
import { hartproof } from './run.ts';

const SLOPPY = fileURLToPath(new URL('../repair/source/sloppy.c', import.meta.url));

const test = suite<{ directory: string }>('hartproof repair and diff, of C');

test.before.each((context) => {
  context.directory = mkdtempSync(join(tmpdir(), 'hartproof-'));
  copyFileSync(SLOPPY, join(context.directory, 'sloppy.c'));
});
test.after.each(({ directory }) => rmSync(directory, { recursive: true }));

test('what cannot be asked is refused in one line', ({ directory }) => {
  writeFileSync(join(directory, 'empty.diff'), 'nothing\n');
  for (const [args, said] of [
    [
      ['repair', '--patch', 'fix.patch'],
      /^hartproof: --patch writes changes in C: say with --source where the C is\n$/,
    ],
    [
      ['repair', '--sarif', 'fix.sarif'],
      /^hartproof: --sarif writes changes in C: say with --source where the C is\n$/,
    ],
    [
      ['repair', '--source', 'sloppy.c', '--sarif', 'no/fix.sarif'],
      /^hartproof: --sarif: cannot write no\/fix.sarif: /,
    ],
    [['repair', '--source', 'none.c'], /^hartproof: there is no file none.c\n$/],
    [['repair', '--source', 'empty.diff'], /^hartproof: empty\.diff: there is no patch in it .*\n$/],
  ] as const) {
    const { status, stderr } = hartproof(directory, ...args);
    assert.is(status, 2);
    assert.match(stderr, said);
  }
});

test('C that does not compile is refused with what it lacks', ({ directory }) => {
  if (!needsCompiler()) return;
  writeFileSync(join(directory, 'odd.c'), 'static struct pmu odd = { .event_init = nowhere };\n');
  const { status, stderr } = hartproof(directory, 'repair', '--source', 'odd.c');
  assert.is(status, 2);
  assert.match(stderr, /^hartproof: .*nowhere/);
});

test.run();
