import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { append, enabled, initialState, type State } from '../../src/engine/compose/index.ts';
import { worldOf } from '../../src/explorer/session/world.ts';
import type { Fact } from '../../src/facts/index.ts';
import { headerOf, KERNEL_TRACE } from '../../src/replay/recorded.ts';
import { excerpt } from '../trace/excerpt.ts';
import { Explorer, press, until } from './opened.ts';

const page = suite("a kernel's trace in the page");

let explorer: Explorer | undefined;
page.before(async () => {
  explorer = await Explorer.start();
  if (explorer === undefined) console.log('skipped: there is no Chromium');
});
page.after(async () => explorer?.close());

const BY = 'model=kernel-trace&environment=4.16&driver=as-posted&file=trace.txt';
const sample = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../docs/samples/${name}`, import.meta.url)), 'utf8');
const text = async (opened: Page, selector: string): Promise<string> =>
  (await opened.locator(selector).first().textContent())!.replace(/\s+/g, ' ');
const position = (opened: Page) => opened.locator('.steps input').inputValue();

page('opens what a recorder printed, says what was lost, and finds callbacks', async () => {
  if (explorer === undefined) return;
  explorer.put('trace.txt', sample('ftrace-lost-events.txt'));
  await explorer.look(BY, async (opened) => {
    await opened.locator('.overview canvas').waitFor({ timeout: 30_000 });
    const parts = opened.locator('.found select').first();
    assert.equal(await parts.locator('option').allInnerTexts(), ['lines 17 to 26', 'lines 38 to 65']);
    assert.match((await parts.getAttribute('title'))!, /lines 28 to 37: CPU 0 lost 10 events before line 27/);
    await parts.selectOption('1');
    assert.match(await text(opened, '.found'), /list 14 of 14/);
    // The next callback that violates slot-owner, by keys; its line, time, CPU, task and event.
    await opened.getByLabel('violates').selectOption('any');
    const marked = Number(/list (\d+) of 14/.exec(await text(opened, '.found'))![1]);
    assert.ok(marked > 3);
    await opened.locator('h1').click();
    await press(opened, 'N');
    const at = Number(await position(opened));
    assert.ok(at > 0);
    assert.match(await text(opened, '.origin'), /^line \d+, 0\.\d+ s, cpu 0, task \d+, event 0xffff/);
    await press(opened, 'N');
    assert.ok(Number(await position(opened)) > at);
    await press(opened, 'P');
    assert.is(Number(await position(opened)), at);
    // A question of one's own is asked of this log, in a worker: each Enter goes to the next place.
    const asked = opened.locator('.question [role=status]');
    await press(opened, 'g', 'q');
    await opened.keyboard.type('event_init returns 0');
    const places: number[] = [];
    for (const number of [1, 2, 1]) {
      await press(opened, 'Enter');
      await asked.filter({ hasText: new RegExp(`^At 2 of the facts; this is number ${number}\\.$`) }).waitFor();
      places.push(Number(await position(opened)));
    }
    assert.ok(places[0]! > 0 && places[1]! > places[0]! && places[2] === places[0]);
    await opened.locator('h1').click();
    await opened.getByLabel('callback', { exact: true }).selectOption('event_init');
    await opened.getByLabel('list').check();
    const rows = await opened.locator('.calls [role=option]').allInnerTexts();
    assert.ok(rows.length > 0 && rows.every((row) => /event_init/.test(row) && /✗/.test(row)), rows.join('\n'));
  });
});

/** How many columns of the bar have the colour of a violation in their marks, in so many pixels from the left. */
const MARKED = `(() => {
  const canvas = document.querySelector('.overview canvas');
  const { width } = canvas;
  const { data } = canvas.getContext('2d').getImageData(0, 2, width, 1);
  return Array.from({ length: width }, (_, x) => x).filter((x) => data[4 * x + 3] > 0 && data[4 * x] > 120);
})()`;

page(
  'the whole trace above the panels: its times, violations of every part, a click, and filters by event and hart',
  async () => {
    if (explorer === undefined) return;
    explorer.put('trace.txt', sample('ftrace-lost-events.txt'));
    await explorer.look(BY, async (opened) => {
      await opened.locator('.overview canvas').waitFor({ timeout: 30_000 });
      assert.match(await text(opened, '.times'), /^0\.\d+ s to 0\.\d+ s$/);
      // Violations of the part that is not looked at are marked too: at the right, where the other one is.
      const { width } = (await opened.locator('.overview').boundingBox())!;
      const isMarked = (where: string): Promise<void> =>
        until(opened, `${MARKED}.some((x) => x ${where} ${width / 2})`);
      await isMarked('<');
      await isMarked('>');
      await opened.locator('.overview').click({ position: { x: width - 4, y: 14 } });
      assert.is(await opened.locator('.found select').first().inputValue(), '1');
      assert.match(await text(opened, '.origin'), /^line [56]\d, /);
      await opened.getByLabel('list').check();
      const listed = () => opened.locator('.calls [role=option]').allInnerTexts();
      const all = await listed();
      const address = /event (0x\w+)/.exec(all.at(-1)!)![1]!;
      await opened.getByLabel(/^callbacks of this event/).fill(address.slice(-4));
      const ofEvent = await listed();
      assert.ok(ofEvent.length > 0 && ofEvent.length < all.length);
      assert.ok(
        ofEvent.every((row) => row.includes(address)),
        ofEvent.join(),
      );
      await opened.getByLabel(/^callbacks of this event/).fill('');
      await opened.getByLabel('hart', { exact: true }).selectOption('-1');
      const ofTasks = await listed();
      assert.ok(ofTasks.length > 0 && ofTasks.every((row) => /event_init|destroy/.test(row)), ofTasks.join());
    });
  },
);

page('a refusal: its line, both values, what was before it, and who else accepts it', async () => {
  if (explorer === undefined) return;
  const rows = excerpt();
  rows[15].after.n_events = 1;
  explorer.put('trace.txt', rows.map((row: unknown) => JSON.stringify(row)).join('\n'));
  await explorer.look(BY, async (opened) => {
    await opened.locator('.refusal').waitFor({ timeout: 30_000 });
    const said = await text(opened, '.refusal');
    assert.match(
      said,
      /Refused at line 16, add of event 14: the slots of hart 0 do not agree on n_events after the callback/,
    );
    assert.match(said, /the model says 2, the trace shows 1\./);
    assert.match(said, /Before it: .*line 15, add of event 13\./);
    await until(opened, 'document.querySelector(".refusal").textContent.includes("other drivers and perf cores")');
    assert.match(await text(opened, '.refusal'), /None of \d+ other drivers and perf cores accepts it\./);
    // Dropped on another page, it opens as well.
    const file = `new File([${JSON.stringify(sample('perf-script.txt'))}], 'perf.txt')`;
    await opened.evaluate(`dispatchEvent(Object.assign(new Event('drop'), { dataTransfer: { files: [${file}] } }))`);
    await until(opened, 'document.querySelector(".refusal") === null && document.querySelector(".overview") !== null');
  });
});

page(
  'a trace of another driver is refused by this one: which accept it, and where it is in the whole trace',
  async () => {
    if (explorer === undefined) return;
    explorer.put('trace.txt', sample('bpftrace.txt'));
    await explorer.look(BY.replace('as-posted', 'repaired'), async (opened) => {
      await opened.locator('.refusal').waitFor({ timeout: 30_000 });
      const [, line] = /Refused at line (\d+), /.exec((await text(opened, '.refusal')).trim())!;
      await until(opened, 'document.querySelector(".refusal").textContent.includes("It is what these do: ")');
      assert.match(await text(opened, '.refusal'), /It is what these do: as-posted in 4\.16, as-posted in /);
      // What was accepted ends there.
      await press(opened, 'G');
      const [, last] = /^line (\d+), /.exec(await text(opened, '.origin'))!;
      assert.ok(Number(last) <= Number(line), `${last} <= ${line}`);
      // With a driver that accepts it, the same trace is judged anew, and nothing is refused.
      await opened.locator('.subject select').nth(2).selectOption('as-posted');
      await until(
        opened,
        'document.querySelector(".refusal") === null && document.querySelector(".overview") !== null',
      );
    });
  },
);

/** A log of so many facts of 600 events of a kernel, of which one is open at a time. */
function longLog(length: number): string {
  const subject = { model: KERNEL_TRACE, environment: '4.16', driver: 'as-posted', trace: { events: 17, harts: 1 } };
  const { system, bare } = worldOf({ ...subject, trace: { events: 1, harts: 1 } });
  const life: Fact[] = [];
  let state = initialState(system);
  do {
    const fact = [...enabled(system, state, bare)][0]!;
    life.push(fact);
    state = append(system, state, fact) as State;
  } while (life.at(-1)!.type !== 'event.free');
  const lines = Array.from({ length }, (_, at) => {
    const round = Math.floor(at / life.length);
    const place = at % life.length;
    const recorded = {
      line: 2 * round + (place < 7 ? 1 : 2),
      time: `${at}.000000`,
      cpu: 0,
      task: 100 + (round % 9),
      id: `${round % 600}`,
    };
    const isFirst = place === 0 || place === 7;
    return JSON.stringify({ ...life[place], event: round % 17, ...(isFirst && { recorded }) });
  });
  return [JSON.stringify({ ...headerOf(subject), length }), ...lines].join('\n');
}

/** Presses a key forty times in a page, each time the frame is drawn that shows what the last did. */
const STEPS = `(async () => {
  for (let step = 0; step < 40; step++) {
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'k', bubbles: true }));
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  }
})()`;

/** Milliseconds that the thread of a page works for one of forty steps: of its processor, which a busy machine changes little. */
async function stepTime(opened: Page): Promise<number> {
  const session = await opened.context().newCDPSession(opened);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const worked = async (): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics');
    return 1000 * metrics.find(({ name }) => name === 'TaskDuration')!.value;
  };
  // What is compiled at first is not what a step takes.
  await opened.evaluate(STEPS);
  const before = await worked();
  await opened.evaluate(STEPS);
  return ((await worked()) - before) / 40;
}

/** Milliseconds that it takes to read a file beside the page as JSON, line by line. */
const READ = `(async () => {
  const start = performance.now();
  const text = await (await fetch('trace.jsonl')).text();
  for (const line of text.split('\\n')) JSON.parse(line);
  return performance.now() - start;
})()`;

page('100,000 facts of 600 events: opened and stepped through about as quickly as a few hundred', async () => {
  if (explorer === undefined) return;
  const steps: number[] = [];
  for (const length of [700, 100_000]) {
    explorer.put('trace.jsonl', longLog(length));
    await explorer.look('', async (opened) => {
      const read = (await opened.evaluate(READ)) as number;
      const start = performance.now();
      await opened.evaluate("location.hash = 'file=trace.jsonl&at=350'");
      const all = `of ${Math.ceil(length / 7).toLocaleString('en')}`;
      await until(opened, `document.querySelector('.found')?.textContent.includes('${all}')`, 60_000);
      const open = performance.now() - start;
      steps.push(await stepTime(opened));
      console.log(
        `${length} facts: read ${read.toFixed(0)} ms, open ${open.toFixed(0)} ms, step ${steps.at(-1)!.toFixed(1)} ms`,
      );
      assert.ok((await opened.locator('.rows [role=option]').count()) < 100);
      if (length === 700) return;
      assert.ok(open < 25 * read, `opened in ${open} ms, and read in ${read}`);
    });
  }
  assert.ok(steps[1]! < 4 * steps[0]!, `a step takes ${steps[1]} ms, and ${steps[0]} in a short log`);
});

/** A log of a kernel's trace in which so many events are opened one after the other, and none is closed. */
function manyOpen(events: number): { text: string; length: number } {
  const subject = { model: KERNEL_TRACE, environment: '4.16', driver: 'as-posted', trace: { events, harts: 1 } };
  const { system, bare } = worldOf(subject);
  const facts: Fact[] = [];
  let state = initialState(system);
  for (let event = 0; event < events; event++) {
    const own = bare.filter((fact) => 'event' in fact && fact.event === event);
    do {
      const fact = [...enabled(system, state, own)].find(({ type }) => type !== 'destroy.call')!;
      facts.push(fact);
      state = append(system, state, fact) as State;
    } while (facts.at(-1)!.type !== 'event_init.return');
  }
  const recorded = { line: 1, time: '1.0', cpu: 0, task: 1, id: '1' };
  const lines = facts.map((fact, at) => JSON.stringify({ ...fact, ...(at === 0 && { recorded }) }));
  const { length } = facts;
  return { text: [JSON.stringify({ ...headerOf(subject), length }), ...lines].join('\n'), length };
}

page('of many open events the panels show those that acted last, say so, and a step takes no longer', async () => {
  if (explorer === undefined) return;
  const steps: number[] = [];
  for (const events of [16, 150]) {
    const { text: log, length } = manyOpen(events);
    explorer.put('open.jsonl', log);
    await explorer.look(`file=open.jsonl&at=${length}`, async (opened) => {
      await until(opened, `document.querySelector('.steps input').value === '${length}'`);
      await press(opened, 'G');
      const shown = await opened.locator('#state table caption', { hasText: /^event / }).allTextContents();
      assert.is(shown.at(-1), `event ${events - 1}`);
      assert.is(shown.length, Math.min(events, 16));
      const said = await opened.locator('#state > .caption').allTextContents();
      if (events === 16) assert.equal(said, []);
      else assert.match(said.join(), /^The 16 events that acted last, of 150 that are open/);
      steps.push(await stepTime(opened));
    });
  }
  console.log(`a step: ${steps.map((step) => step.toFixed(1)).join(' and ')} ms`);
  assert.ok(steps[1]! < 4 * steps[0]!, `a step takes ${steps[1]} ms, and ${steps[0]} with sixteen`);
});

page.run();
