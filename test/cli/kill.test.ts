import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { hasStore, openStore, readLog, readWhole } from '../../src/cli/logs.ts';
import { pageDirectory } from '../../src/explorer/files.ts';
import { needs } from '../needs.ts';
import { driverFile, needsCompiler } from '../subject/tiny.ts';
import { MAIN } from './run.ts';

/** How often each command is killed: a thousand times in all where there is time (`HARTPROOF_LONG=1`). */
const KILLS = process.env.HARTPROOF_LONG === '1' ? 84 : 3;
/** How many run at once. */
const AT_ONCE = 3;

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const sample = (name: string): string => join(ROOT, 'docs/samples', name);

/** A log that is replayed. */
const KEPT = join(mkdtempSync(join(tmpdir(), 'hartproof-kept-')), 'kept.jsonl');

test.before(async () => {
  await run(tmpdir(), ['simulate', 'two-threads', '--steps', '2000', '--log', KEPT]);
});

test.after(() => rmSync(dirname(KEPT), { recursive: true }));

/** Runs a command, and kills it after some milliseconds; without them it may end. Gives how long it took. */
function run(directory: string, args: readonly string[], delay?: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const env = { ...process.env, XDG_CACHE_HOME: directory };
    const child = spawn(process.execPath, [MAIN, ...args], { cwd: directory, env, stdio: 'ignore' });
    if (delay !== undefined) setTimeout(() => child.kill('SIGKILL'), delay);
    child.on('error', reject);
    child.on('close', () => resolve(performance.now() - started));
  });
}

/** What a command wrote into the directory in which it ran, by path; of a log it is its facts that count. */
type Written = ReadonlyMap<string, string>;

function writtenIn(directory: string): Written {
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.startsWith('out') && statSync(join(directory, file)).isFile(),
  );
  return new Map(files.map((file) => [file, readFileSync(join(directory, file), 'latin1')]));
}

/** What one command writes, of C also into a cache. */
interface Command {
  readonly args: readonly string[];
  /** What the next command reads of it beside the files in whole: throws if it is there, and not whole. */
  readonly check?: (directory: string) => unknown;
  /** Whether what it needs is there. */
  readonly can?: () => boolean;
}

const OF_C = ['two-threads', '--environment', '4.16', '--source', driverFile('tiny')];

/** Each command that writes. `check` and `repair` of C write as `audit` and `graph` do, and search for minutes before. */
const COMMANDS: Record<string, Command> = {
  simulate: { args: ['simulate', 'two-threads', '--steps', '3000', '--log', 'out.jsonl'] },
  audit: { args: ['audit', 'foreign-owner', '--html', 'out'], check: storeIsWhole },
  'audit, in all formats': {
    args: [
      'audit',
      'refused-open-raw',
      ...['--json', '--markdown', '--junit', '--sarif'].flatMap((option) => [option, `out${option}`]),
    ],
    check: storeIsWhole,
  },
  'trace import': { args: ['trace', 'import', sample('trace-cmd-report.txt'), '--log', 'out.jsonl', '--html', 'out'] },
  'trace import, of several segments': {
    args: ['trace', 'import', sample('ftrace-lost-events.txt'), '--log', 'out.jsonl', '--sarif', 'out'],
    // The first is written last: where it is, the others are.
    check: (directory) => {
      if (existsSync(join(directory, 'out.jsonl'))) assert.ok(existsSync(join(directory, 'out-2.jsonl')));
    },
  },
  reach: { args: ['reach', 'event_init returns EBUSY', 'two-threads', '-o', 'out.jsonl'] },
  replay: { args: ['replay', KEPT, '--format', 'text', '-o', 'out'] },
  paths: { args: ['paths', 'two-of-a-kind', '--format', 'json', '-o', 'out'] },
  graph: { args: ['graph', 'lifecycle', '--format', 'mermaid', '-o', 'out'] },
  export: { args: ['export', 'two-threads', '--format', 'aut', '-o', 'out'] },
  explore: {
    args: ['explore', '--build', 'out'],
    check: (directory) => {
      if (!existsSync(join(directory, 'out', 'index.html'))) return;
      assert.equal(readdirSync(join(directory, 'out')).sort(), readdirSync(pageDirectory()).sort());
    },
  },
  init: { args: ['init', 'out.ts'] },
  prove: {
    args: [
      'prove',
      'any-opens',
      '--environment',
      '4.16',
      '--driver',
      'repaired',
      '--proof',
      'out',
      '--json',
      'out.json',
    ],
  },
  crosscheck: {
    args: ['crosscheck', 'two-threads', '--environment', '4.16', '--json', 'out'],
    can: () => needs('SPIN', hasSpin()),
  },
  'audit of C, as a baseline': {
    args: ['audit', ...OF_C, '--write-baseline', 'out'],
    check: async (directory) => {
      await storeIsWhole(directory);
      cacheIsWhole(directory);
    },
    can: needsCompiler,
  },
  conform: { args: ['conform', ...OF_C, '--no-self-test', '--html', 'out'], check: cacheIsWhole, can: needsCompiler },
};

