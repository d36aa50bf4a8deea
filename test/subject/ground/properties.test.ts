import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { auditOnGround, type GroundAudit } from '../../../src/subject/ground/audit.ts';
import { buildOnGround } from '../../../src/subject/ground/build.ts';
import { GROUND_PROPERTIES } from '../../../src/subject/ground/properties/index.ts';
import { linuxTree } from './tree.ts';

const tree = linuxTree();
const TINY = join(import.meta.dirname, 'drivers/tiny_pmu.c');

const audit = (...defines: string[]): Promise<GroundAudit> => auditOnGround(buildOnGround(TINY, tree!, { defines }));
const violated = ({ findings }: GroundAudit): string[] => [...new Set(findings.map(({ property }) => property.id))];

/** What breaks beside the property that a define is for: one fault can be several. */
const BESIDE: Readonly<Record<string, readonly string[]>> = {
  // The fifth and the sixth event both get the counter that does not exist.
  'add-clean': ['counter-exclusive'],
  // The slot of the cycles event is never free again.
  'del-complete': ['open-schedulable'],
  // Shifts by config are seen at its borders first.
  'no-undefined-behaviour': ['config-bounded'],
};

if (tree !== undefined) {
  test('a driver that keeps every property has no finding, and its scopes are searched whole', async () => {
    const kept = await audit();
    assert.equal(
      kept.findings.map(({ property, text }) => `${property.id}: ${text}`),
      [],
    );
    assert.equal(
      kept.searched.filter(({ stoppedBy }) => stoppedBy !== undefined),
      [],
    );
    const verdicts = new Set([...kept.verdicts.values()].map(({ verdict }) => verdict));
    assert.equal(
      [...verdicts].filter((verdict) => verdict !== 'holds' && verdict !== 'vacuous'),
      [],
    );
  });

  for (const { id } of GROUND_PROPERTIES)
    test(`${id} is found broken in a driver that breaks it, at its place and with a sequence of calls`, async () => {
      const broken = await audit(`BREAK_${id.replaceAll('-', '_').toUpperCase()}`);
      const finding = broken.findings.find(({ property }) => property.id === id);
      assert.ok(finding, `found: ${violated(broken).join()}`);
      assert.ok(finding.place?.file.endsWith('tiny_pmu.c'));
      assert.ok(finding.steps.length > 0);
      const others = violated(broken).filter((other) => other !== id && !(BESIDE[id] ?? []).includes(other));
      assert.equal(others, []);
    });
}

test.run();
