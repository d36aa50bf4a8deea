import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DRIVERS } from '../../../machines/drivers.ts';
import { DEVICES } from '../../../models/devices/index.ts';
import { compose, MODELS, propertyOf } from '../../../models/index.ts';
import { check } from '../../../src/engine/check/index.ts';
import { auditOnGround } from '../../../src/subject/ground/audit.ts';
import { buildOnGround } from '../../../src/subject/ground/build.ts';
import { readSource } from '../../../src/subject/index.ts';
import { needsShared, shared } from '../../needs.ts';
import { linuxTree, PATIENT } from './tree.ts';

/** What the ground asks of any driver, and what says the same of the family of 2018. */
const SAME = [
  ['count-exact', 'count-exact'],
  ['no-warning', 'no-warning'],
  ['group-feasible', 'no-admission-of-the-impossible'],
  ['locks-balanced', 'mutex-discipline'],
] as const;
const SEED = 'seed/perf-riscv-preliminary-support.txt';
const tree = linuxTree();

/** The files of a patch, where they would be in a tree. */
async function unpacked(patch: string): Promise<string> {
  const { path, text, headers } = await readSource(patch);
  const root = mkdtempSync(join(tmpdir(), 'hartproof-family-'));
  const put = (name: string, content: string): string => {
    const file = join(root, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    return file;
  };
  for (const [name, content] of headers) put(join('arch/riscv/include', name), content);
  return put(path, text);
}

/** Whether the posted driver violates a property of the family under the core of today. */
async function isViolated(id: string): Promise<boolean> {
  for (const { scope, properties, environments, deep } of MODELS) {
    if (deep || !(properties as readonly string[]).includes(id) || !environments.includes('current')) continue;
    const { verdicts } = await check(compose(scope, 'current', DRIVERS['as-posted']), [propertyOf(id)], {
      limits: { states: 20_000 },
    });
    if (verdicts.get(id)?.verdict === 'violated') return true;
  }
  return false;
}

if (tree !== undefined)
  test('the driver of 2018, compiled with the headers of today, comes to what its model does', async () => {
    if (!needsShared(SEED)) return;
    const build = await buildOnGround(await unpacked(shared(SEED)), tree, { defines: ['CONFIG_RISCV_BASE_PMU'] });
    assert.equal(build.missing, []);
    const device = DEVICES.find(({ description }) => description.name === 'riscv-counters')!;
    const { verdicts, findings } = await auditOnGround(build, { ...PATIENT, device });
    for (const [ofGround, ofFamily] of SAME)
      assert.is(verdicts.get(ofGround)?.verdict === 'violated', await isViolated(ofFamily), ofGround);
    for (const id of ['no-crash', 'no-undefined-behaviour']) assert.is(verdicts.get(id)?.verdict, 'holds');
    // Under the older cores no call warns: they stop nothing that they go on to delete.
    assert.equal(
      findings.filter(({ property }) => property.id === 'no-warning').map(({ core }) => core),
      ['6.16'],
    );
  });

test.run();