function hasSpin(): boolean {
  return spawnSync('spin', ['-V']).status === 0;
}

/** An entry of the cache of builds says of each of its files what it is, or has no name that is looked up. */
function cacheIsWhole(directory: string): void {
  const cache = join(directory, 'hartproof');
  for (const entry of existsSync(cache) ? readdirSync(cache) : []) {
    if (entry.startsWith('unfinished-')) continue;
    const { made } = JSON.parse(readFileSync(join(cache, entry, 'reads.json'), 'utf8'));
    for (const [file, digest] of Object.entries(made))
      assert.is(
        createHash('sha256')
          .update(readFileSync(join(cache, entry, file)))
          .digest('hex')
          .slice(0, 32),
        digest,
      );
  }
}

async function storeIsWhole(directory: string): Promise<void> {
  if (!hasStore(join(directory, '.hartproof'))) return;
  const store = await openStore(join(directory, '.hartproof'));
  // Throws if one has fewer facts than it had.
  for (const name of store.logs()) assert.ok(readWhole(store, name).facts.length > 0);
  store.close();
}

/** Throws if a file is there, but not as it should be. What reports say of time differs; how they end does not. */
async function filesAreWhole(directory: string, whole: Written): Promise<void> {
  for (const [file, text] of writtenIn(directory))
    if (file.endsWith('.jsonl')) {
      const { facts, isTorn } = await readLog(join(directory, file), directory);
      assert.not(isTorn);
      assert.is(facts.length, whole.get(file)!.trimEnd().split('\n').length - 1, file);
    } else if (!file.includes('draft'))
      assert.ok(text.endsWith(whole.get(file)!.slice(-20)), `${file} was written in part`);
}

for (const [name, { args, check, can }] of Object.entries(COMMANDS))
  test(`${name}: none of ${KILLS} kills leaves what the next run misreads`, async () => {
    if (can?.() === false) return;
    const directory = mkdtempSync(join(tmpdir(), 'hartproof-kill-'));
    const took = await run(directory, args);
    const whole = writtenIn(directory);
    rmSync(directory, { recursive: true });
    assert.ok(whole.size > 0, 'it wrote nothing');
    const kill = async (index: number): Promise<void> => {
      const directory = mkdtempSync(join(tmpdir(), 'hartproof-kill-'));
      // Most of what is written is written late.
      await run(directory, args, took * (0.5 + (0.7 * (index + 1)) / KILLS));
      await filesAreWhole(directory, whole);
      await check?.(directory);
      rmSync(directory, { recursive: true });
    };
    for (let first = 0; first < KILLS; first += AT_ONCE)
      await Promise.all(Array.from({ length: Math.min(AT_ONCE, KILLS - first) }, (_, offset) => kill(first + offset)));
  });

test.run();
