import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import sharedSlot from '../../docs/examples/shared-slot.ts';
import { withDecisions } from '../../machines/drivers.ts';
import { modelOf } from '../../models/index.ts';
import { audit } from '../../src/audit/audit.ts';
import { modelled } from '../../src/audit/modelled.ts';
import { violationsOf } from '../../src/audit/violation.ts';
import { check } from '../../src/engine/check/index.ts';
import { append, enabled, initialState, type State } from '../../src/engine/compose/index.ts';
import { digestsOf } from '../../src/explorer/machine-digests.ts';
import { linkToLog } from '../../src/explorer/session/link-to-log.ts';
import { writeLogFile } from '../../src/explorer/session/log-file.ts';
import type { World } from '../../src/explorer/session/world.ts';
import type { Fact, Verdict } from '../../src/facts/index.ts';
import { modelsFor } from '../../src/porting/models.ts';
import { headerOf, isByTheseMachines } from '../../src/replay/recorded.ts';
import { JsonLinesStore } from '../../src/store/index.ts';
import { hartproof } from '../cli/run.ts';
import './accessible.ts';
import './counterexamples.ts';
import './fits.ts';
import { chosen, explorer, here, looking, MODEL, page, position, RACE, text } from './in-page.ts';
import { press, until } from './opened.ts';
import { THREADS } from './worlds.ts';

/** One that a fact breaks, and one that a state does. */
const BROKEN = { 'busy-is-true': '✗ violated here', 'reserved-while-live': '✗ in flight' };

page(
  'a counterexample of the audit opens by its link, and is stepped to the fact that violates the property',
  async () => {
    if (explorer === undefined) return;
    const target = modelled('as-posted');
    const results = await audit({
      target,
      models: [modelOf('two-threads')],
      environments: ['4.16'],
      properties: Object.keys(BROKEN),
    });
    for (const { property, counterexample, shownIn } of await violationsOf(results, target)) {
      const { facts } = counterexample;
      const header = { ...THREADS.subject, environment: shownIn.environment, breaks: property.id };
      await explorer.look(`${linkToLog(header, facts)}&at=0`, async (opened) => {
        assert.is(await position(opened), '0');
        for (let step = 1; step < facts.length; step++) await press(opened, 'j');
        assert.is(await position(opened), String(facts.length - 1));
        assert.not.match(await here(opened, property.id), /✗/);
        await press(opened, 'j');
        assert.is(await here(opened, property.id), BROKEN[property.id as keyof typeof BROKEN]);
        assert.match((await opened.locator(`#property-${property.id}`).getAttribute('class'))!, /chosen/);
        assert.is(await opened.locator('#path .steps-drawn svg').getByText(property.id).count(), 1);
        await press(opened, 'k');
        assert.not.match(await here(opened, property.id), /✗/);
      });
    }
  },
);

looking('opens at the end of a link, or where it says', `${RACE}&at=24`, async (opened) => {
  assert.is(await position(opened), '24');
  assert.is(await chosen(opened), 'pr_warn("PMC hardware busy")');
  assert.match(
    await text(opened, '#machines .caption'),
    /^driver, event 1 is at riscv_event_init:394-395 after fact 24/,
  );
  await opened.locator('#chart .node [stroke-width="2"]').waitFor();
  assert.is(
    await opened.locator('#chart .node').filter({ hasText: 'giveBack' }).locator('[stroke-width="2"]').count(),
    1,
  );
  assert.ok((await opened.locator('#chart .edge [stroke-width="2.2"]').count()) > 0);
});

looking('marks what the last fact changed', `${RACE}&at=22`, async (opened) => {
  const changed = await opened.locator('#state .changed').allTextContents();
  assert.ok(
    changed.some((row) => /riscv_active_events2changed, was 1/.test(row)),
    changed.join(),
  );
  assert.ok((await opened.locator('#state tr:not(.changed)').count()) > 5);
});

looking('greys what cannot happen, and says who refuses it and why', `${RACE}&at=1`, async (opened) => {
  const refused = opened.locator('#next [aria-disabled=true]').filter({ hasText: 'destroy.call event 0' });
  assert.match(
    (await refused.textContent())!,
    /perf core, event 0 is in initialising\.askeddriver, event 0 is at riscv_event_init:389/,
  );
  assert.is(await opened.locator('#next .possible button').count(), 2);
});

