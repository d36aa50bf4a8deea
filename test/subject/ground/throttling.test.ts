import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { enabledIn } from '../../../machines/core/enabled.ts';
import { throttling } from '../../../machines/core/throttling.ts';
import { sbi1 } from '../../../models/devices/sbi.ts';
import { auditOnGround, type GroundAudit } from '../../../src/subject/ground/audit.ts';
import { buildOnGround } from '../../../src/subject/ground/build.ts';
import { GROUND_PROPERTIES } from '../../../src/subject/ground/properties/index.ts';
import { TINY, tinyDevice } from './tiny.ts';
import { linuxTree, onRv64, PATIENT } from './tree.ts';

test('what is throttled is started before it overflows again', () => {
  assert.equal(enabledIn(throttling, 'counting'), ['overflow', 'throttle']);
  assert.equal(enabledIn(throttling, 'throttled'), ['unthrottle']);
});

const tree = linuxTree();
if (tree !== undefined) {
  const told = ({ findings }: GroundAudit): string[] =>
    findings.map(({ property, place, core = '' }) => `${property.id} ${place?.function} ${core}`.trim());
  const device = tinyDevice();
  const audit = async (...defines: string[]) =>
    auditOnGround(await buildOnGround(TINY, tree, { defines }), { ...PATIENT, device: (await device).device });

  test('a driver that stops what is throttled, and whose counts are read from inside its handler, has no finding', async () => {
    const sound = await audit('TINY_SAMPLES');
    assert.equal(told(sound), []);
    assert.is(sound.verdicts.get('throttle-kept')!.verdict, 'holds');
  });

  test('a handler that starts again what the core since 6.16 has stopped with its group is found', async () => {
    assert.equal(told(await audit('BREAK_GROUP_THROTTLED')), ['throttle-kept tiny_interrupt 6.16']);
  });

  test('riscv_pmu_sbi does not look at what perf_event_overflow answers, and counts rightly while it samples', async () => {
    const build = onRv64(await buildOnGround(join(tree, 'drivers/perf/riscv_pmu_sbi.c'), tree));
    const { findings } = await auditOnGround(build, {
      ...{ ...PATIENT, device: sbi1, states: 300 },
      properties: GROUND_PROPERTIES.filter(({ id }) => ['throttle-kept', 'count-exact'].includes(id)),
    });
    assert.equal(
      findings.map(({ property, place, core }) => [property.id, place?.function, core]),
      [['throttle-kept', 'pmu_sbi_ovf_handler', undefined]],
    );
  });
}

test.run();
