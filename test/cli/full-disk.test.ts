import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { needs } from '../needs.ts';
import { linuxTree } from '../subject/ground/tree.ts';
import { driverFile, needsCompiler } from '../subject/tiny.ts';
import { MAIN } from './run.ts';

const test = suite<{ disk: string }>('a disk that is full');
test.before.each((context) => {
  context.disk = mkdtempSync(join(tmpdir(), 'hartproof-disk-'));
});
test.after.each(({ disk }) => rmSync(disk, { recursive: true }));

const needsMounts = (): boolean => needs('mounts of its own (root)', spawnSync('unshare', ['-m', 'true']).status === 0);

/** Runs lines of the shell on a disk of so many KiB, which is gone afterwards; $H is the command. */
function onDisk(disk: string, size: number, lines: string) {
  const script = `mount -t tmpfs -o size=${size}k tmpfs "$0" && cd "$0" && export XDG_CACHE_HOME="$0/cache"; ${lines}`;
  const env = { ...process.env, NO_COLOR: '1', H: `${process.execPath} ${MAIN}` };
  return spawnSync('unshare', ['-m', 'bash', '-c', script, disk], { encoding: 'utf8', env });
}

test('is no fault of a driver, and the cache that is full is named', ({ disk }) => {
  if (!needsMounts() || !needsCompiler()) return;
  const audit = `$H audit two-threads --environment 4.16 --no-keep --source ${driverFile('tiny')}`;
  const { status, stdout, stderr } = onDisk(disk, 64, audit);
  assert.is(status, 2);
  assert.is(stdout, '');
  assert.match(
    stderr,
    /^hartproof: cannot build in \S+\/cache\/hartproof: .*No space left on device \(XDG_CACHE_HOME.*\)\n$/,
  );
});

test('is named where a kernel tree does not come so far as to be compiled', ({ disk }) => {
  if (!needsMounts()) return;
  const linux = linuxTree();
  if (linux === undefined) return;
  const driver = fileURLToPath(new URL('../subject/ground/drivers/tiny_pmu.c', import.meta.url));
  const { status, stderr } = onDisk(disk, 64, `$H audit --no-keep --source ${driver} --tree ${linux}`);
  assert.is(status, 2);
  assert.match(stderr, /^hartproof: cannot build in \S+\/cache\/hartproof: .*no space left on device.*\n$/i);
});

test('keeps no report of before in the place of the last, and says what is not kept', ({ disk }) => {
  if (!needsMounts()) return;
  const keepsNothing = onDisk(
    disk,
    192,
    `$H audit two-threads --environment 4.16 >/dev/null 2>&1; $H show | head -1
    dd if=/dev/zero of=fill bs=1k >/dev/null 2>&1
    $H audit foreign-owner --environment 4.16 >/dev/null; $H show`,
  );
  assert.match(keepsNothing.stdout, /^Driver as-posted.*\nNo report is kept in \.hartproof\.\n$/);
  assert.match(keepsNothing.stderr, /the report is not kept for hartproof show: ENOSPC/);
  assert.not.match(keepsNothing.stderr, /to look at the first/);
});

test('is named by a store that is written when it fills', ({ disk }) => {
  if (!needsMounts()) return;
  const { stderr } = onDisk(disk, 24, '$H audit two-threads --environment 4.16');
  assert.match(stderr, /the counterexamples are not kept: \.hartproof\/logs\.db: database or disk is full\n/);
});

test('that is only read is called so', ({ disk }) => {
  if (!needsMounts()) return;
  const { status, stderr } = onDisk(
    disk,
    64,
    'mount -o remount,ro,bind . .; mount -o remount,ro "$0"; $H explore --build out/page',
  );
  assert.is(status, 2);
  assert.match(stderr, /cannot write out\/page: EROFS: read-only file system/);
});

test.run();