looking('filters the next facts by a key, and takes the first by Enter', MODEL, async (opened) => {
  const all = await opened.locator('#next li').count();
  await press(opened, '/');
  await opened.keyboard.type('event 1 open');
  assert.is(await opened.locator('#next .possible li').count(), 0);
  await press(opened, 'Escape');
  assert.is(await opened.locator('#next li').count(), all);
  await press(opened, '/');
  await opened.keyboard.type('init EVENT 1');
  assert.is(await opened.locator('#next .possible li').count(), 1);
  await press(opened, 'Enter');
  assert.is(await position(opened), '1');
  assert.is(await chosen(opened), 'event_init(event 1: cycles)');
});

looking('finds EBUSY with two threads in three keys', MODEL, async (opened) => {
  await press(opened, 'q', 'b', 'Enter');
  await opened
    .locator('.question [role=status]')
    .filter({ hasText: 'Reached by a shortest path: 18 facts.' })
    .waitFor();
  assert.is(await opened.locator('#question').inputValue(), 'event_init returns EBUSY');
  assert.is(await position(opened), '18');
  assert.match(await chosen(opened), /event_init returns -EBUSY/);
  // The line of C says what it answers in this step, and what is lit of the chart is not under its buttons.
  assert.match((await opened.locator('#code [aria-current]').textContent())!, /^428\s*event_init returns -EBUSY$/);
  const [lit, buttons] = await Promise.all(
    ['#chart .edge [stroke-width="2.2"]', '#machines .zoom'].map((of) => opened.locator(of).first().boundingBox()),
  );
  assert.ok(lit!.y + lit!.height <= buttons!.y + 1, `${lit!.y + lit!.height} > ${buttons!.y}`);
});

looking('a question is completed, asked, and refused where it cannot be understood', MODEL, async (opened) => {
  const status = opened.locator('.question [role=status]');
  await press(opened, 'q');
  await opened.keyboard.type('never wai');
  const options = opened.locator('#questions [role=option]');
  assert.is(await options.first().textContent(), 'never mutex.wait');
  await press(opened, 'ArrowDown');
  assert.is(await opened.locator('#question').getAttribute('aria-activedescendant'), 'question-0');
  await press(opened, 'Enter');
  await status.filter({ hasText: 'Violated by a shortest path:' }).waitFor();
  const asked = async (text: string) => {
    await opened.locator('#question').fill(text);
    await press(opened, 'Enter');
  };
  await asked('event_init returns ENOSPC');
  await status.filter({ hasText: 'Not reachable: 407 states, all there are. Where it was looked at' }).waitFor();
  await asked('event 7 is live and warn');
  await status.filter({ hasText: 'there is no such event here; there are 0, 1' }).waitFor();
  await asked('zzz = ');
  await status.filter({ hasText: 'a value is missing at the end' }).waitFor();
  assert.is(await options.count(), 0);
});

looking('forks, keeps the branch, goes back to it, and tells the difference', RACE, async (opened) => {
  await press(opened, 'm', 'g', 'j', 'j');
  assert.is(await position(opened), '2');
  await opened.locator('#next .possible button').filter({ hasNotText: 'as in the log' }).first().click();
  assert.equal(await opened.locator('.branches option').allTextContents(), ['main (26 facts)', 'fork at 2 (3 facts)']);
  assert.is(await position(opened), '3');
  await press(opened, 'd');
  assert.match(await text(opened, '.difference'), /Mark: main at 26\. Here: at 3\. Both begin with the same 2 facts\./);
  assert.match(await text(opened, '.difference'), /event 0 perf core/);
  assert.is(await opened.locator('.difference ol').count(), 2);
  // All of it is in the address.
  await until(opened, 'location.hash.split("log=").length === 3');
  const link = (await opened.evaluate('location.hash')) as string;
  await press(opened, 'b');
  assert.is(await position(opened), '26');
  await explorer!.look(link.slice(1), async (again) => {
    assert.is(await position(again), '3');
    assert.is(await again.locator('.branches option').count(), 2);
  });
});

/** What the page says of a verdict: the shortest log, and beside it the one after which the property stays violated. */
function expectedOf(verdict: Verdict): string {
  if (verdict.verdict !== 'violated') return `✓ ${verdict.verdict}`;
  const { facts, lasting } = verdict.counterexample;
  return `✗ ${facts.length} facts${lasting ? `✗ ${lasting.facts.length} facts that lasts` : ''}`;
}

