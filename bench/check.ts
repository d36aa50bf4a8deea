import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What a patch on standard input takes, from the shell: milliseconds to the first error, to the end, and again from the cache. */
interface CheckTimes {
  readonly first: number;
  readonly whole: number;
  readonly cached: number;
}

const DRIVER = 'drivers/perf/starfive_starlink_pmu.c';
const MAIN = fileURLToPath(new URL('../dist/src/cli/main.js', import.meta.url));

/** The driver as a patch that makes it. */
function patchOf(tree: string): string {
  const lines = readFileSync(join(tree, DRIVER), 'utf8').trimEnd().split('\n');
  const head = ['--- /dev/null', `+++ b/${DRIVER}`, `@@ -0,0 +1,${lines.length} @@`];
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

/** Checks StarLink of a tree as a patch, with an empty cache and then again; undefined where the tree has none. */
export async function measureCheck(tree: string | undefined): Promise<CheckTimes | undefined> {
  if (tree === undefined || !existsSync(join(tree, DRIVER))) return undefined;
  const cache = mkdtempSync(join(tmpdir(), 'hartproof-bench-'));
  try {
    const patch = patchOf(tree);
    const { first, whole } = await timed(tree, patch, cache);
    return { first, whole, cached: (await timed(tree, patch, cache)).whole };
  } finally {
    rmSync(cache, { recursive: true });
  }
}
