import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import { Explorer, type Look } from './opened.ts';

/** All that is tested in a browser: one is started for all of it. */
export const page = suite('explorer in a browser');

/** The page, opened in a browser; without a browser, nothing is tested. */
export let explorer: Explorer | undefined;
page.before(async () => {
  explorer = await Explorer.start();
});
page.after(async () => {
  await explorer?.close();
});

export const MODEL = 'model=two-threads&environment=4.16&driver=as-posted';
/** The close of one event races with the open of another. */
export const RACE = `${MODEL}&log=26.ABBBBBBBBAABBBBAAAAAAAABBA.EP_o`;

/** A test of the page at an address. */
export function looking(name: string, link: string, action: (opened: Page) => Promise<void>, look: Look = {}): void {
  page(name, async () => explorer?.look(link, action, look));
}

export const text = async (opened: Page, selector: string): Promise<string> =>
  (await opened.locator(selector).textContent())!.trim();
export const position = (opened: Page): Promise<string> => opened.locator('.steps input').inputValue();
export const here = (opened: Page, id: string): Promise<string> => text(opened, `#property-${id} td:nth-child(2)`);
export const chosen = (opened: Page): Promise<string> => text(opened, '#log [aria-selected=true] .what');
