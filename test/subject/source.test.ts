import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { mutantsOf } from '../../src/subject/mutants.ts';
import { probe } from '../../src/subject/probe.ts';
import { type DriverSource, fileSource, readSource } from '../../src/subject/source.ts';
import { needsShared, shared } from '../needs.ts';
import { rejects } from '../rejects.ts';

const DRIVER =
  '#include <linux/perf_event.h>\n#include <asm/perf_event.h>\nstatic struct pmu own = {\n\t.event_init = 0,\n};\n';
const PATCH = `--- /dev/null
+++ b/arch/riscv/kernel/perf_event.c
@@ -0,0 +1,5 @@
${DRIVER.replace(/^/gm, '+').slice(0, -1)}--- a/arch/riscv/include/asm/perf_event.h
+++ b/arch/riscv/include/asm/perf_event.h
@@ -5,1 +5,2 @@
 int a;
+int b;
`;

const test = suite<{ directory: string }>('where a driver comes from');

test.before.each((context) => {
  context.directory = mkdtempSync(join(tmpdir(), 'hartproof-test-'));
});
test.after.each(({ directory }) => rmSync(directory, { recursive: true }));

const put = (directory: string, path: string, text: string): string => {
  mkdirSync(join(directory, path, '..'), { recursive: true });
  writeFileSync(join(directory, path), text);
  return join(directory, path);
};

test('a .c file, with the header of its own under the name by which it includes it', async ({ directory }) => {
  const file = put(directory, 'driver.c', DRIVER);
  const header = put(directory, 'perf_event.h', 'int own;\n');
  assert.equal([...fileSource(file, header).headers], [['asm/perf_event.h', 'int own;\n']]);
  const other = put(directory, 'other.h', '');
  await rejects(readSource(file, { header: other }), /does not include a header called other\.h/);
});

test('a kernel tree', async ({ directory }) => {
  await rejects(readSource(directory), /has none of/);
  put(directory, 'arch/riscv/kernel/perf_event.c', DRIVER);
  put(directory, 'arch/riscv/include/asm/perf_event.h', 'int own;\n');
  const source = await readSource(directory);
  assert.is(source.path, 'arch/riscv/kernel/perf_event.c');
  assert.is(source.headers.get('asm/perf_event.h'), 'int own;\n');
});

test('a patch: a header of which it gives a part is refused by name, unless there is a tree', async ({ directory }) => {
  const patch = put(directory, 'a.patch', PATCH);
  await rejects(readSource(patch), /include\/asm\/perf_event\.h but does not give the whole text: add --tree/);
  put(directory, 'tree/arch/riscv/include/asm/perf_event.h', '1\n2\n3\n4\nint a;\n');
  const { headers } = await readSource(patch, { tree: join(directory, 'tree') });
  assert.is(headers.get('asm/perf_event.h'), '1\n2\n3\n4\nint a;\nint b;\n');
});

test('what is not there', async ({ directory }) => {
  await rejects(readSource(join(directory, 'none')), /there is no file/);
  const patch = put(directory, 'a.patch', PATCH.replace('struct pmu', 'struct cow'));
  await rejects(readSource(patch), /no \.c file with a struct pmu/);
});

test('the page of the seed', async () => {
  if (!needsShared('seed/perf-riscv-preliminary-support.txt')) return;
  const source = await readSource(shared('seed/perf-riscv-preliminary-support.txt'));
  assert.is(source.text.split('\n').length, 470);
  assert.is(source.headers.get('asm/perf_event.h')!.split('\n').length, 82);
  assert.match(source.notes[0]!, /not in it: 2\/2/);
  assert.is(source.notes.length, 2);
  assert.equal(probe(source), {
    PERF_IRQ: 'perf_irq',
    ACTIVE_EVENTS: 'riscv_active_events',
    DESTROY: 'riscv_event_destroy',
    MUTEX: 'pmc_reserve_mutex',
    STRUCT: 'cpu_hw_events',
    'BOOKKEEPING(hart)': '(&per_cpu(cpu_hw_events, hart))',
    N_EVENTS: 'n_events',
    EVENTS: 'events',
  });
  assert.is(mutantsOf(source.text).length, 21);
});

test('names are probed, not assumed, and not found in comments', () => {
  const source: DriverSource = {
    path: '',
    text: '/* static atomic_t gone; */\nint x;\n',
    headers: new Map(),
    notes: [],
  };
  assert.equal(probe(source), {});
});

test('a mutant is broken in one place, and never in a comment', () => {
  const text = '/* atomic_dec(&x); */\nvoid f(void) { atomic_dec(&x); }\n';
  assert.equal(
    mutantsOf(text).map(({ line, text }) => [line, text]),
    [[2, '/* atomic_dec(&x); */\nvoid f(void) { ; }\n']],
  );
});

test.run();
