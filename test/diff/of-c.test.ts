import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { modelOf } from '../../models/index.ts';
import { changesBetween } from '../../src/diff/changed-lines.ts';
import { diff } from '../../src/diff/diff.ts';
import { diffReport } from '../../src/diff/report.ts';
import { build, fileSource, SourceAudit } from '../../src/subject/index.ts';
import { CACHE, needsCompiler } from '../subject/tiny.ts';

const test = suite('two sources');
const directory = mkdtempSync(join(tmpdir(), 'hartproof-diff-'));
test.after(() => rmSync(directory, { recursive: true }));

const SLOPPY = readFileSync(fileURLToPath(new URL('../repair/source/sloppy.c', import.meta.url)), 'utf8');

const audited = (name: string, text: string): SourceAudit => {
  const file = join(directory, name);
  writeFileSync(file, text);
  return new SourceAudit(build(fileSource(file), { cache: CACHE }));
};

const model = modelOf('context-switch');

test('where two versions part: the property, the shortest log, and the lines that were changed there', async () => {
  if (!needsCompiler()) return;
  assert.match(SLOPPY, /prev_count/);
  const broken = SLOPPY.replace('local64_add((now', 'local64_add(2 * ((now').replace(
    '- 1), &e->count',
    '- 1)), &e->count',
  );
  assert.is.not(broken, SLOPPY);
  const [one, other] = [audited('v1.c', SLOPPY), audited('v2.c', broken)];
  try {
    const drivers = [
      { name: 'v1.c', source: one },
      { name: 'v2.c', source: other },
    ] as const;
    const difference = await diff(drivers, [model], ['4.16']);
    const { parted, changes = [] } = difference;
    assert.is(parted?.isCount, true);
    assert.is(parted!.what, 'what is added to the count');
    const calls = parted!.runs.map(({ calls }) => calls.map(([call]) => call!.type));
    assert.equal(calls[0], calls[1]);
    assert.is(changes.length, 1);
    const report = diffReport(drivers, difference);
    assert.match(report, /A shortest log on which they part \(context-switch, 4\.16\):/);
    assert.match(
      report,
      /What was changed in the functions that this log runs through:\n in \w+\n v1\.c:\d+: - .*\n v2\.c:\d+: \+ .*2 \*/,
    );
  } finally {
    one.close();
    other.close();
  }
});

test('a version that differs in a comment alone does not part', async () => {
  if (!needsCompiler()) return;
  const [one, other] = [audited('a.c', SLOPPY), audited('b.c', `/* another comment */\n${SLOPPY}`)];
  try {
    const drivers = [
      { name: 'a.c', source: one },
      { name: 'b.c', source: other },
    ] as const;
    const difference = await diff(drivers, [model], ['4.16']);
    assert.equal([difference.parted, difference.properties, difference.bounded], [undefined, [], false]);
    assert.match(diffReport(drivers, difference), 'Call by call they answer and count alike');
  } finally {
    one.close();
    other.close();
  }
});

test('changes are told by the function in which they stand', () => {
  const source = (path: string, text: string) => ({ path, text, notes: [], headers: new Map<string, string>() });
  const before = 'int limit = 3;\nstatic int f(void)\n{\n\treturn 1;\n}\n';
  const after = 'int limit = 4;\nstatic int f(void)\n{\n\treturn 2;\n}\n';
  assert.equal(changesBetween(source('d.c', before), source('d.c', after)), [
    {
      one: [{ file: 'd.c', line: 1, text: 'int limit = 3;' }],
      other: [{ file: 'd.c', line: 1, text: 'int limit = 4;' }],
    },
    {
      one: [{ file: 'd.c', line: 4, text: '\treturn 1;' }],
      other: [{ file: 'd.c', line: 4, text: '\treturn 2;' }],
      function: 'f',
    },
  ]);
  assert.equal(changesBetween(source('d.c', before), source('d.c', before)), []);
});

test.run();
