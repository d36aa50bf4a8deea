import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DRIVERS, withDecisions } from '../../machines/drivers.ts';
import { compose, modelOf } from '../../models/index.ts';
import { diff, type NamedDriver } from '../../src/diff/diff.ts';
import { firstDifference } from '../../src/diff/first-difference.ts';
import { diffReport } from '../../src/diff/report.ts';
import { fold } from '../../src/engine/compose/index.ts';
import { build, fileSource, SourceAudit } from '../../src/subject/index.ts';
import { CACHE, needsCompiler } from '../subject/tiny.ts';

const SLOPPY = fileURLToPath(new URL('../repair/source/sloppy.c', import.meta.url));

const posted: NamedDriver = { name: 'as-posted', machine: DRIVERS['as-posted'] };
const merged: NamedDriver = { name: 'merged-4.18', machine: DRIVERS['merged-4.18'] };
const slots: NamedDriver = { name: 'slots', machine: withDecisions(['choosesByCounter']) };

test('a driver differs from itself in nothing', async () => {
  const same = { name: 'same', machine: withDecisions([]) };
  const difference = await diff([posted, same], [modelOf('refused-open-raw')], ['4.16', '5.10']);
  assert.equal(difference, { properties: [], logs: [], bounded: false });
  assert.match(diffReport([posted, same], difference), 'Each accepts every log of the other');
});

test('one decision tells two drivers apart: in its properties, and in a log that only one accepts', async () => {
  const { properties, logs } = await diff([posted, slots], [modelOf('two-of-a-kind')], ['4.16']);
  assert.equal(
    properties.map(({ property, verdicts }) => [property, ...verdicts]),
    ['slots-match-count', 'slot-owner', 'enospc-iff-full'].map((id) => [id, 'violated', 'holds']),
  );
  assert.equal(
    logs.map(({ acceptedBy, log }) => [acceptedBy, log.at(-1)?.type]),
    [
      ['as-posted', 'slots.write'],
      ['slots', 'add.return'],
    ],
  );
});

test('all of such a log but its last fact is accepted by both', async () => {
  const { logs } = await diff([posted, merged], [modelOf('context-switch')], ['5.10']);
  assert.is(logs.length, 2);
  for (const { acceptedBy, model, environment, log } of logs) {
    const [one, other] = acceptedBy === 'as-posted' ? [posted, merged] : [merged, posted];
    const system = (machine: typeof one.machine) => compose(model.scope, environment, machine);
    fold(system(one.machine), log);
    fold(system(other.machine), log.slice(0, -1));
    assert.throws(() => fold(system(other.machine), log), new RegExp(`^fact ${log.length} `));
  }
});

test('a search that stops says so', async () => {
  const system = compose(modelOf('three-threads').scope, '4.16', posted.machine);
  assert.equal(await firstDifference(system, system, { pairs: 10 }), { kind: 'bounded' });
  assert.equal(await firstDifference(system, system, { depth: 3 }), { kind: 'bounded' });
});

const sloppy = () => new SourceAudit(build(fileSource(SLOPPY), { cache: CACHE }));

test('C differs from a driver that it is not: in its properties, and after a shortest log', async () => {
  if (!needsCompiler()) return;
  const source = sloppy();
  const pair = [{ name: 'sloppy.c', source }, slots] as const;
  const difference = await diff(pair, [modelOf('two-of-a-kind')], ['4.16']);
  source.close();
  assert.equal(
    difference.properties.map(({ property, verdicts }) => [property, ...verdicts]),
    ['slots-match-count', 'slot-owner', 'enospc-iff-full'].map((id) => [id, 'violated', 'holds']),
  );
  const { model, difference: mismatch } = difference.inC!;
  assert.is(model.name, 'two-of-a-kind');
  assert.is(mismatch.facts.at(-1)?.type, 'slots.write');
  assert.match(mismatch.model, 'ENOSPC');
  // All but the last fact is a log of the driver as well.
  fold(compose(model.scope, '4.16', slots.machine), mismatch.facts.slice(0, -1));
  const report = diffReport(pair, difference);
  assert.match(report, 'Then they differ in what happens next');
  assert.match(report, 'sloppy.c:');
});

test('and in nothing from the one that it is', async () => {
  if (!needsCompiler()) return;
  const source = sloppy();
  const difference = await diff([posted, { name: 'sloppy.c', source }], [modelOf('two-of-a-kind')], ['4.16']);
  source.close();
  assert.equal(difference, { properties: [], logs: [], bounded: false });
  assert.match(diffReport([posted, { name: 'sloppy.c', source }], difference), 'Each accepts every log of the other');
});

test.run();
