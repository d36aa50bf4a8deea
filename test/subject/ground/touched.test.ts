import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { patchedTree, type Texts } from '../../../src/subject/ground/patched-tree.ts';
import { driversOf } from '../../../src/subject/ground/touched.ts';
import { readTree } from '../../../src/subject/ground/tree.ts';

const test = suite('the drivers that a file belongs to');
const root = mkdtempSync(join(tmpdir(), 'hartproof-touched-'));
const cache = join(root, 'cache');
test.after(() => rmSync(root, { recursive: true }));

/** A framework with two drivers, as the PMUs of RISC-V have one; a module of two files; a driver alone; and one of no PMU. */
const FILES: Record<string, string> = {
  Makefile: 'VERSION = 6\nPATCHLEVEL = 12\n',
  'include/linux/perf_event.h': 'struct pmu { int (*event_init)(void); };\n',
  'include/linux/perf/acme.h': 'struct acme {\n\tstruct pmu pmu;\n};\n',
  'drivers/perf/Makefile':
    'obj-y += acme.o acme_a.o acme_b.o alone.o other.o\nobj-$(CONFIG_TWO) += two.o\ntwo-y := one.o half.o\n',
  'drivers/perf/acme.c':
    '#include <linux/perf/acme.h>\nint acme_alloc(void)\n{\n\tstruct pmu p = { .event_init = 0 };\n}\n',
  'drivers/perf/acme_a.c': '#include <linux/perf/acme.h>\nint a(void) { acme_alloc(); }\nmodule_platform_driver(a);\n',
  'drivers/perf/acme_b.c': '#include <linux/perf/acme.h>\nint b(void) { acme_alloc(); }\ndevice_initcall(b);\n',
  'drivers/perf/one.c': 'struct pmu p = { .event_init = 0 };\n',
  'drivers/perf/half.c': 'int half;\nmodule_init(half);\n',
  'drivers/perf/alone.h': '#define COUNTERS 4\n',
  'drivers/perf/alone.c': '#include "alone.h"\nstruct pmu p = { .event_init = 0 };\nmodule_init(p);\n',
  'drivers/perf/other.c': '#include <linux/perf_event.h>\n// acme_alloc\nmodule_init(other);\n',
};

for (const [path, text] of Object.entries(FILES)) {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
}
const tree = readTree(root);
const drivers = (path: string, texts: Texts = new Map()): string[] =>
  driversOf(`${path}`, patchedTree(tree, texts, cache)).map((file) => file.replace('drivers/perf/', ''));

test('a file that registers a PMU is a driver, also one whose PMU is that of a framework', () => {
  assert.equal(drivers('drivers/perf/alone.c'), ['alone.c']);
  assert.equal(drivers('drivers/perf/acme_a.c'), ['acme_a.c']);
  assert.equal(drivers('drivers/perf/acme_b.c'), ['acme_b.c']);
});

test('what several drivers are built on belongs to each of them: a file, and a header', () => {
  assert.equal(drivers('drivers/perf/acme.c'), ['acme_a.c', 'acme_b.c']);
  assert.equal(drivers('include/linux/perf/acme.h'), ['acme_a.c', 'acme_b.c']);
  assert.equal(drivers('drivers/perf/alone.h'), ['alone.c']);
});

test('the files of one module are one driver', () => {
  assert.equal(drivers('drivers/perf/one.c'), ['half.c']);
  assert.equal(drivers('drivers/perf/half.c'), ['half.c']);
});

test('what has no PMU is no driver, nor is what all of the kernel includes, nor what is not there', () => {
  assert.equal(drivers('drivers/perf/other.c'), []);
  assert.equal(drivers('include/linux/perf_event.h'), []);
  assert.equal(drivers('drivers/perf/Makefile'), []);
  assert.equal(drivers('drivers/perf/gone.c'), []);
});

test('in a patched tree a new driver is one, one that is gone is none, and the tree itself is as it was', () => {
  const made = new Map([
    ['drivers/perf/acme_c.c', FILES['drivers/perf/acme_a.c']],
    ['drivers/perf/acme_b.c', undefined],
  ]);
  assert.equal(drivers('drivers/perf/acme.c', made), ['acme_a.c', 'acme_c.c']);
  assert.equal(drivers('drivers/perf/acme_b.c', made), []);
  assert.equal(drivers('drivers/perf/acme.c'), ['acme_a.c', 'acme_b.c']);
});

test('a patched tree is the tree where nothing differs; of another header it has its own, of a driver the headers of the tree', () => {
  assert.is(patchedTree(tree, new Map([['Makefile', FILES.Makefile]]), cache), tree);
  const driver = patchedTree(tree, new Map([['drivers/perf/alone.c', 'int x;\n']]), cache);
  assert.equal([driver.original, driver.headers], [root, root]);
  assert.is(readFileSync(join(driver.root, 'drivers/perf/alone.c'), 'utf8'), 'int x;\n');
  assert.is(readFileSync(join(driver.root, 'drivers/perf/alone.h'), 'utf8'), FILES['drivers/perf/alone.h']);
  const header = patchedTree(tree, new Map([['include/linux/perf/acme.h', 'struct acme;\n']]), cache);
  assert.is(header.headers, header.root);
  // One that somebody has damaged is made anew.
  writeFileSync(join(driver.root, 'drivers/perf/alone.c'), 'int y;\n');
  const again = patchedTree(tree, new Map([['drivers/perf/alone.c', 'int x;\n']]), cache);
  assert.is(readFileSync(join(again.root, 'drivers/perf/alone.c'), 'utf8'), 'int x;\n');
});

test.run();
