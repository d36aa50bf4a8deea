import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { lockStep } from '../../src/diff/parted-on-ground.ts';
import { buildOnGround } from '../../src/subject/ground/build.ts';
import { linuxTree } from '../subject/ground/tree.ts';

/** A driver of Linux 6.12 against copies of it in which one thing is otherwise. */
const test = suite('two drivers on their ground');
const directory = mkdtempSync(join(tmpdir(), 'hartproof-diff-'));
test.after(() => rmSync(directory, { recursive: true }));

const tree = linuxTree();
const text = tree === undefined ? '' : readFileSync(join(tree, 'drivers/perf/starfive_starlink_pmu.c'), 'utf8');

function buildOf(name: string, from: string, to: string) {
  const changed = text.replace(from, to);
  assert.ok(from === to || changed !== text, from);
  const file = join(directory, name);
  writeFileSync(file, changed);
  return buildOnGround(file, tree!);
}

async function parted(from: string, to: string) {
  const builds = [await buildOf('v1.c', '', ''), await buildOf('v2.c', from, to)] as const;
  return lockStep(builds, new AbortController().signal);
}

test('another errno is the shortest log: one call, with the line that was changed in the function', async () => {
  if (tree === undefined) return;
  const { parted: log } = await parted('return -EOPNOTSUPP', 'return -EINVAL');
  assert.equal([log?.what, log?.sides, log?.calls], ['the answer', ['-EOPNOTSUPP', '-EINVAL'], []]);
  assert.is(log!.places[1]!.function, 'starlink_pmu_event_init');
});

test('a count that is another is told where it first is', async () => {
  if (tree === undefined) return;
  const { parted: log } = await parted('local64_add(delta', 'local64_add(2 * delta');
  assert.is(log!.what, 'what is counted');
  assert.is(log!.calls.length, 2);
  assert.match(log!.calls[1]!, /^add\(event 0/);
  const counts = log!.sides.map((side) => BigInt(side.replace('event 0: ', '')));
  assert.is(counts[1], BigInt.asUintN(64, 2n * counts[0]!));
});

test('what only the device is told is found, too; and what says the same in other words does not part', async () => {
  if (tree === undefined) return;
  const told = await parted('writeq(STARLINK_PMU_GLOBAL_ENABLE,', 'writeq(STARLINK_PMU_GLOBAL_ENABLE | 8,');
  assert.is(told.parted?.what, 'what the device is told');
  const same = await parted('local64_add(delta', 'local64_add(1 * delta');
  assert.equal(same, {});
});

test.run();