looking('searches in a worker, with the verdicts of a search outside of it', MODEL, async (opened) => {
  const { verdicts } = await check(THREADS.system, THREADS.properties);
  await press(opened, 's');
  await opened.locator('#properties .status').filter({ hasText: 'Searched to the end' }).waitFor();
  for (const [id, verdict] of verdicts) {
    const overall = await text(opened, `#property-${id} td:nth-child(3)`);
    assert.is(overall, expectedOf(verdict), id);
  }
  await opened.locator('#property-busy-is-true td:nth-child(3) button').click();
  assert.is(await here(opened, 'busy-is-true'), '✗ violated here');
});

looking('a search can be cancelled, and is no pass then', 'model=any-order-pair&driver=as-posted', async (opened) => {
  await press(opened, 's');
  await opened.locator('#properties .status').filter({ hasText: 'to expand' }).waitFor();
  await press(opened, 's');
  await opened.locator('#properties .status').filter({ hasText: 'Stopped (interrupted)' }).waitFor();
  const overall = await opened.locator('#properties td:nth-child(3)').allTextContents();
  assert.ok(
    overall.every((one) => /bounded|✗/.test(one)),
    overall.join(),
  );
});

looking('folds the log to calls, and steps by them', RACE, async (opened) => {
  const rows = opened.locator('#log [role=option]');
  const all = Number(await rows.first().getAttribute('aria-setsize'));
  await press(opened, 'c');
  const folded = Number(await rows.first().getAttribute('aria-setsize'));
  assert.ok(folded < all);
  await press(opened, 'g', 'J', 'J');
  const at = Number(await position(opened));
  assert.ok(at > 2, `${at}`);
  await press(opened, 'K');
  assert.ok(Number(await position(opened)) < at);
  await press(opened, 'c');
  assert.is(Number(await rows.first().getAttribute('aria-setsize')), all);
});

looking('goes on with one call until it returns, whatever else could happen', MODEL, async (opened) => {
  await press(opened, '1', ' ');
  assert.match(await chosen(opened), /event_init returns 0/);
  assert.is(await position(opened), '7');
});

looking('is walked by keys alone', MODEL, async (opened) => {
  await press(opened, '1', ' ', 'k', 'Home', 'End');
  assert.not.equal(await position(opened), '0');
  await press(opened, 't', 't', 'f', 'T', '?');
  assert.ok(await opened.locator('dialog[open]').isVisible());
  await press(opened, 'Escape');
  const machines = opened.locator('[role=tab][aria-selected=true]');
  await machines.focus();
  const before = await machines.textContent();
  const at = await position(opened);
  await press(opened, 'ArrowRight');
  assert.not.equal(await machines.textContent(), before);
  assert.is(await position(opened), at);
  // Everything that can be done can be reached by Tab, and is seen there.
  await opened.evaluate(`{
    globalThis.reached = new Set();
    addEventListener('focusin', ({ target }) => {
      const place = target.closest('section')?.id ?? target.closest('header')?.className ?? '';
      reached.add(place + (getComputedStyle(target).outlineStyle === 'none' ? ' unseen' : ''));
    });
  }`);
  for (let count = 0; count < 95; count++) await opened.keyboard.press('Tab');
  const reached = new Set((await opened.evaluate('[...reached]')) as string[]);
  for (const place of ['top', 'next', 'log', 'code', 'machines', 'path', 'state', 'properties'])
    assert.ok(reached.has(place), place);
  assert.not.ok(
    [...reached].some((place) => place.endsWith('unseen') && place !== ' unseen'),
    [...reached].join(),
  );
});

looking('saves a log that the store reads', RACE, async (opened) => {
  const [saved] = await Promise.all([opened.waitForEvent('download'), press(opened, 'e')]);
  const directory = mkdtempSync(join(tmpdir(), 'hartproof-'));
  try {
    await saved.saveAs(join(directory, 'saved.jsonl'));
    const store = new JsonLinesStore(directory);
    assert.is(store.version('saved'), 26);
    assert.ok(isByTheseMachines(store.header('saved')));
  } finally {
    rmSync(directory, { recursive: true });
  }
  await opened.locator('#chart svg').waitFor();
  const [picture] = await Promise.all([
    opened.waitForEvent('download'),
    opened.locator('#machines button', { hasText: 'SVG' }).click(),
  ]);
  assert.match(await readFile(await picture.path(), 'utf8'), /^<svg[^>]* xmlns=/);
});

