import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { enabledIn } from '../../../machines/core/enabled.ts';
import { timer } from '../../../machines/core/timer.ts';
import { bit, defineDevice, set } from '../../../machines/hardware/index.ts';
import { auditOnGround } from '../../../src/subject/ground/audit.ts';
import { buildOnGround } from '../../../src/subject/ground/build.ts';
import { GROUND_PROPERTIES } from '../../../src/subject/ground/properties/index.ts';
import { linuxTree, PATIENT } from './tree.ts';

test('a timer runs out only where it is armed, and is armed anew by what its function answers', () => {
  assert.equal(enabledIn(timer, 'idle'), ['start']);
  assert.equal(enabledIn(timer, 'armed'), ['start', 'cancel', 'expires']);
  assert.equal(enabledIn(timer, 'running'), ['restarts', 'ends']);
});

/** Two counters of 16 bits, which do not tell that they came round. */
const polled = defineDevice({
  ...{ name: 'polled', about: 'two counters of 16 bits that tell no overflow', fits: [], bus: 'mmio', bytes: 8 },
  registers: {
    select: { at: 0x00, count: 2 },
    enable: { at: 0x10, count: 2 },
    counter: { at: 0x20, count: 2 },
  },
  banks: {
    counters: {
      count: 2,
      bits: 16,
      value: { in: 'counter', bits: 16 },
      select: { in: 'select' },
      counts: [set(bit('enable', 0))],
    },
  },
});

const ASKED = ['count-exact', 'overflow-handled', 'no-crash', 'locks-balanced', 'context-kept'];
const tree = linuxTree();
if (tree !== undefined) {
  const audit = async (...defines: string[]) =>
    auditOnGround(await buildOnGround(join(import.meta.dirname, 'drivers/polled.c'), tree, { defines }), {
      ...PATIENT,
      device: polled,
      states: 400,
      properties: GROUND_PROPERTIES.filter(({ id }) => ASKED.includes(id)),
    });

  test('a driver whose timer reads its counters before they come round has no finding', async () => {
    const { findings, searched } = await audit();
    assert.equal(
      findings.map(({ property, text }) => `${property.id}: ${text}`),
      [],
    );
    assert.ok(searched.find(({ scope }) => scope.endsWith('while timers run out'))!.steps > 100);
  });

  for (const [define, property, text] of [
    ['ONCE', 'count-exact', /^(read|del) says \d+ for event 0, where 98304 ticks ran$/],
    ['LATE', 'count-exact', /^(read|del) says \d+ for event 0, where 98304 ticks ran$/],
    ['STANDS', 'overflow-handled', /^counter 0 of event 0 counts no more after its timer ran out$/],
    ['SELF', 'locks-balanced', /^the function of a timer calls hrtimer_cancel, which waits for that function$/],
    ['WAITS', 'locks-balanced', /^hrtimer_cancel waits for .* \(.*polled\.c:\d+\)$/],
  ] as const)
    test(`what becomes of a timer is found in a driver that breaks it: ${define}`, async () => {
      const { findings } = await audit(`BREAK_${define}`);
      const told = findings.map((one) => `${one.property.id}: ${one.text}`);
      const found = findings.find((one) => one.property.id === property);
      assert.match(found?.text ?? told.join('; '), text);
      assert.ok(found!.place?.file.endsWith('polled.c'), told.join('; '));
    });
}

test.run();
