import type { Browser, Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { AuditResult } from '../../src/audit/audit-result.ts';
import { reportOf } from '../../src/audit/report.ts';
import type { Counterexample } from '../../src/findings/finding.ts';
import { keptOf, reportFrom } from '../../src/findings/kept.ts';
import { html, scriptJson } from '../../src/reports/html/template.ts';
import { toHtml } from '../../src/reports/html.ts';
import { browser } from '../chromium.ts';
import { UNREADABLE } from '../unreadable.ts';
import { samples } from './audit-result.ts';

let various: AuditResult;
let page: string;

const written = suite('HTML');
written.before(async () => {
  ({ various } = await samples());
  page = await toHtml(reportOf(various));
});

written('is one file that asks for nothing else', () => {
  assert.not.match(page, /<(link|img|iframe)\b|\bsrc=|@import|url\((?!#)/);
  const addresses = [...page.matchAll(/https?:\/\/[^\s"']+/g)].map(([address]) => address);
  assert.equal(
    [...new Set(addresses)].filter((address) => !address.startsWith('http://www.w3.org/')),
    [],
  );
});

written('has every finding under its id, and no id twice', () => {
  const ids = [...page.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id!);
  for (const { id } of various.findings) assert.ok(ids.includes(id), id);
  assert.is(new Set(ids).size, ids.length);
});

written('escapes text, and keeps a script element whole', () => {
  assert.is(html`<b title="${'"'}">${['<', html`<i>`]}${false}</b>`.text, '<b title="&quot;">&lt;<i></b>');
  assert.is(scriptJson('</script>').text, '"\\u003c/script>"');
});

written("shows the driver's own lines beside the steps, escaped, where they are at hand", async () => {
  assert.not.match(page, /class="source"/);
  const lineAt = (_file: string | undefined, line: number) => (line === 389 ? '\tif (a < b && "c")' : undefined);
  const text = await toHtml({ ...reportOf(various), lineAt });
  assert.match(text, /<code class="source">if \(a &lt; b &amp;&amp; &quot;c&quot;\)<\/code>/);
  assert.not.match(text, /a < b/);
});

written('says what is known', async () => {
  const known = new Set(various.findings.slice(1).map(({ id }) => id));
  const compared = { known, fresh: 1, freshGuards: 0, gone: [], notAsked: [] };
  const text = await toHtml(reportOf({ ...various, compared }));
  assert.match(text, /1 new finding; \d+ known/);
  assert.match(text, /<span class="badge new">new<\/span>/);
});

written(
  'of a report that was kept and read again, shows the steps, and no room of states that were not kept',
  async () => {
    const report = reportOf(various);
    const seen = [new Map([['event 0 hw.idx', '-1']]), new Map([['event 0 hw.idx', '3']])];
    const [first, ...others] = report.findings;
    const [{ trace: _, ...log }] = first!.counterexamples as [Counterexample];
    const findings = [{ ...first!, counterexamples: [{ ...log, seen }] }, ...others];
    assert.match(await toHtml({ ...report, findings: [findings[0]!] }), /class="room"/);
    const again = reportFrom(JSON.parse(JSON.stringify(keptOf({ ...report, findings }))));
    const text = await toHtml(again);
    for (const { id } of again.findings) assert.match(text, `id="${id}"`);
    assert.not.match(text, /class="room"/);
  },
);

written('of a search that was cut short, is no pass', async () => {
  assert.match(await toHtml(reportOf((await samples()).stopped)), /class="alarm">1 search was stopped/);
});

written('of a clean driver, has nothing to unfold', async () => {
  const text = await toHtml(reportOf((await samples()).clean));
  assert.match(text, /Nothing that a perf core does, in what was searched, violates a property/);
  assert.not.match(text, /class="cause"/);
});

written.run();

/** The race of an open with a close: the first finding of its cause, and so the one that shows the log. */
const RACE = 'busy-is-true/countsUnderMutex';
const seen = suite('HTML in a browser');
let chromium: Browser | undefined;

seen.before(async () => {
  chromium = await browser();
});
seen.after(async () => {
  await chromium?.close();
});

/** A test on the page, at a width; its errors are the test's. */
function looking(name: string, width: number, look: (opened: Page) => Promise<void>): void {
  seen(name, async () => {
    if (chromium === undefined) return;
    const opened = await chromium.newPage({ viewport: { width, height: 900 } });
    opened.setDefaultTimeout(20_000);
    const errors: string[] = [];
    opened.on('pageerror', ({ message }) => errors.push(message));
    await opened.setContent(page);
    await look(opened);
    assert.equal(errors, []);
    await opened.close();
  });
}

const race = (opened: Page) => opened.locator(`[id="${RACE}"]`);
const causeOfRace = (opened: Page) => opened.locator('.cause', { has: race(opened) });
async function unfold(opened: Page): Promise<void> {
  await causeOfRace(opened).locator('summary').first().click();
  if (!(await race(opened).evaluate((details) => (details as unknown as { open: boolean }).open)))
    await race(opened).locator('summary').click();
  // The page wakes up a counterexample when it is first seen.
  await race(opened).locator('[aria-current]').first().waitFor();
}

looking('is searched', 1400, async (opened) => {
  const all = await opened.locator('.cause:visible').count();
  await opened.keyboard.press('/');
  await opened.keyboard.type('ebusy riscv_event_init');
  const found = await opened.locator('.cause:visible').count();
  assert.ok(found > 0 && found < all);
  assert.is(await opened.locator('.search output').textContent(), `${found} of ${all}`);
  await opened.keyboard.type(' no such thing');
  assert.is(await opened.locator('.cause:visible').count(), 0);
});

looking('unfolds a finding, and steps through its counterexample by keys and buttons', 1400, async (opened) => {
  assert.not(await race(opened).isVisible());
  await unfold(opened);
  const viewer = race(opened).locator('.viewer');
  const step = () => viewer.locator('output').textContent();
  const current = () => viewer.locator('[aria-current] .what').textContent();
  assert.is(await step(), 'step 1 of 4');
  await opened.keyboard.press('j');
  await opened.keyboard.press('ArrowRight');
  assert.match((await current())!, /atomic_dec_return\(&riscv_active_events\) = 0/);
  assert.match((await viewer.locator('.state .differs').textContent())!, /riscv_active_events0/);
  await viewer.locator('[data-go="1"]').click();
  assert.match((await current())!, /event_init\(event 1: cycles\) = -EBUSY/);
  assert.ok(await viewer.locator('[data-go="1"]').isDisabled());
  await opened.keyboard.press('k');
  assert.is(await step(), 'step 3 of 4');
  await viewer.locator('[type=checkbox]').check();
  assert.is(await step(), 'step 9 of 18');
  assert.match((await current())!, /atomic_dec_return/);
});

looking(
  'shows the sequence, the chart of the function in which a step is, and the machine room',
  1400,
  async (opened) => {
    await unfold(opened);
    const viewer = race(opened).locator('.viewer');
    assert.ok(await viewer.locator('figure.sequence svg').isVisible());
    assert.is(await viewer.locator('figure.sequence .now').count(), 7);
    await viewer.locator('[data-picture=code]').click();
    assert.not(await viewer.locator('figure.sequence svg').isVisible());
    const here = () =>
      viewer.locator('figure.code .here').evaluateAll((nodes) => nodes.map((node) => node.getAttribute('data-state')));
    assert.ok((await here()).includes('event_init.reserve.look'));
    await opened.keyboard.press('j');
    await opened.keyboard.press('j');
    assert.equal(await here(), ['destroy.count']);
    await viewer.locator('[data-picture=room]').click();
    const count = viewer.locator('figure.room [data-of=riscv_active_events]');
    assert.match((await count.getAttribute('class'))!, /differs/);
    assert.is(await count.locator('.room-value').textContent(), '0');
    assert.not.match((await viewer.locator('figure.room [data-of=mutex]').getAttribute('class'))!, /differs/);
  },
);

looking('goes to the finding that an address names', 1400, async (opened) => {
  await opened.evaluate(`location.hash = ${JSON.stringify(`#${RACE}`)}`);
  await race(opened).locator('.viewer').waitFor({ state: 'visible' });
});

looking('fits a telephone', 400, async (opened) => {
  await opened.locator('[data-fold]').click();
  assert.is(await opened.evaluate('document.documentElement.scrollWidth'), 400);
  assert.ok(await opened.locator('.log').first().isVisible());
});

looking('on a telephone, every picture of a counterexample can be read', 400, async (opened) => {
  await unfold(opened);
  const viewer = race(opened).locator('.viewer');
  const tabs = viewer.locator('[data-picture]');
  assert.ok((await tabs.count()) > 2);
  for (const tab of await tabs.all()) {
    await tab.click();
    await opened.keyboard.press('j');
    assert.equal(await opened.evaluate(UNREADABLE), [], (await tab.textContent())!);
    await opened.addStyleTag({ content: 'figure svg { min-width: 0 !important; width: 9rem !important }' });
    assert.ok(((await opened.evaluate(UNREADABLE)) as string[]).length > 0);
    await opened.evaluate('document.head.lastElementChild.remove()');
  }
});

looking('has all findings unfolded when it is printed', 1400, async (opened) => {
  await opened.evaluate('dispatchEvent(new Event("beforeprint"))');
  assert.is(await opened.locator('details:not([open])').count(), 0);
  await opened.evaluate('dispatchEvent(new Event("afterprint"))');
  assert.ok((await opened.locator('details:not([open])').count()) > 0);
});

seen.run();
