import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * What a patch on standard input takes, from the shell: milliseconds to the first error while nothing is built yet, to the first
 * and to the end where the kernel that drivers of the tree meet is, and again from the cache.
 */
interface CheckTimes {
  readonly cold: number;
  readonly first: number;
  readonly whole: number;
  readonly cached: number;
}

const DRIVER = 'drivers/perf/starfive_starlink_pmu.c';
const OTHER = 'drivers/perf/arm_dsu_pmu.c';
const MAIN = fileURLToPath(new URL('../dist/src/cli/main.js', import.meta.url));

/** A driver as a patch that makes it. */
function patchOf(tree: string, driver: string): string {
  const lines = readFileSync(join(tree, driver), 'utf8').trimEnd().split('\n');
  const head = ['--- /dev/null', `+++ b/${driver}`, `@@ -0,0 +1,${lines.length} @@`];
  return `Subject: [PATCH] a driver\n\n${[...head, ...lines.map((line) => `+${line}`)].join('\n')}\n`;
}

function timed(tree: string, patch: string, cache: string): Promise<{ first: number; whole: number }> {
  const started = performance.now();
  const env = { ...process.env, XDG_CACHE_HOME: cache };
  const child = spawn(process.execPath, [MAIN, 'check', '--tree', tree, '-'], {
    env,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  let first: number | undefined;
  child.stdout.on('data', (text: Buffer) => {
    if (/: (?:ERROR|WARNING): /.test(text.toString())) first ??= performance.now() - started;
  });
  child.stdin.end(patch);
  return new Promise((resolve) =>
    child.on('exit', () => {
      const whole = performance.now() - started;
      resolve({ first: first ?? whole, whole });
    }),
  );
}

/** Checks StarLink of a tree as a patch: first of all, after another driver, and again; undefined where the tree has none. */
export async function measureCheck(tree: string | undefined): Promise<CheckTimes | undefined> {
  if (tree === undefined || !existsSync(join(tree, DRIVER))) return undefined;
  const [empty, cache] = [0, 1].map(() => mkdtempSync(join(tmpdir(), 'hartproof-bench-'))) as [string, string];
  try {
    const patch = patchOf(tree, DRIVER);
    const { first: cold } = await timed(tree, patch, empty);
    await timed(tree, patchOf(tree, OTHER), cache);
    const { first, whole } = await timed(tree, patch, cache);
    return { cold, first, whole, cached: (await timed(tree, patch, cache)).whole };
  } finally {
    for (const directory of [empty, cache]) rmSync(directory, { recursive: true });
  }
}
