import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { enabledIn } from '../../../machines/core/enabled.ts';
import { power } from '../../../machines/core/power.ts';
import { bit, defineDevice, set } from '../../../machines/hardware/index.ts';
import { stepsText } from '../../../src/audit/ground/texts.ts';
import { auditOnGround } from '../../../src/subject/ground/audit.ts';
import { buildOnGround } from '../../../src/subject/ground/build.ts';
import { linuxTree, PATIENT } from './tree.ts';

test('a CPU sleeps only while it is awake, and wakes in one of two ways', () => {
  assert.equal(enabledIn(power, 'awake'), ['enter']);
  assert.equal(enabledIn(power, 'asleep'), ['exit', 'failed']);
});

test('what all harts share, none of them loses', () => {
  const shared = { name: 'shared', about: '', fits: [], bus: 'mmio', banks: {} } as const;
  assert.throws(
    () => defineDevice({ ...shared, registers: { control: { at: 0, lost: true } } }),
    /no hart can lose control, which all harts share/,
  );
});

/** Two counters of each hart, all of which it loses when it sleeps. */
const idle = defineDevice({
  ...{ name: 'idle', about: 'two counters of a hart', fits: [], bus: 'csr', bytes: 8, perHart: true },
  registers: {
    select: { at: 0x5c0, count: 2, lost: true },
    enable: { at: 0x5c8, lost: true },
    counter: { at: 0x5d0, count: 2, lost: true },
  },
  banks: {
    counters: {
      count: 2,
      bits: 64,
      value: { in: 'counter' },
      select: { in: 'select' },
      counts: [set(bit('enable', 0, 1))],
    },
  },
});

const tree = linuxTree();
if (tree !== undefined) {
  const audit = async (...defines: string[]) =>
    auditOnGround(await buildOnGround(join(import.meta.dirname, 'drivers/idle.c'), tree, { defines }), {
      ...PATIENT,
      device: idle,
    });

  test('a driver that keeps what a hart loses, and starts only what it stopped, has no finding', async () => {
    const { findings, verdicts } = await audit();
    assert.equal(
      findings.map(({ property, text }) => `${property.id}: ${text}`),
      [],
    );
    assert.is(verdicts.get('power-kept')!.verdict, 'holds');
  });

  for (const [define, core, text, last] of [
    ['FAILED', undefined, /after CPU_PM_ENTER_FAILED, event 0, .* is stopped/, /does not come to sleep/],
    ['STOPPED', '6.16', /CPU_PM_EXIT starts event 0, which the core has stopped/, /wakes/],
    ['SELECT', undefined, /after CPU_PM_EXIT, counter 0 of event 0 counts 0x0, and the event asks for/, /wakes/],
    ['COUNT', undefined, /says 0 for event 0, where 100 ticks ran, and its CPU slept/, /read|del/],
  ] as const)
    test(`what a sleep takes is found in a driver that breaks it: ${define}`, async () => {
      const result = await audit(`BREAK_${define}`);
      const finding = result.findings.find(({ property }) => property.id === 'power-kept');
      assert.ok(finding, result.findings.map(({ property, text }) => `${property.id}: ${text}`).join('; '));
      assert.match(finding.text, text);
      assert.is(finding.core, core);
      assert.match(stepsText(finding, result).at(-1)!, last);
      // What selects nothing counts nothing, either.
      const others = result.findings.filter(({ property }) => !['power-kept', 'count-exact'].includes(property.id));
      assert.equal(others, []);
    });
}

test.run();
