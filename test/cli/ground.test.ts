import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findCompiler } from '../../src/subject/compiler.ts';
import { needs } from '../needs.ts';
import { hartproof } from './run.ts';

let folder: string;

const ground = suite("audit of any driver's C");
ground.before(() => {
  folder = mkdtempSync(join(tmpdir(), 'hartproof-'));
  // As much of a tree as is looked at before anything is compiled.
  for (const [tree, version] of [
    ['new', 6],
    ['old', 4],
  ] as const) {
    mkdirSync(join(folder, tree, 'include/linux'), { recursive: true });
    writeFileSync(join(folder, tree, 'Makefile'), `VERSION = ${version}\nPATCHLEVEL = 4\n`);
    writeFileSync(join(folder, tree, 'include/linux/perf_event.h'), '');
  }
  writeFileSync(join(folder, 'mine.c'), '');
  writeFileSync(join(folder, 'no-device.ts'), 'export default {};\n');
});
ground.after(() => rmSync(folder, { recursive: true }));

const audit = (...options: string[]) => hartproof(folder, 'audit', '--source', 'mine.c', '--tree', 'new', ...options);

const REFUSED: readonly [options: readonly string[], why: RegExp][] = [
  [['--environment', '4.16'], /--environment is not for a driver that is compiled with a kernel tree/],
  [['--header', 'mine.h'], /--header is not for/],
  [['--deep'], /--deep is not for/],
  [['--steps'], /--steps is not for/],
  [['--compact'], /--compact is not for/],
  [['--disk', 'states'], /--disk is not for/],
  [['--symmetry'], /--symmetry is not for/],
  [['--partial-order'], /--partial-order is not for/],
  [['--keep', 'logs'], /--keep is not for .*: no model replays its calls/],
  [['--property', 'add-claen'], /there is no property of any driver add-claen \(did you mean add-clean\?\)/],
  [['two-threads'], /two-threads: models are not for/],
  [['--device', 'starlynk'], /there is no device starlynk \(did you mean starlink\?\)/],
  [['--device', './gone.ts'], /there is no file \.\/gone\.ts/],
  [['--device', './no-device.ts'], /its default export is not what defineDevice answers/],
];
for (const [options, why] of REFUSED)
  ground(`${options.join(' ')} is refused in one line`, () => {
    const { status, stderr, stdout } = audit(...options);
    assert.is(status, 2, stderr);
    assert.match(stderr, why);
    assert.is(stderr.trim().split('\n').length, 1);
    assert.is(stdout, '');
  });

ground('a device without a kernel tree is refused, and an old tree is told to be one', () => {
  const alone = hartproof(folder, 'audit', '--source', 'mine.c', '--device', 'starlink');
  assert.is(alone.status, 2);
  assert.match(alone.stderr, /--device is for a driver that is compiled with a kernel tree/);
  const old = hartproof(folder, 'audit', '--source', 'mine.c', '--tree', 'old');
  assert.match(old.stderr, /Linux 4\.4 is older than 5\.10/);
});

ground('a tree of which a part is missing is refused with the first file that it has not', () => {
  if (!needs('a compiler for x86-64', process.arch === 'x64' && findCompiler() !== null)) return;
  const { status, stderr } = audit();
  assert.is(status, 2);
  assert.match(stderr, /new \(Linux 6\.4\) is not a tree that drivers can be compiled with: it has no Kbuild\n$/);
});

ground.run();
