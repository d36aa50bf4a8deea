import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { bit, defineDevice, set } from '../../../machines/hardware/index.ts';
import { stepsText } from '../../../src/audit/ground/texts.ts';
import { auditOnGround } from '../../../src/subject/ground/audit.ts';
import { buildOnGround } from '../../../src/subject/ground/build.ts';
import { GROUND_PROPERTIES } from '../../../src/subject/ground/properties/index.ts';
import { linuxTree, PATIENT } from './tree.ts';

/** Two counters of each hart, and scounteren, which says whether users read them. */
const mapped = defineDevice({
  ...{ name: 'mapped', about: 'two counters of a hart', fits: [], bus: 'csr', bytes: 8, perHart: true },
  registers: { enable: { at: 0x5c8 }, counter: { at: 0xc03, count: 2 }, scounteren: { at: 0x106 } },
  banks: { counters: { count: 2, bits: 48, value: { in: 'counter' }, counts: [set(bit('enable', 0, 1))] } },
});

const tree = linuxTree();
if (tree !== undefined) {
  const audit = async (...defines: string[]) =>
    auditOnGround(await buildOnGround(join(import.meta.dirname, 'drivers/mapped.c'), tree, { defines }), {
      ...PATIENT,
      device: mapped,
    });

  test('a driver whose pages say what read() gives, while users may read the counter, has no finding', async () => {
    const { findings, verdicts } = await audit();
    assert.equal(
      findings.map(({ property, text }) => `${property.id}: ${text}`),
      [],
    );
    assert.is(verdicts.get('user-page-true')!.verdict, 'holds');
    assert.is(verdicts.get('user-access-kept')!.verdict, 'holds');
  });

  for (const [define, id, where, text, last] of [
    ['INDEX', 'user-page-true', 'mapped_del', /says index 4 and cap_user_rdpmc, and the event is not counted/, /del/],
    ['COUNTER', 'user-page-true', 'mapped_event_mapped', /says index 1 .*, and there is no such counter/, /maps/],
    [
      'OFFSET',
      'user-page-true',
      'arch_perf_update_userpage',
      /computes -70368744177664, where read\(\) gives 0/,
      /read/,
    ],
    ['WIDTH', 'user-page-true', 'arch_perf_update_userpage', /computes 70368744177664, where read\(\) gives 0/, /read/],
    [
      'SIGN',
      'user-page-true',
      'arch_perf_update_userpage',
      /computes -281474976710656, where read\(\) gives 0/,
      /read/,
    ],
    ['LOCAL', 'user-access-kept', 'mapped_event_mapped', /offers counter 3, which its CPU lets no user read/, /maps/],
    ['LEFT', 'user-access-kept', 'mapped_event_unmapped', /users of CPU 0 still read counter 3/, /unmaps/],
  ] as const)
    test(`what is wrong in a page, or in who may read, is found in a driver that breaks it: ${define}`, async () => {
      const result = await audit(`BREAK_${define}`);
      assert.equal(
        result.findings.map(({ property, place }) => [property.id, place?.function]),
        [[id, where]],
      );
      assert.match(result.findings[0]!.text, text);
      assert.match(stepsText(result.findings[0]!, result).at(-1)!, last);
    });

  test('what is not known of a page bounds the verdict: arm_pmuv3, whose counters nobody describes', async () => {
    const build = await buildOnGround(join(tree, 'drivers/perf/arm_pmuv3.c'), tree);
    const properties = GROUND_PROPERTIES.filter(({ id }) => id === 'user-page-true');
    const { findings, verdicts } = await auditOnGround(build, { ...PATIENT, properties });
    assert.equal(findings, []);
    const reason = 'the device is not described, and what a user reads in a counter is not known';
    assert.equal(verdicts.get('user-page-true'), { verdict: 'bounded', reason });
  });
}

test.run();
