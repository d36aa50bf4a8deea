import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { modelOf } from '../../models/index.ts';
import { toJson } from '../../src/paths/formats/json.ts';
import { toText } from '../../src/paths/formats/text.ts';
import { toUvu } from '../../src/paths/formats/uvu.ts';
import { pathTests, systemUnderTest } from '../../src/paths/index.ts';
import { CACHE, driverFile, needsCompiler } from '../subject/tiny.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const tests = pathTests(modelOf('two-of-a-kind'), '4.16', 'transitions');

const formats = suite('formats of path tests');
let folder: string;
formats.before(() => {
  folder = mkdtempSync(join(ROOT, 'node_modules', '.paths-'));
});
formats.after(() => rmSync(folder, { recursive: true }));

/** Runs the uvu file, with this source in place of what is installed. */
function runUvu(subject: string) {
  const file = join(folder, 'paths.test.mjs');
  writeFileSync(file, toUvu(tests).replace("'hartproof'", JSON.stringify(join(ROOT, 'src/index.ts'))));
  const { status, stdout } = spawnSync(process.execPath, ['--import', 'tsx', file], {
    encoding: 'utf8',
    env: { ...process.env, HARTPROOF_SUBJECT: subject, XDG_CACHE_HOME: CACHE },
  });
  return { status, stdout };
}

formats('text says what is done and what the contract says', () => {
  const text = toText(tests);
  assert.match(
    text,
    /^two-of-a-kind in 4\.16: \d+ transitions \(on each of 2 events\) in \d tests? of \d+ steps \(fewer than \d+ cannot do it\)/,
  );
  assert.match(text, /event 0: add\(START\) on hart 0\n {8}answers -ENOSPC \(enospc-iff-full\)/);
});

formats('JSON survives, and has what a runner needs', () => {
  const json = JSON.parse(toJson(tests));
  assert.is(json.schema, 'hartproof.paths/1');
  assert.equal(json.tests, JSON.parse(JSON.stringify(tests.tests)));
  assert.is(json.covers.length, tests.covers.length);
});

formats(
  'a uvu file passes on a driver that keeps its contract, and fails at the broken step of one that does not',
  () => {
    assert.is(runUvu('repaired').status, 0);
    const { status, stdout } = runUvu('as-posted');
    assert.is(status, 1);
    assert.match(stdout, /add\(START\) on hart 0\n.*enospc-iff-full: answers -ENOSPC; found 0/);
  },
);

formats('a uvu file takes a subject from a module', () => {
  const subject = join(folder, 'subject.mjs');
  const simulated = JSON.stringify(join(ROOT, 'src/paths/index.ts'));
  writeFileSync(
    subject,
    `import { SimulatedDriver } from ${simulated};
const driver = new SimulatedDriver();
export default {
  reset: (scope) => driver.reset(scope),
  call: async (stimulus) => driver.call(stimulus),
  observe: () => ({ ...driver.observe(), activeEvents: 7 }),
};
`,
  );
  assert.match(
    runUvu(subject).stdout,
    /step 1, event 0: event_init\(cycles\)\n.*references-balance: riscv_active_events is 1; found 7/,
  );
});

formats('a uvu file takes the real C of a driver by its path, and fails at the broken step of it', () => {
  if (!needsCompiler()) return;
  const sound = runUvu(`c:${driverFile('tiny')}`);
  assert.is(sound.status, 0, sound.stdout);
  const broken = join(folder, 'broken.c');
  writeFileSync(broken, `#define BREAKS_SLOT\n${readFileSync(driverFile('tiny'), 'utf8')}`);
  const { status, stdout } = runUvu(`c:${broken}`);
  assert.is(status, 1);
  assert.match(stdout, /step \d+, event 0: add\(START\) on hart 0\n.*enospc-iff-full: answers -ENOSPC; found 0/);
});

formats('a path without C is refused by name', async () => {
  const refused = await systemUnderTest('c:/nowhere.c').then(String, (error: Error) => error.message);
  assert.is(refused, 'there is no file /nowhere.c');
});

formats('a subject that is none is refused', async () => {
  for (const [name, reason] of [
    ['nobody', /no driver \(as-posted, .*repaired\), and no module/],
    [join(ROOT, 'src/cli/exit.ts'), /has no reset\(\)/],
  ] as const)
    assert.match(await systemUnderTest(name).then(String, (error: Error) => error.message), reason);
});

formats.run();
