import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseBaselines } from '../../src/audit/baseline.ts';
import { compareGround, groundBaseline } from '../../src/audit/ground/baseline.ts';
import { reportOf } from '../../src/audit/ground/report.ts';
import { auditOnGround, type GroundAudit } from '../../src/subject/ground/audit.ts';
import { buildOnGround } from '../../src/subject/ground/build.ts';
import { GROUND_PROPERTIES } from '../../src/subject/ground/properties/index.ts';
import { TINY } from '../subject/ground/tiny.ts';
import { linuxTree, PATIENT } from '../subject/ground/tree.ts';

const tree = linuxTree();
const ASKED = ['type-routed', 'probe-undone'];
const properties = GROUND_PROPERTIES.filter(({ id }) => ASKED.includes(id));
const audit = async (...defines: string[]): Promise<GroundAudit> =>
  auditOnGround(await buildOnGround(TINY, tree!, { defines }), { ...PATIENT, properties, device: 'none' });

if (tree !== undefined)
  test("what a baseline knows of any driver's C is not new, what is not in it is, and what was mended is gone", async () => {
    const routed = await audit('BREAK_TYPE_ROUTED');
    const [baseline] = parseBaselines(JSON.stringify(groundBaseline('tiny', routed)));
    assert.equal(
      baseline!.findings.map(({ id }) => id),
      ['type-routed/tiny_event_init'],
    );
    const again = compareGround(routed, baseline!);
    assert.equal([again.fresh, again.known.size, again.gone.length], [0, 1, 0]);
    assert.is(reportOf(routed, again).findings[0]?.known, true);

    const leaks = await audit('BREAK_PROBE_UNDONE');
    const { fresh, known, gone, notAsked } = compareGround(leaks, baseline!);
    assert.equal([fresh, known.size, gone.map(({ id }) => id), notAsked], [1, 0, ['type-routed/tiny_event_init'], []]);

    // What was not decided is neither there nor gone.
    const undecided = { ...leaks, verdicts: new Map() };
    assert.is(compareGround(undecided, baseline!).notAsked.length, 1);
  });

test.run();