looking('follows an address that is changed, and goes back', RACE, async (opened) => {
  await press(opened, 'k', 'k');
  await until(opened, 'location.hash.endsWith("at=24")');
  await opened.evaluate(`location.hash = 'model=foreign-owner&environment=5.10&driver=repaired'`);
  await until(opened, 'document.querySelector(".asks").textContent.startsWith("What becomes of another owner")');
  assert.is(await position(opened), '0');
  await opened.locator('.subject select').first().selectOption('two-harts');
  await until(opened, 'location.hash.includes("two-harts")');
  await opened.goBack();
  await until(opened, 'document.querySelector(".asks").textContent.startsWith("What becomes of another owner")');
  await opened.goBack();
  await until(opened, 'document.querySelector(".steps input").value === "24"');
});

looking(
  'says what is wrong with an address, and shows what there is',
  'model=no-such-model&log=1.A.aaaa',
  async (opened) => {
    assert.match(await text(opened, '[role=alert]'), /there is no model no-such-model/);
    assert.is(await position(opened), '0');
  },
);

looking('leaves out a log of other machines', `${MODEL}&log=26.ABBBBBBBBAABBBBAAAAAAAABBA.AAAA`, async (opened) => {
  assert.match(await text(opened, '[role=alert]'), /other machines/);
});

looking('opens a file, and says where the machines do not follow it', MODEL, async (opened) => {
  const facts: Fact[] = [
    { type: 'event_init.call', event: 0, attribute: 'cycles' },
    { type: 'mutex.lock', event: 0 },
    { type: 'event.free', event: 0 },
  ];
  const buffer = Buffer.from(writeLogFile({ ...headerOf(THREADS.subject), machines: 'others' }, facts));
  await opened.locator('#file').setInputFiles({ name: 'odd.jsonl', mimeType: 'text/plain', buffer });
  await opened.locator('[role=alert] p').nth(1).waitFor();
  const said = await text(opened, '[role=alert]');
  assert.match(said, /Other machines than these wrote this log/);
  assert.match(
    said,
    /Fact 2 \(event 0: mutex_lock\(&pmc_reserve_mutex\)\) cannot happen here.*driver, event 0 is at riscv_event_init:389/,
  );
  assert.is(await position(opened), '1');
  assert.is(await text(opened, '.steps .of'), 'of 3');
  // What can happen there is another branch, and the log is kept.
  await press(opened, '1');
  assert.equal(await opened.locator('.branches option').allTextContents(), [
    'odd.jsonl (3 facts)',
    'fork at 1 (2 facts)',
  ]);
  await opened
    .locator('#file')
    .setInputFiles({ name: 'x.jsonl', mimeType: 'text/plain', buffer: Buffer.from('no log') });
  await opened
    .locator('[role=alert] p', { hasText: 'x.jsonl is no log that can be opened: line 1 is no JSON' })
    .waitFor();
  assert.is(await position(opened), '2');
});

/** Event 0 is opened and closed: after that, everything is as before. */
function lifeOfAnEvent({ system, bare }: World): Fact[] {
  const life: Fact[] = [];
  let state = initialState(system);
  do {
    const fact = [...enabled(system, state, bare)].find((one) => 'event' in one && one.event === 0)!;
    life.push(fact);
    state = append(system, state, fact) as State;
  } while (life.at(-1)!.type !== 'event.free');
  return life;
}

page('stays usable with a log of 100,000 facts', async () => {
  if (explorer === undefined) return;
  const life = lifeOfAnEvent(THREADS);
  const facts = Array.from({ length: 100_000 }, (_, at) => life[at % life.length]!);
  explorer.put('long.jsonl', writeLogFile(headerOf(THREADS.subject), facts));
  await explorer.look('file=long.jsonl&at=5', async (opened) => {
    assert.is(await text(opened, '.steps .of'), 'of 100,000');
    assert.is(await position(opened), '5');
    await until(opened, 'document.querySelector(".steps progress") === null', 60_000);
    await press(opened, 'G');
    assert.is(await position(opened), '100000');
    await opened.locator('.steps input').fill('54321');
    await press(opened, 'Enter');
    assert.is((await opened.locator('#log [aria-selected=true]').getAttribute('id'))!, 'fact-54321');
    assert.ok((await opened.locator('#log [role=option]').count()) < 100);
    assert.match(await text(opened, '#path .caption'), /^facts 54,262 to 54,321/);
    await opened.locator('h1').click();
    await press(opened, 'k', 'k');
    assert.is(await position(opened), '54319');
    await until(opened, 'location.hash.endsWith("file=long.jsonl&at=54319")');
  });
});

