import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { needs } from './needs.ts';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** A browser without a window; undefined where there is none, which is said once. `CHROMIUM` in the environment names another one. */
export async function browser(): Promise<Browser | undefined> {
  const executablePath = [process.env.CHROMIUM, ...PLACES].find((path) => path !== undefined && existsSync(path));
  if (!needs('Chromium', executablePath !== undefined)) return undefined;
  return await chromium.launch({ executablePath: executablePath!, args: ['--no-sandbox'] });
}
