import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { askedOfC } from '../../src/cli/asked-of-c.ts';
import { build, fileSource } from '../../src/subject/index.ts';
import { CACHE, driverFile, needsCompiler } from '../subject/tiny.ts';
import { hartproofWith } from './run.ts';

/** The driver of the family on a PMU that counts cache misses too, on a third counter. */
const PORT = readFileSync(driverFile('family'), 'utf8')
  .replace('#define COUNTERS 2', '#define COUNTERS 3')
  .replace('\tcase PERF_TYPE_HARDWARE:', '$&\n\t\tif (config == PERF_COUNT_HW_CACHE_MISSES)\n\t\t\treturn 2;')
  .replace('\t\treturn COUNTER(instret);', '$&\n\tif (idx == 2)\n\t\treturn csr_read(hpmcounter3);');

const describedAs = (misses: string, more = ''): string => `import { definePmu } from 'hartproof';
export default definePmu({
  name: 'a-port', generalCounters: 1, counterWidth: 63,
  hwEvents: { cycles: 'cycle', instructions: 'instret', 'cache-references': 'EOPNOTSUPP', 'cache-misses': '${misses}',
    branches: 'EOPNOTSUPP', 'branch-misses': 'EOPNOTSUPP', 'bus-cycles': 'EOPNOTSUPP' },
  cacheEvents: 'ENOENT', interrupt: false, filters: false, decisions: [], ${more}
});
`;

let folder: string;
const inFolder = (...args: string[]) => hartproofWith({ XDG_CACHE_HOME: CACHE }, folder, ...args);

const test = suite('the PMU of a driver in C');
test.before(() => {
  folder = mkdtempSync(join(tmpdir(), 'hartproof-'));
  const files = {
    'port.c': PORT,
    'right.ts': describedAs('hpmcounter3'),
    'wrong.ts': describedAs('EOPNOTSUPP'),
    'bitmap.ts': describedAs('hpmcounter3', "allocation: 'bitmap',"),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
});
test.after(() => rmSync(folder, { recursive: true }));

test('is the one that a file describes, or what is learnt by asking the driver', async () => {
  if (!needsCompiler()) return;
  const compiled = build(fileSource(join(folder, 'port.c')), { cache: CACHE });
  const of = (options: object) => askedOfC(compiled, { driver: 'as-posted', ...options }, false);
  assert.equal((await of({})).pmu.hwEvents, [0, 1, 'EOPNOTSUPP', 2, 'EOPNOTSUPP', 'EOPNOTSUPP', 'EOPNOTSUPP']);
  const { name, pmu, models } = await of({ config: join(folder, 'wrong.ts') });
  assert.is(name, 'a-port');
  assert.is(pmu.hwEvents[3], 'EOPNOTSUPP');
  assert.not(models.some((model) => model.name === 'counter-hpmcounter3'));
});

test('is the same for conform as for an audit', () => {
  if (!needsCompiler()) return;
  const conform = (...more: string[]) =>
    inFolder(
      ...['conform', 'refused-open-cache-misses', '--environment', '4.16', '--no-self-test', '--source', 'port.c'],
      ...more,
    );
  assert.match(conform().stdout, /no\s+difference/);
  assert.match(conform('--config', 'right.ts').stdout, /against the model a-port[\s\S]*no\s+difference/);
  const wrong = conform('--config', 'wrong.ts');
  assert.is(wrong.status, 1);
  assert.match(wrong.stdout, /model: .*\n.*C: .*\n[\s\S]*different/);
  const bitmap = conform('--config', 'bitmap.ts');
  assert.is(bitmap.status, 2);
  assert.match(bitmap.stderr, /^hartproof: how a driver gives counters out .* cannot be compared step by step/);
});

test('is never a file that is not there', () => {
  for (const command of ['audit', 'conform', 'repair']) {
    const { status, stderr } = inFolder(command, '--source', 'port.c', '--config', 'none.ts');
    assert.is(status, 2, command);
    assert.match(stderr, /^hartproof: there is no file none\.ts/, command);
  }
  assert.match(inFolder('diff', 'none.ts', 'port.c').stderr, /^hartproof: there is no file none\.ts/);
});

test.run();
