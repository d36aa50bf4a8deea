import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import * as assert from 'uvu/assert';
import { UNREADABLE } from '../unreadable.ts';
import { explorer, page, RACE } from './in-page.ts';
import { press, until } from './opened.ts';

const SIZES = [
  [400, 720],
  [880, 720],
  [1280, 720],
  [1920, 1080],
] as const;

/** What does not fit: text that is cut, a head of a panel in two lines, what is off the page, too low, too small to be pressed or to be read. */
const UNFIT = `(() => {
  const found = [];
  const name = (element) => (element.id || element.className || element.tagName) + ' ' + element.textContent.slice(0, 40);
  const boxOf = (element) => element.getBoundingClientRect();
  const isSeen = (element) => boxOf(element).width > 1 && element.closest('.hidden, svg') === null;
  const all = (selector) => [...document.querySelectorAll(selector)].filter(isSeen);
  if (document.documentElement.scrollWidth > innerWidth) found.push('the page is wider than its window');
  for (const text of all('h1, h2, header *, button, label, summary, p, .note, .origin')) {
    const isCut = getComputedStyle(text).overflowX !== 'visible' && text.scrollWidth > text.clientWidth + 1;
    if (isCut && text.clientWidth > 0 && !text.matches('input, select')) found.push('cut: ' + name(text));
    if (boxOf(text).right > innerWidth + 1 && text.closest('.scrolls, .rows') === null) found.push('off the page: ' + name(text));
  }
  for (const head of all('.panel > header')) if (boxOf(head).height > 44) found.push('in two lines: ' + name(head));
  for (const table of all('.properties .scrolls, .state .scrolls'))
    if (table.scrollWidth > table.clientWidth + 1) found.push('wider than its panel: ' + name(table));
  for (const body of all('.panel .scrolls, .panel .rows')) if (boxOf(body).height < 90) found.push('too low: ' + name(body));
  for (const control of all('button:not(p button), select, input:not([type=file]), summary')) {
    const { width, height } = boxOf(control.matches('[type=checkbox]') ? control.closest('label') : control);
    if (width < 24 || height < 23.9) found.push('too small: ' + name(control));
  }
  found.push(...${UNREADABLE});
  return [...new Set(found)];
})()`;

/** Where everything stands that is to stay there from step to step. */
const PLACES = `[...document.querySelectorAll('.top > *, .notices > *, .panel, .panel > *, .panel > header > *')].map((element) => {
  const { x, y, width, height } = element.getBoundingClientRect();
  return (element.closest('.panel')?.id ?? 'top') + ': ' + [x, y, width, height].map(Math.round);
})`;

async function fits(opened: Page, keys: readonly string[]): Promise<void> {
  for (const [width, height] of SIZES) {
    await opened.setViewportSize({ width, height });
    await press(opened, keys[0]!);
    assert.equal(await opened.evaluate(UNFIT), [], `at ${width}`);
    const places = await opened.evaluate(PLACES);
    for (const key of keys.slice(1)) {
      await press(opened, key);
      assert.equal(await opened.evaluate(PLACES), places, `at ${width}, after ${key}`);
    }
  }
}

page('a counterexample fits any width, and nothing moves from step to step', async () =>
  explorer?.look(`${RACE}&property=busy-is-true`, async (opened) => {
    await opened.getByRole('region', { name: 'the violation' }).filter({ hasText: 'Cause: ' }).waitFor();
    await opened.locator('#chart svg').waitFor();
    await fits(opened, ['G', 'k', 'k', 'K', 'g', 'j']);
    await press(opened, 'r');
    await fits(opened, ['G', 'k']);
  }),
);

/** What the last step changed that is not in view in its panel: a row, a line, a state that is lit, a step. */
const OUT_OF_VIEW = `(() => {
  const found = [];
  for (const [box, what] of [
    ['#log .rows', '[aria-selected=true]'],
    ['#code .scrolls', '[aria-current=step]'],
    ['#state .scrolls', '.changed'],
    ['#room', '.differs'],
    ['#chart', '.node [stroke-width="2"]'],
    ['#path figure', '.steps-drawn .step:last-of-type > :last-child'],
  ]) {
    const frame = document.querySelector(box)?.getBoundingClientRect();
    const place = document.querySelector(box + ' ' + what)?.getBoundingClientRect();
    if (frame === undefined || place === undefined) continue;
    const isIn = place.top >= frame.top - 1 && place.bottom <= frame.bottom + 1 && place.right > frame.left && place.left < frame.right;
    if (!isIn) found.push(box + ': ' + [place.top, place.bottom].map(Math.round) + ' of ' + [frame.top, frame.bottom].map(Math.round));
  }
  return found;
})()`;

page('what a step changes is in view in every panel', async () =>
  explorer?.look(`${RACE}&at=0`, async (opened) => {
    await opened.locator('#chart svg').waitFor();
    for (const [width, height, shows] of [
      [400, 720, 'statechart'],
      [1280, 720, 'statechart'],
      [1280, 720, 'room'],
    ] as const) {
      await opened.setViewportSize({ width, height });
      if (shows === 'room') await press(opened, 'r');
      await press(opened, 'g');
      for (let at = 1; at <= 26; at++) {
        await press(opened, 'j');
        // A chart is drawn by a worker.
        await until(opened, `${OUT_OF_VIEW}.length === 0`, 3000).catch(async () => {
          assert.equal(await opened.evaluate(OUT_OF_VIEW), [], `fact ${at} at ${width}, ${shows}`);
        });
      }
    }
    await press(opened, 'r', 'k', 'k');
    await opened.locator('#chart .node [stroke-width="2"]').waitFor();
    for (const content of ['#state table', '#chart svg', '#code .heads', '#log .rows > div']) {
      const style = await opened.addStyleTag({ content: `${content} { margin-top: 90rem }` });
      assert.ok(((await opened.evaluate(OUT_OF_VIEW)) as string[]).length > 0, content);
      await style.evaluate((element) => (element as unknown as { remove(): void }).remove());
    }
  }),
);

page("a kernel's trace fits any width, and nothing moves from step to step", async () => {
  const sample = fileURLToPath(new URL('../../docs/samples/trace-cmd-report.txt', import.meta.url));
  explorer?.put('fits.txt', readFileSync(sample, 'utf8'));
  await explorer?.look('model=kernel-trace&environment=4.16&driver=as-posted&file=fits.txt', async (opened) => {
    await opened.locator('.overview canvas').waitFor();
    await opened.getByLabel('list').check();
    await opened.locator('h1').click();
    await fits(opened, ['N', 'N', 'k']);
  });
});

page('the measure of what fits can fail', async () =>
  explorer?.look(RACE, async (opened) => {
    for (const content of [
      '.panel > header h2 { width: 1px; overflow: hidden }',
      '.panel > header { flex-wrap: wrap; width: 200px }',
      '.mover { min-height: 0 !important }',
      '.top { width: 2000px }',
      '.steps-drawn svg { width: 200px }',
      '#question { min-width: 0; max-width: 3rem }',
    ]) {
      const style = await opened.addStyleTag({ content });
      assert.ok(((await opened.evaluate(UNFIT)) as string[]).length > 0, content);
      await style.evaluate((element) => (element as unknown as { remove(): void }).remove());
    }
    const places = await opened.evaluate(PLACES);
    await opened.addStyleTag({ content: '.caption { padding-top: 1rem !important }' });
    assert.not.equal(await opened.evaluate(PLACES), places);
  }),
);
