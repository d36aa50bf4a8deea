import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { stepsText } from '../../../src/audit/ground/texts.ts';
import { auditOnGround } from '../../../src/subject/ground/audit.ts';
import { buildOnGround } from '../../../src/subject/ground/build.ts';
import { GROUND_PROPERTIES } from '../../../src/subject/ground/properties/index.ts';
import { linuxTree, PATIENT } from './tree.ts';

const tree = linuxTree();
if (tree !== undefined) {
  const audit = async (...defines: string[]) =>
    auditOnGround(await buildOnGround(join(import.meta.dirname, 'drivers/twin.c'), tree, { defines }), {
      ...PATIENT,
      states: 50,
      properties: GROUND_PROPERTIES.filter(({ id }) => id === 'devices-apart'),
    });

  test('a driver that has all of a device in that device keeps two of them apart', async () => {
    const { findings, verdicts } = await audit();
    assert.equal(findings, []);
    assert.equal(verdicts.get('devices-apart'), { verdict: 'holds' });
  });

  test('of a driver with one struct pmu nothing is said: it is for one device', async () => {
    const { findings, verdicts } = await audit('SINGLE');
    assert.equal(findings, []);
    assert.equal(verdicts.get('devices-apart'), { verdict: 'vacuous' });
  });

  for (const [define, text, last] of [
    ['BASE', /^read of event 0 goes to a register of the other device$/, /^read/],
    [
      'STATE',
      /^unbinding the first device takes a hotplug state away that was taken before it$/,
      /first device is unbound/,
    ],
    ['LAST', /^beside .* the events of a CPU that goes are on CPU 0, and not on CPU 1$/, /^CPU 0 goes offline/],
  ] as const)
    test(`what two devices share is found in a driver that breaks it: ${define}`, async () => {
      const result = await audit(`BREAK_${define}`);
      const found = result.findings.find((one) => text.test(one.text));
      assert.ok(found, result.findings.map((one) => one.text).join('; '));
      assert.match(stepsText(found, result).at(-1)!, last);
    });
}

test.run();
