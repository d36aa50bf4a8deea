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

const program = suite('a path from user space');
let folder: string;
program.before(() => {
  folder = mkdtempSync(join(tmpdir(), 'hartproof-c-'));
});
program.after(() => rmSync(folder, { recursive: true }));

program('opens, enables, reads, disables and closes, and expects what was promised', () => {
  const text = toC(pathTests(modelOf('two-of-a-kind'), '4.16', 'transitions'));
  assert.match(text, /fd\[0\] = open_event\(0, 0, 0, 0, 0\); \/\* cycles \*\//);
  assert.match(
    text,
    /PERF_EVENT_IOC_ENABLE, 0\);\n\t\tpass_time\(\);\n\t\tif \(counted\(0\)\.running != before\.running\)\n\t\t\tbroken\(13/,
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
    assert.ok(status === 0 || /^step \d+, .*: breaks [a-z-]+\n$/.test(stdout), stdout);
  }
});

program('says why there is none', () => {
  assert.throws(() => toC(pathTests(modelOf('foreign-owner'), '4.16', 'transitions')), /code in the kernel/);
  assert.throws(
    () => toC(pathTests(modelOf('group-that-cannot-fit'), '4.16', 'transitions')),
    /the core adds as a whole/,
  );
});

program.run();
