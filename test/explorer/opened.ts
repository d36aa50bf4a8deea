import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import * as assert from 'uvu/assert';
import { buildPage } from '../../src/explorer/build.ts';
import { readPage, type Served } from '../../src/explorer/files.ts';
import { type Serving, serve } from '../../src/explorer/server.ts';
import { packageRoot } from '../../src/outside/package-root.ts';
import { browser } from '../chromium.ts';

/** How a page is looked at. */
export interface Look {
  readonly width?: number;
  readonly height?: number;
  readonly dark?: boolean;
}

/** Waits until an expression is true in the page. It is asked from outside: the page lets no text be run in it. */
export async function until(opened: Page, expression: string, milliseconds = 30_000): Promise<void> {
  const end = Date.now() + milliseconds;
  while (!(await opened.evaluate(expression))) {
    if (Date.now() > end) throw new Error(`not within ${milliseconds} ms: ${expression}`);
    await opened.waitForTimeout(20);
  }
}

/** The page has been drawn, and what it does after drawing is done, as its pictures: the second frame comes after the first one's effects. */
const drawn = (opened: Page): Promise<void> =>
  opened.evaluate(`new Promise((done) => {
    const isDone = () => document.querySelector('[aria-busy=true]') === null;
    const look = () => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => (isDone() ? done() : look()))));
    look();
  })`);

/** Presses keys one after the other, each once the page has drawn what came before and listens, and waits for what the last one changes. */
export async function press(opened: Page, ...keys: string[]): Promise<void> {
  await drawn(opened);
  for (const key of keys) {
    await opened.keyboard.press(key);
    await drawn(opened);
  }
}

/** The explorer, built from its sources and opened in a browser; undefined where there is none. */
export class Explorer {
  readonly #directory: string;
  readonly #chromium: Browser;
  readonly #files: Map<string, Served>;
  #serving: Serving;

  private constructor(directory: string, chromium: Browser, files: Map<string, Served>, serving: Serving) {
    this.#directory = directory;
    this.#chromium = chromium;
    this.#files = files;
    this.#serving = serving;
  }

  static async start(): Promise<Explorer | undefined> {
    const chromium = await browser();
    if (chromium === undefined) return undefined;
    const directory = mkdtempSync(join(tmpdir(), 'hartproof-page-'));
    await buildPage(packageRoot(), directory);
    const files = await readPage(directory);
    return new Explorer(directory, chromium, files, await serve(files, 0));
  }

  /** Lies beside the page from now on. */
  put(name: string, body: string): void {
    this.#files.set(name, { type: 'text/plain', body });
  }

  /** Looks at the page at an address; whatever goes wrong in it is the test's failure. */
  async look(link: string, action: (page: Page) => Promise<void>, look: Look = {}): Promise<void> {
    await this.lookAt(`${this.#serving.url}#${link}`, action, look);
  }

  async lookAt(
    url: string,
    action: (page: Page) => Promise<void>,
    { width = 1400, height = 900, dark = false }: Look = {},
  ): Promise<void> {
    const page = await this.#chromium.newPage({
      viewport: { width, height },
      colorScheme: dark ? 'dark' : 'light',
      acceptDownloads: true,
    });
    page.setDefaultTimeout(30_000);
    const errors: string[] = [];
    page.on('pageerror', ({ message }) => errors.push(message));
    await page.goto(url);
    await page.locator('#log [role=option]').first().waitFor();
    await action(page);
    assert.equal(errors, []);
    await page.close();
  }

  /** Serves the same files from below a path, as any web server would. */
  async below(path: string): Promise<Serving> {
    const server = createServer(({ url = '/' }, response) => {
      const name = url.startsWith(path) ? url.slice(path.length).split('?')[0]! : '';
      const file = this.#files.get(name === '' ? 'index.html' : name);
      if (!url.startsWith(path) || file === undefined) response.writeHead(404).end();
      else response.writeHead(200, { 'content-type': file.type }).end(file.body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return {
      url: `http://127.0.0.1:${port}${path}`,
      close: () => {
        server.closeAllConnections();
        return new Promise((resolve) => server.close(() => resolve()));
      },
    };
  }

  async close(): Promise<void> {
    await this.#chromium.close();
    await this.#serving.close();
    rmSync(this.#directory, { recursive: true });
  }
}
