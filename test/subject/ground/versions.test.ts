import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { auditOnGround, type GroundAudit } from '../../../src/subject/ground/audit.ts';
import { buildOnGround } from '../../../src/subject/ground/build.ts';
import { GROUND_PROPERTIES } from '../../../src/subject/ground/properties/index.ts';
import { TINY, tinyDevice } from './tiny.ts';
import { linuxTree, onRv64, PATIENT } from './tree.ts';

/** The same with the headers of an older kernel. */
const tree = linuxTree('6.1');

const found = ({ findings }: GroundAudit): string[] =>
  findings.map(({ property, place }) => `${property.id} ${place?.function}`).sort();

if (tree !== undefined) {
  test('a driver that keeps every property keeps it with the headers of 6.1, and nothing is missing', async () => {
    const { device } = await tinyDevice();
    const build = await buildOnGround(TINY, tree);
    assert.equal(build.missing, []);
    const audit = await auditOnGround(build, { ...PATIENT, device });
    assert.equal(found(audit), []);
    const others = [...audit.verdicts].filter(([, { verdict }]) => verdict !== 'holds');
    // A second device is not described, and it has no notifier of CPUs that sleep, delivers no samples, and no user reads its counters.
    assert.equal(others, [
      ['devices-apart', { verdict: 'vacuous' }],
      ['power-kept', { verdict: 'vacuous' }],
      ['throttle-kept', { verdict: 'vacuous' }],
      ['user-page-true', { verdict: 'vacuous' }],
      ['user-access-kept', { verdict: 'vacuous' }],
    ]);
  });

  test('what was repaired since 6.1 is found in 6.1', async () => {
    const properties = GROUND_PROPERTIES.filter(({ id }) => ['type-routed', 'no-warning'].includes(id));
    const build = onRv64(await buildOnGround(join(tree, 'drivers/perf/riscv_pmu_sbi.c'), tree));
    const audit = await auditOnGround(build, { ...PATIENT, properties, states: 300 });
    // Both were: an event of another type was answered EINVAL, and del of an event that the core had stopped warned.
    assert.ok(found(audit).includes('type-routed riscv_pmu_event_init'), found(audit).join());
    assert.ok(found(audit).includes('no-warning riscv_pmu_stop'), found(audit).join());
  });
}

test.run();
