import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { seenAlong } from '../../../src/audit/ground/changes.ts';
import { reportOf } from '../../../src/audit/ground/report.ts';
import { replayOf } from '../../../src/reports/html/replay.ts';
import { toHtml } from '../../../src/reports/html.ts';
import { auditOnGround, type GroundFinding } from '../../../src/subject/ground/audit.ts';
import { buildOnGround } from '../../../src/subject/ground/build.ts';
import { GROUND_PROPERTIES } from '../../../src/subject/ground/properties/index.ts';
import { browser } from '../../chromium.ts';
import { TINY, tinyDevice } from './tiny.ts';
import { linuxTree, PATIENT } from './tree.ts';

const test = suite('a described device in the page of a report');

const view = (counting: readonly (readonly [hart: number, counter: number, selects: string])[]) => ({
  ...{ online: 1, asleep: 0, locks: 0, pmu: true, events: [], counting },
});
const finding = (...after: (ReturnType<typeof view> | undefined)[]): GroundFinding =>
  ({
    steps: after.map((then) => ({ before: view([]), after: then })),
    registers: [0n, 1n, 1n, 0n].map((value) => new Map([['device control', value]])),
  }) as unknown as GroundFinding;

test('it goes through calls as through the facts of a log: what is there before the first and after each', () => {
  const seen = seenAlong(finding(view([[0, 0, '7']]), undefined, view([])));
  const { start, changes, places } = replayOf({ seen } as never);
  assert.equal(start, [
    ['device control', '0x0'],
    ['device counter 0 counts', '-'],
  ]);
  assert.equal(changes, [
    [
      [0, '0x1'],
      [1, '0x7'],
    ],
    [],
    [
      [0, '0x0'],
      [1, '-'],
    ],
  ]);
  assert.equal(places, [null, null, null]);
});

test('counters that select nothing are not shown beside those that do, and all are where none does', () => {
  const shown = (...selects: string[]) =>
    [...seenAlong(finding(view(selects.map((one, counter) => [0, counter, one] as const))))[1]!.keys()].filter((name) =>
      name.endsWith(' counts'),
    );
  assert.equal(shown('0', '7', '0'), ['device counter 1 counts']);
  assert.equal(shown('0', '0'), ['device counter 0 counts', 'device counter 1 counts']);
});

const tree = linuxTree();
if (tree !== undefined)
  test('the machine room shows its registers, what counts, and what has overflowed, call by call', async () => {
    const { device } = await tinyDevice();
    const audit = await auditOnGround(await buildOnGround(TINY, tree, { defines: ['BREAK_OVERFLOW_HANDLED'] }), {
      ...{ ...PATIENT, device },
      properties: GROUND_PROPERTIES.filter(({ id }) => id === 'overflow-handled'),
    });
    const [found] = audit.findings;
    const seen = seenAlong(found!);
    assert.is(seen.length, found!.steps.length + 1);
    const chromium = await browser();
    if (chromium === undefined) return;
    const page = await chromium.newPage({ viewport: { width: 1280, height: 720 } });
    await page.setContent(await toHtml(reportOf(audit)));
    await page.locator('[data-fold]').click();
    const viewer = page.locator('.viewer').first();
    await viewer.locator('[aria-current]').waitFor();
    for (let step = 1; step < seen.length; step++) {
      if (step > 1) await viewer.locator('[data-go="1"]').click();
      for (const cell of await viewer.locator('figure.room [data-of]').all()) {
        const name = (await cell.getAttribute('data-of'))!;
        assert.is(await cell.locator('title').textContent(), `${name}: ${seen[step]!.get(name) ?? '-'}`);
      }
    }
    assert.ok(await viewer.locator('figure.room [data-of="device control"]').isVisible());
    await chromium.close();
  });

test.run();
