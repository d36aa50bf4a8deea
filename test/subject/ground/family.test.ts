import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { MERGED_4_18, REPAIRS } from '../../../machines/driver/decisions.ts';
import { DRIVERS } from '../../../machines/drivers.ts';
import { DEVICES } from '../../../models/devices/index.ts';
import { compose, MODELS, type Model, propertyOf } from '../../../models/index.ts';
import { check } from '../../../src/engine/check/index.ts';
import { auditOnGround } from '../../../src/subject/ground/audit.ts';
import { buildOnGround } from '../../../src/subject/ground/build.ts';
import { type Build, readSource, SourceAudit } from '../../../src/subject/index.ts';
import { hartproof } from '../../cli/run.ts';
import { lengthsOf } from '../../engine/check/in-short.ts';
import { needsShared, shared } from '../../needs.ts';
import { built, driverFile } from '../tiny.ts';
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

/** Each search goes so far, with the same states in the same order; all the way where there is time (`HARTPROOF_LONG=1`). */
const STATES = process.env.HARTPROOF_LONG === '1' ? 100_000 : 100;

/** Of the opens that are to be refused, one, unless there is time. */
const isAsked = ({ name, deep }: Model): boolean =>
  !deep && (process.env.HARTPROOF_ALL !== undefined || !/^refused-open-(?!cache$)/.test(name));

/** What a search of the C comes to: of each property its verdict, and the length of its shortest log. */
async function verdictsOf(build: Build): Promise<string[]> {
  const audit = new SourceAudit(build);
  try {
    const told: string[] = [];
    for (const model of MODELS.filter(isAsked)) {
      const environment = model.environments.at(-1)!;
      const { verdicts, covered } = await audit.decide(model, environment, model.properties.map(propertyOf), {
        limits: { states: STATES },
      });
      for (const [id, verdict] of verdicts)
        told.push(
          `${model.name}, ${environment}, ${covered.states} states: ${id} ${verdict.verdict} ${verdict.verdict === 'violated' ? lengthsOf(verdict.counterexample) : ''}`,
        );
    }
    return told;
  } finally {
    audit.close();
  }
}

if (tree !== undefined)
  for (const [name, decides] of [
    ['as posted', []],
    ['as merged', MERGED_4_18],
    ['repaired', REPAIRS],
  ] as const)
    test(`the bookkeeping of the family, ${name}, comes to the same with the kernel's own headers as with ours`, async () => {
      const ours = await verdictsOf(built('family', decides));
      assert.equal(await verdictsOf(built('family', decides, { tree })), ours);
      assert.is(
        ours.some((line) => line.includes('violated')),
        name !== 'repaired',
      );
    });

if (tree !== undefined)
  test('audit --tree tells of such a driver what its books and what any driver come to, each as it is named', () => {
    const folder = mkdtempSync(join(tmpdir(), 'hartproof-family-'));
    const audit = (...options: string[]) =>
      hartproof(folder, 'audit', '--source', driverFile('family'), '--tree', tree, '--no-keep', ...options, '--json');
    const both = audit('--property', 'busy-is-true', 'type-routed', '--limit', '50');
    assert.is(both.status, 1, both.stderr);
    const [books, any] = JSON.parse(both.stdout);
    assert.ok(books.results.every(({ property }: { property: string }) => property === 'busy-is-true'));
    assert.ok(books.results.length > 0);
    assert.equal(
      any.verdicts.map(({ property }: { property: string }) => property),
      ['type-routed'],
    );
    // A model is asked of the books alone.
    assert.not(Array.isArray(JSON.parse(audit('foreign-owner', '--environment', '4.16').stdout)));
    assert.match(
      audit('--property', 'busy-is-tru').stderr,
      /there is no property busy-is-tru \(did you mean busy-is-true\?\)/,
    );
    rmSync(folder, { recursive: true });
  });

test.run();
