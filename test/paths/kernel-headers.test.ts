import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { moduleText } from '../../docs/kernel/module-text.ts';
import { MODELS, modelIn } from '../../models/index.ts';
import { toKunit } from '../../src/paths/formats/kunit.ts';
import { pathTests } from '../../src/paths/index.ts';
import { findCompiler } from '../../src/subject/compiler.ts';
import { autoconf } from '../../src/subject/ground/configuration.ts';
import { flags } from '../../src/subject/ground/flags.ts';
import { overlayIn } from '../../src/subject/ground/overlay.ts';
import { namesOfCsrs } from '../../src/subject/ground/own.ts';
import { readTree } from '../../src/subject/ground/tree.ts';
import { readSource } from '../../src/subject/index.ts';
import { needsShared, shared } from '../needs.ts';
import { linuxTree } from '../subject/ground/tree.ts';
import { CACHE } from '../subject/tiny.ts';

const SEED = 'seed/perf-riscv-preliminary-support.txt';
const test = suite('KUnit suites and the headers of a kernel');
const folder = mkdtempSync(join(tmpdir(), 'hartproof-'));
test.after(() => rmSync(folder, { recursive: true }));

/** What is wrong with C of the kernel, behind a tree's own headers. These have warnings of their own on the architecture of the tests. */
function complaint(root: string, text: string, ...more: string[]): string {
  const tree = readTree(root);
  const overlay = join(overlayIn(CACHE, findCompiler()!, tree, autoconf()), 'overlay');
  const file = join(folder, 'pmu.c');
  writeFileSync(file, text);
  const strict = ['-Werror=incompatible-pointer-types', '-Werror=int-conversion', '-DCONFIG_KUNIT=1', '-fsyntax-only'];
  const args = [
    ...namesOfCsrs(text, overlay),
    ...flags(tree, overlay, 'pmu', 64).filter((flag) => flag !== '-w'),
    ...strict,
    ...more,
  ];
  const { stderr } = spawnSync(findCompiler()!.command, [...args, file], { encoding: 'utf8' });
  return stderr
    .split('\n')
    .filter((line) => /pmu\.c:.*error:|fatal error:/.test(line))
    .join('\n');
}

for (const version of ['6.12', '6.1'] as const)
  test(`the suites at the end of a driver compile with Linux ${version}, as a module and built in`, async () => {
    const root = linuxTree(version);
    if (root === undefined || !needsShared(SEED)) return;
    const source = await readSource(shared(SEED));
    const suites = ['two-harts', 'foreign-owner', 'refused-open-raw'].flatMap((name) =>
      (['transitions', 'pairs'] as const).map((coverage) =>
        toKunit(pathTests(modelIn(MODELS, name), '4.16', coverage)),
      ),
    );
    const text = moduleText(source, suites);
    assert.is(complaint(root, text), '');
    assert.is(complaint(root, text, '-DMODULE'), '');
    const broken = text.replace(/KUNIT_CASE\(\w+\)/, 'KUNIT_CASE(no_such_case)');
    assert.match(complaint(root, broken), 'no_such_case');
    assert.match(complaint(root, text.replace('kunit_skip(', 'no_such_function(')), 'no_such_function');
  });

test.run();