page("opens a kernel's trace, and says which properties its recording leaves open", async () => {
  if (explorer === undefined) return;
  const directory = mkdtempSync(join(tmpdir(), 'hartproof-trace-'));
  const sample = fileURLToPath(new URL('../../docs/samples/trace-cmd-report.txt', import.meta.url));
  hartproof(directory, 'trace', 'import', sample, '--log', 'trace.jsonl');
  const [header, ...facts] = (await readFile(join(directory, 'trace.jsonl'), 'utf8')).split('\n');
  // As of a recording that does not show enough of it.
  const open = JSON.stringify({ ...JSON.parse(header!), undecided: ['count-exact'] });
  explorer.put('trace.jsonl', [open, ...facts].join('\n'));
  rmSync(directory, { recursive: true });
  await explorer.look('file=trace.jsonl', async (opened) => {
    assert.match(await text(opened, '.asks'), /2 events at a time on 1 hart/);
    assert.is(await here(opened, 'slot-owner'), '✗ violated at 48');
    assert.is(await here(opened, 'count-exact'), '✗ violated at 55');
    assert.ok(await opened.locator('#properties button', { hasText: 'Search' }).isDisabled());
    await opened.locator('#property-slot-owner td button').click();
    assert.is(await chosen(opened), 'event 1: add returns 0');
    await opened.locator('h1').click();
    await press(opened, 's', 'k');
    assert.is(await here(opened, 'slot-owner'), '✓ kept');
    assert.is(await here(opened, 'count-exact'), 'undecided');
    await until(opened, 'location.hash.endsWith("file=trace.jsonl&at=47")');
    await opened.getByLabel('model').selectOption('two-threads');
    assert.is(await text(opened, '.steps .of'), 'of 0');
    assert.not.match(await here(opened, 'errno-contract'), /undecided/);
  });
});

page('explores a driver that a file describes, as the modelled ones', async () => {
  if (explorer === undefined) return;
  const config = { file: 'hartproof.config.ts', digest: '0' };
  const of = { machine: withDecisions(sharedSlot.decisions), models: modelsFor(sharedSlot.pmu), pmu: sharedSlot.pmu };
  explorer.put('port.json', JSON.stringify({ ...sharedSlot, config, digests: digestsOf(sharedSlot.name, of) }));
  const MINE = 'port=port.json&model=counter-hpmcounter3&environment=4.16&driver=shared-slot';
  await explorer.look(MINE, async (opened) => {
    await opened.locator('#chart svg').waitFor();
    await press(opened, '1', 's');
    await opened.locator('#properties .status').filter({ hasText: 'Searched to the end' }).waitFor({ timeout: 30_000 });
    await opened.locator('#property-index-in-bounds td:nth-child(3) button').click();
    assert.is(await here(opened, 'index-in-bounds'), '✗ violated here');
    await until(opened, 'location.hash.includes("port=port.json") && location.hash.includes("&log=")');
    const [saved] = await Promise.all([opened.waitForEvent('download'), press(opened, 'e')]);
    const [header] = (await readFile(await saved.path(), 'utf8')).split('\n');
    assert.equal(JSON.parse(header!).config, config);
    assert.ok(isByTheseMachines(JSON.parse(header!), of));
    await opened.locator('.subject select').nth(2).selectOption('as-posted');
    assert.match(await text(opened, '.asks'), /\?$/);
  });
});

page('is as good below any path of any web server', async () => {
  const elsewhere = await explorer?.below('/a/b/explorer/');
  if (elsewhere === undefined) return;
  await explorer!.lookAt(`${elsewhere.url}#${RACE}`, async (opened) => {
    await opened.locator('#chart svg').waitFor();
    await press(opened, 's');
    await opened.locator('#properties .status').filter({ hasText: 'Searched to the end' }).waitFor();
  });
  await elsewhere.close();
});

page.run();
