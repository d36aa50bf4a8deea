import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DRIVERS } from '../../machines/drivers.ts';
import { modelOf } from '../../models/index.ts';
import { failuresSeenByC, toC } from '../../src/paths/formats/c.ts';
import { pathTests, SimulatedDriver } from '../../src/paths/index.ts';
import type { Coverage } from '../../src/paths/items.ts';
import { needs } from '../needs.ts';
import { needsCompiler } from '../subject/tiny.ts';

/** A perf core and a driver in place of the system calls. */
const KERNEL = fileURLToPath(new URL('kernel/', import.meta.url));

/** Compiles a program of user space for the perf core of core.c. Returns what runs it, by the seed of the load and the driver's fault. */
function onOurCore(text: string, name: string) {
  const source = join(folder, `${name}-on-core.c`);
  const all = [`#include "${KERNEL}calls.h"`, text, `#include "${KERNEL}core.c"`].join('\n');
  writeFileSync(source, all);
  execFileSync('cc', ['-O1', '-w', '-o', join(folder, `${name}-on-core`), source], { stdio: 'pipe' });
  return (seed: number, env: NodeJS.ProcessEnv = {}) =>
    spawnSync(join(folder, `${name}-on-core`), [String(seed)], { encoding: 'utf8', env, timeout: 20_000 });
}

/** The program of a model, along the path that the posted driver fails if there is one. */
async function programOf(model: string, coverage: Coverage = 'transitions'): Promise<string> {
  const tests = pathTests(modelOf(model), modelOf(model).environments[0]!, coverage);
  const failures = await failuresSeenByC(new SimulatedDriver(DRIVERS['as-posted'], tests.pmu), tests);
  return toC(tests, (test) => failures.get(test));
}

const needsHeaders = (): boolean =>
  needsCompiler() && needs('the headers of Linux', existsSync('/usr/include/linux/perf_event.h'));

const program = suite('a path from user space');
let folder: string;
program.before(() => {
  folder = mkdtempSync(join(tmpdir(), 'hartproof-c-'));
});
program.after(() => rmSync(folder, { recursive: true }));

program('opens, enables, reads, disables and closes, and expects what the contract says', () => {
  const text = toC(pathTests(modelOf('two-of-a-kind'), '4.16', 'transitions'));
  assert.match(text, /fd\[0\] = open_event\(0, 0, 0, 0, 0\); \/\* cycles \*\//);
  assert.match(text, /attr\.pinned = 1;/);
  assert.match(text, /if \(!enable\(0\)\.refused\)\n\t\tbroken\(18, .*"enospc-iff-full", 0\);/);
});

program('accuses no correct driver, however the task is switched and what is not pinned is rotated', async () => {
  if (!needsHeaders()) return;
  for (const [model, coverage] of [
    ['two-of-a-kind', 'transitions'],
    ['two-of-a-kind', 'pairs'],
    ['migration', 'transitions'],
    ['context-switch', 'pairs'],
    ['refused-open-tracepoint', 'transitions'],
  ] as const) {
    const run = onOurCore(await programOf(model, coverage), `${model}-${coverage}`);
    for (let seed = 1; seed <= 12; seed++)
      assert.is(run(seed).status, 0, `${model}, seed ${seed}: ${run(seed).stdout}`);
  }
  // That the core of the test can make a correct driver look wrong: without `pinned` it does.
  const loose = (await programOf('two-of-a-kind')).replace('attr.pinned = 1;', '');
  assert.is(onOurCore(loose, 'loose')(1).status, 1);
});

for (const [fault, model, coverage, at] of [
  ['stale', 'migration', 'transitions', /^step \d+, event 0: (del\(0\)|read\(\)) on hart 1: breaks count-exact\n$/],
  ['stale', 'context-switch', 'pairs', /^step \d+, event 0: del\(0\) on hart 0: breaks count-exact\n$/],
  ['slots', 'two-of-a-kind', 'transitions', /add\(START\) on hart 0: breaks enospc-iff-full\n$/],
  ['samples', 'refused-open-sampling', 'transitions', /event_init\(sampling\): breaks no-admission-of-the-impossible/],
  ['filters', 'refused-open-exclude-kernel', 'transitions', /breaks no-admission-of-the-impossible/],
] as const)
  program(`fails on a driver with the fault ${fault}: ${model}`, async () => {
    if (!needsHeaders()) return;
    const { status, stdout } = onOurCore(await programOf(model, coverage), `${fault}-${model}`)(1, { FAULT: fault });
    assert.is(status, 1);
    assert.match(stdout, at);
  });

program('knows at which step user space sees a driver fail, and that it sees no references', async () => {
  const seen = async (model: string): Promise<number[]> => {
    const tests = pathTests(modelOf(model), '4.16', 'transitions');
    return [...(await failuresSeenByC(new SimulatedDriver(DRIVERS['as-posted'], tests.pmu), tests)).values()];
  };
  assert.equal(await seen('migration'), [4]);
  assert.equal(await seen('refused-open-sampling'), [3]);
  assert.equal(await seen('refused-open-raw'), []);
  assert.equal(await seen('refused-open-software'), []);
  assert.match(await programOf('migration'), /The driver in question fails at step 5\./);
  assert.not.match(await programOf('refused-open-raw'), /The driver in question/);
});

program('goes the path that the driver in question fails, and as far as one task can go', async () => {
  const text = await programOf('two-harts');
  const tests = pathTests(modelOf('two-harts'), '4.16', 'transitions');
  assert.match(text, /The path goes on, but not from here|every step/);
  const onOtherHart = (text.match(/stay_on\(1\)/g) ?? []).length;
  assert.ok(onOtherHart > 0);
  // A path of which a step before its end is said to fail comes before longer ones.
  const last = tests.tests.at(-1)!;
  assert.ok(toC(tests, (test) => (test === last ? 0 : undefined)).includes(` * ${last.name}: written by`));
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

program('is skipped where no counter can be had, and names the errno in every failure', async () => {
  if (!needsHeaders()) return;
  const run = onOurCore(await programOf('two-of-a-kind'), 'refusing');
  const refused = (errno: number) => run(1, { REFUSED: String(errno) });
  for (const [errno, said] of [
    [2, /^skipped: cycles cannot be opened: ENOENT .*there is no PMU here/],
    [13, /^skipped: cycles cannot be opened: EACCES .*perf_event_paranoid/],
    [1, /^skipped: cycles cannot be opened: EPERM .*sandbox/],
  ] as const) {
    assert.is(refused(errno).status, 77);
    assert.match(refused(errno).stdout, said);
  }
  const { status, stdout } = refused(22);
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
