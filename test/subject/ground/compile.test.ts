import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { buildOnGround } from '../../../src/subject/ground/build.ts';
import { explainIn } from '../../../src/subject/ground/explain.ts';
import { makes, readTree } from '../../../src/subject/ground/tree.ts';
import { linuxTree } from './tree.ts';

const tree = linuxTree();

if (tree !== undefined) {
  test('a driver of the tree compiles with the headers of the tree, and asks for nothing that nobody has', async () => {
    const { missing, files, symbols } = await buildOnGround(join(tree, 'drivers/perf/starfive_starlink_pmu.c'), tree);
    assert.equal(missing, []);
    assert.equal(files, ['drivers/perf/starfive_starlink_pmu.c']);
    assert.ok(symbols.includes('perf_pmu_register'));
  });

  test('what a driver takes from a file beside it is compiled with it', async () => {
    const { files } = await buildOnGround(join(tree, 'drivers/perf/riscv_pmu_legacy.c'), tree);
    assert.equal(files, ['drivers/perf/riscv_pmu_legacy.c', 'drivers/perf/riscv_pmu.c']);
  });

  test('the Makefile says with which symbol, and together with what, a file is built', () => {
    const meson = makes(readTree(tree), 'drivers/perf/amlogic/meson_g12_ddr_pmu.c');
    assert.is(meson.symbol, 'CONFIG_MESON_DDR_PMU');
    assert.equal(
      meson.together.map((path) => path.split('/').at(-1)),
      ['meson_ddr_pmu_core.c', 'meson_g12_ddr_pmu.c'],
    );
  });

  test('a header that only another architecture has is named with its owner', () => {
    const told = explainIn(readTree(tree), 'x.c', 'x.c:1:10: fatal error: asm/msr-index.h: No such file or directory');
    assert.is(told, "x.c does not compile with 6.12: it needs x86's asm/msr-index.h");
  });

  test('a call of what nobody has is no error of the build', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'hartproof-ground-'));
    const file = join(directory, 'mine.c');
    writeFileSync(
      file,
      '#include <linux/module.h>\nint acme_frobnicate(void);\nstatic int __init mine_up(void) { return acme_frobnicate(); }\nmodule_init(mine_up);\n',
    );
    assert.equal((await buildOnGround(file, tree)).missing, ['acme_frobnicate']);
  });
}

test('what is no tree is refused in one line', () => {
  assert.throws(() => readTree(tmpdir()), /is no kernel tree/);
});

test.run();
