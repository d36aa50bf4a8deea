import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { hasStore, openStore, readLog, readWhole } from '../../src/cli/logs.ts';
import { CONFIG_TEXT } from '../../src/porting/index.ts';

/** How often each command is killed: a thousand times in all where there is time (`HARTPROOF_LONG=1`). */
const KILLS = process.env.HARTPROOF_LONG === '1' ? 200 : 12;
/** How many run at once. */
const AT_ONCE = 3;

const BUNDLE = fileURLToPath(new URL('../../node_modules/.cache/hartproof/cli', import.meta.url));

test.before(async () => {
  // Bundled once: a command has to start often.
  await build({
    entryPoints: [fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))],
    outdir: BUNDLE,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
  });
});

/** Runs a command, and kills it after some milliseconds; without them it may end. Gives how long it took. */
function run(directory: string, args: readonly string[], delay?: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(process.execPath, [join(BUNDLE, 'main.js'), ...args], { cwd: directory, stdio: 'ignore' });
    if (delay !== undefined) setTimeout(() => child.kill('SIGKILL'), delay);
    child.on('error', reject);
    child.on('close', () => resolve(performance.now() - started));
  });
}

/** Each command that writes, and how what it wrote is read by the next one: throws if it is there, and not whole. */
const COMMANDS: Record<string, { args: string[]; check: (directory: string, whole: string) => unknown }> = {
  simulate: {
    args: ['simulate', 'two-threads', '--steps', '3000', '--log', 'out.jsonl'],
    check: async (directory) => {
      if (!existsSync(join(directory, 'out.jsonl'))) return;
      const { facts, isTorn } = await readLog(join(directory, 'out.jsonl'), directory);
      assert.not(isTorn);
      assert.is(facts.length, 3000);
    },
  },
  audit: {
    args: ['audit', 'foreign-owner', '--html', 'out'],
    check: async (directory, whole) => {
      sameOrNone(directory, whole);
      if (!hasStore(join(directory, '.hartproof'))) return;
      const store = await openStore(join(directory, '.hartproof'));
      // Throws if one has fewer facts than it had.
      for (const name of store.logs()) assert.ok(readWhole(store, name).facts.length > 0);
      store.close();
    },
  },
  paths: { args: ['paths', 'two-of-a-kind', '--format', 'json', '-o', 'out'], check: sameOrNone },
  graph: { args: ['graph', 'lifecycle', '--format', 'mermaid', '-o', 'out'], check: sameOrNone },
  init: {
    args: ['init', 'out'],
    check: (directory) => sameOrNone(directory, CONFIG_TEXT),
  },
};

function sameOrNone(directory: string, whole: string): void {
  const file = join(directory, 'out');
  // What it says of time differs; how it ends does not.
  if (existsSync(file)) assert.ok(readFileSync(file, 'utf8').endsWith(whole.slice(-20)), 'it was written in part');
}

for (const [name, { args, check }] of Object.entries(COMMANDS))
  test(`${name}: none of ${KILLS} kills leaves what the next run misreads`, async () => {
    const whole = mkdtempSync(join(tmpdir(), 'hartproof-kill-'));
    const took = await run(whole, args);
    const out = readdirSync(whole).includes('out') ? readFileSync(join(whole, 'out'), 'utf8') : '';
    rmSync(whole, { recursive: true });
    const kill = async (index: number): Promise<void> => {
      const directory = mkdtempSync(join(tmpdir(), 'hartproof-kill-'));
      // Most of what is written is written late.
      await run(directory, args, took * (0.5 + (0.7 * (index + 1)) / KILLS));
      await check(directory, out);
      rmSync(directory, { recursive: true });
    };
    for (let first = 0; first < KILLS; first += AT_ONCE)
      await Promise.all(Array.from({ length: Math.min(AT_ONCE, KILLS - first) }, (_, offset) => kill(first + offset)));
  });

test.run();
