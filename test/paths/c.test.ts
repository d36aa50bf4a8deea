import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { modelOf } from '../../models/index.ts';
import { toC } from '../../src/paths/formats/c.ts';
import { pathTests } from '../../src/paths/index.ts';
import { needs } from '../needs.ts';
import { needsCompiler } from '../subject/tiny.ts';

const REFUSING = `
#undef main
#include <stdarg.h>
static int answer;
long syscall(long number, ...)
{
	(void)number;
	errno = answer;
	return -1;
}
int main(int count, char **args)
{
	answer = count > 1 ? atoi(args[1]) : 0;
	return gone();
}
`;

const program = suite('a path from user space');
let folder: string;
program.before(() => {
  folder = mkdtempSync(join(tmpdir(), 'hartproof-c-'));
});
program.after(() => rmSync(folder, { recursive: true }));

program('opens, enables, reads, disables and closes, and expects what the contract says', () => {
  const text = toC(pathTests(modelOf('two-of-a-kind'), '4.16', 'transitions'));
  assert.match(text, /fd\[0\] = open_event\(0, 0, 0, 0, 0\); \/\* cycles \*\//);
  assert.match(
    text,
    /PERF_EVENT_IOC_ENABLE\);\n\t\tpass_time\(\);\n\t\tif \(counted\(0\)\.running != before\.running\)\n\t\t\tbroken\(13/,
  );
});

program('compiles, and runs to an end', () => {
  if (!needsCompiler() || !needs('the headers of Linux', existsSync('/usr/include/linux/perf_event.h'))) return;
  for (const model of ['two-of-a-kind', 'migration', 'refused-open-software', 'refused-open-exclude-idle']) {
    const source = join(folder, `${model}.c`);
    writeFileSync(source, toC(pathTests(modelOf(model), '4.16', 'transitions')));
    execFileSync('cc', ['-Wall', '-Wextra', '-Werror', '-o', join(folder, model), source], { stdio: 'pipe' });
    const { status, stdout } = spawnSync(join(folder, model), { encoding: 'utf8', timeout: 20_000 });
    // Whether this machine has such a PMU, and lets anybody use it, is not ours to say.
    assert.ok(
      status === 0 ||
        (status === 77 && /^skipped: cycles cannot be opened: E[A-Z]+ \([^\n]*\): [^\n]*\n$/.test(stdout)) ||
        (status === 1 && /^step \d+, .*: breaks [a-z-]+( \(E.*\))?\n$/.test(stdout)),
      `${status} ${stdout}`,
    );
  }
});

program('is skipped where no counter can be had, and names the errno in every failure', () => {
  if (!needsCompiler() || !needs('the headers of Linux', existsSync('/usr/include/linux/perf_event.h'))) return;
  const source = join(folder, 'refusing.c');
  // In place of the system call: a kernel that refuses.
  const text = toC(pathTests(modelOf('two-of-a-kind'), '4.16', 'transitions'));
  writeFileSync(source, text.replace('#define _GNU_SOURCE', '#define _GNU_SOURCE\n#define main gone').concat(REFUSING));
  execFileSync('cc', ['-o', join(folder, 'refusing'), source], { stdio: 'pipe' });
  const run = (errno: number) => spawnSync(join(folder, 'refusing'), [String(errno)], { encoding: 'utf8' });
  for (const [errno, said] of [
    [2, /^skipped: cycles cannot be opened: ENOENT .*there is no PMU here/],
    [13, /^skipped: cycles cannot be opened: EACCES .*perf_event_paranoid/],
    [1, /^skipped: cycles cannot be opened: EPERM .*sandbox/],
  ] as const) {
    assert.is(run(errno).status, 77);
    assert.match(run(errno).stdout, said);
  }
  const { status, stdout } = run(22);
  assert.is(status, 1);
  assert.match(stdout, /^step 1, .*: breaks errno-contract \(EINVAL: Invalid argument\)\n$/);
});

program('says why there is none', () => {
  assert.throws(() => toC(pathTests(modelOf('foreign-owner'), '4.16', 'transitions')), /code in the kernel/);
  assert.throws(
    () => toC(pathTests(modelOf('group-that-cannot-fit'), '4.16', 'transitions')),
    /the core adds as a whole/,
  );
});

program.run();
