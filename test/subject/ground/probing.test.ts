import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { stepsText } from '../../../src/audit/ground/texts.ts';
import { auditOnGround } from '../../../src/subject/ground/audit.ts';
import { buildOnGround } from '../../../src/subject/ground/build.ts';
import { probeUnderFailure, probingRow } from '../../../src/subject/ground/probing.ts';
import { linuxTree, PATIENT } from './tree.ts';

const tree = linuxTree();

if (tree !== undefined) {
  const audit = async (...defines: string[]) =>
    auditOnGround(await buildOnGround(join(import.meta.dirname, 'drivers/probing.c'), tree, { defines }), {
      ...PATIENT,
      states: 300,
    });

  test('a driver that says so where a clock or an interrupt is not there yet, and leaves nothing, has no finding', async () => {
    const { findings, verdicts } = await audit();
    assert.equal(
      findings.map(({ property, text }) => `${property.id}: ${text}`),
      [],
    );
    assert.is(verdicts.get('probe-undone')!.verdict, 'holds');
  });

  for (const [define, text, last] of [
    [
      'ERRNO',
      /^where platform_get_irq answers -EPROBE_DEFER, probe answers -EINVAL, and is not called again$/,
      /platform_get_irq answers -EPROBE_DEFER in it; it answers -EINVAL/,
    ],
    ['WITHOUT', /^where platform_get_irq answers -EPROBE_DEFER, probe goes on without it$/, /; it answers 0$/],
    [
      'CLOCK',
      /^where platform_get_irq .*, probe leaves a clock that is (prepared|enabled) that was taken here$/,
      /probed/,
    ],
    ['ANEW', /^where .*, probe leaves a hotplug state that was taken here$/, /probed/],
    ['HALF', /^the device is probed again after a probe that failed, which answers -EBUSY$/, /; it answers -EBUSY$/],
  ] as const)
    test(`what a probe does that has to come again is found in a driver that breaks it: ${define}`, async () => {
      const result = await audit(`BREAK_${define}`);
      const found = result.findings.filter((one) => one.property.id === 'probe-undone' && text.test(one.text));
      assert.ok(
        found.length > 0,
        result.findings.map(({ property, text: what }) => `${property.id}: ${what}`).join('; '),
      );
      assert.ok(found[0]!.place?.file.endsWith('probing.c'));
      assert.match(stepsText(found[0]!, result).at(-1)!, last);
      assert.equal(
        result.findings.filter(({ property }) => property.id !== 'probe-undone'),
        [],
      );
    });
}

/** The rows of docs/probing.md, by their file. */
const page = readFileSync(join(import.meta.dirname, '../../../docs/probing.md'), 'utf8');
const rows = [...page.matchAll(/^\| (.*) \|$/gm)]
  .slice(2)
  .map(([, cells]) => cells!.split('|').map((one) => one.trim()));
const FEW = ['starfive_starlink_pmu', 'qcom_l3_pmu', 'arm_dsu_pmu'];

test('the page has at least twelve drivers, and what is left in each of them was judged', () => {
  assert.ok(rows.length >= 12);
  const { drivers } = JSON.parse(readFileSync(join(import.meta.dirname, 'judged.json'), 'utf8')) as {
    drivers: Record<string, { property: string; function?: string }[]>;
  };
  for (const [name, , , , found] of rows) {
    if (found === 'nothing') continue;
    const judged = drivers[name!.includes('csky') ? `${name}.c` : `drivers/perf/${name}.c`] ?? [];
    for (const [, place] of found!.matchAll(/\((\w+):\d+\)/g))
      assert.ok(
        judged.some((one) => one.property === 'probe-undone' && one.function === place),
        `${name}: ${place}`,
      );
  }
});

if (tree !== undefined)
  for (const row of rows.filter(([name]) => FEW.includes(name!) || process.env.HARTPROOF_LONG))
    test(`${row[0]} does what the page says where a call of its probe fails`, async () => {
      const file = row[0]!.startsWith('arch/') ? `${row[0]}.c` : `drivers/perf/${row[0]}.c`;
      assert.equal(probingRow((await probeUnderFailure(file, tree))!), row);
    });

test.run();
