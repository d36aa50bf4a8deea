import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Device } from '../../../machines/hardware/index.ts';
import { changesOf } from '../../../src/audit/ground/changes.ts';
import { auditOnGround, type GroundAudit } from '../../../src/subject/ground/audit.ts';
import { buildOnGround } from '../../../src/subject/ground/build.ts';
import { GROUND_PROPERTIES } from '../../../src/subject/ground/properties/index.ts';
import { TINY, tinyDevice } from './tiny.ts';
import { linuxTree, PATIENT } from './tree.ts';

const tree = linuxTree();

const audit = async (device: Device | 'none', ...defines: string[]): Promise<GroundAudit> =>
  auditOnGround(await buildOnGround(TINY, tree!, { defines }), { ...PATIENT, device });
const violated = ({ findings }: GroundAudit): string[] => [...new Set(findings.map(({ property }) => property.id))];

/** What breaks beside the property that a define is for: one fault can be several. */
const BESIDE: Readonly<Record<string, readonly string[]>> = {
  // The fifth and the sixth event both get the counter that does not exist.
  'add-clean': ['counter-exclusive'],
  // The slot of the cycles event is never free again.
  'del-complete': ['open-schedulable'],
  // Shifts by config are seen at its borders first.
  'no-undefined-behaviour': ['config-bounded'],
  // What cannot be added alone cannot be in a group.
  'open-schedulable': ['group-feasible'],
  // The handler finds an event, which its own CPU deletes meanwhile, or whose count it brings up to date at the same time.
  'handler-reaches-events': ['no-crash', 'count-exact'],
  // What stands still counts nothing.
  isolation: ['count-exact'],
};

/**
 * No user reads a register of a device that is not in the hart: user-page.test.ts has a driver that lets users read; two-devices.test.ts
 * has one for several devices.
 */
const ASKED = GROUND_PROPERTIES.filter(({ id }) => !id.startsWith('user-') && id !== 'devices-apart');

if (tree !== undefined) {
  const described = tinyDevice();

  for (const hardware of ['described', 'none'] as const)
    test(`a driver that keeps every property has no finding, with its device ${hardware === 'none' ? 'as memory' : 'described'}`, async () => {
      const kept = await audit(hardware === 'none' ? 'none' : (await described).device, 'TINY_SAMPLES');
      assert.equal(
        kept.findings.map(({ property, text }) => `${property.id}: ${text}`),
        [],
      );
      assert.equal(
        kept.searched.filter(({ stoppedBy }) => stoppedBy !== undefined),
        [],
      );
      for (const { id, needsDevice } of ASKED) {
        const { verdict } = kept.verdicts.get(id)!;
        if (!needsDevice) assert.ok(['holds', 'vacuous'].includes(verdict), `${id} ${verdict}`);
        // What cannot be asked is not passed.
        else assert.is(verdict, hardware === 'none' ? 'vacuous' : 'holds', id);
      }
    });

  for (const { id, needsDevice } of ASKED)
    test(`${id} is found broken in a driver that breaks it, at its place and with a sequence of calls`, async () => {
      const device = needsDevice ? (await described).device : 'none';
      const broken = await audit(device, `BREAK_${id.replaceAll('-', '_').toUpperCase()}`);
      const finding = broken.findings.find(({ property }) => property.id === id);
      assert.ok(finding, `found: ${violated(broken).join()}`);
      assert.ok(finding.place?.file.endsWith('tiny_pmu.c'));
      assert.ok(finding.steps.length > 0);
      const others = violated(broken).filter((other) => other !== id && !(BESIDE[id] ?? []).includes(other));
      assert.equal(others, []);
    });

  test('a finding says what each of its steps changes, down to the registers and the counters that count', async () => {
    const { findings } = await audit((await described).device, 'BREAK_OVERFLOW_HANDLED');
    const finding = findings.find(({ property }) => property.id === 'overflow-handled')!;
    const changes = finding.steps.map((_, number) => changesOf(finding, number, number + 1));
    assert.equal(changes[1]!.slice(0, 4), [
      'event 0 perf core: open → active',
      'event 0 idx: -1 → 0',
      'device select[0]: 0x0 → 0x1',
      'device enable[0]: 0x0 → 0x1',
    ]);
    assert.ok(changes[1]!.includes('device counter 0 counts: – → 0x1'));
    assert.ok(changes.at(-1)!.includes('device overflowed: 0x0 → 0x1'));
    assert.equal(changesOf(finding, 0, finding.steps.length).at(-1)!.split(': ')[0], 'device counter 0 counts');
    // Where nobody described the device, nothing is said of its registers.
    const { registers: _, ...undescribed } = finding;
    assert.ok(changesOf(undescribed, 1, 2).every((change) => !/device (?!counter \d)/.test(change)));
  });

  test('a device can be unbound, and its module removed, while its PMU has an event only where nothing keeps it from that', async () => {
    const guarded = (of: GroundAudit): string[] =>
      of.findings.filter(({ property }) => property.id === 'life-guarded').map(({ text }) => text);
    assert.equal(guarded(await audit('none', 'TINY_REMOVES')), []);
    const texts = guarded(await audit('none', 'TINY_REMOVES', 'BREAK_LIFE_GUARDED'));
    assert.is(texts.length, 1);
    assert.match(texts[0]!, /unbound .* while its PMU has an event/);
    const [text, ...others] = guarded(await audit('none', 'TINY_REMOVES', 'TINY_UNOWNED'));
    assert.match(text!, /the module may be removed \(no pmu.module\) while its PMU has an event/);
    assert.equal(others, []);
  });

  test('what a module has taken is given back when it goes', async () => {
    const { findings } = await audit('none', 'TINY_REMOVES', 'TINY_LEAVES');
    assert.equal(
      findings.map(({ property, text }) => `${property.id}: ${text}`),
      ['probe-undone: module_exit leaves a hotplug state that was taken here'],
    );
  });

  test('each attribute that a driver takes and does not honour is a finding of its own', async () => {
    const { findings } = await audit('none', 'BREAK_ATTRIBUTES_HONOURED');
    const texts = findings.filter(({ property }) => property.id === 'attributes-honoured').map(({ text }) => text);
    assert.is(new Set(texts).size, texts.length);
    assert.ok(texts.some((text) => /exclude_user/.test(text)));
  });
}

test.run();
