import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { JsonLinesStore, type LogStore } from '../../src/store/index.ts';
import { SqliteStore } from '../../src/store/sqlite.ts';

/** How often each adapter's writer is killed: a thousand times in all where there is time (`HARTPROOF_LONG=1`). */
const KILLS = process.env.HARTPROOF_LONG === '1' ? 500 : process.env.HARTPROOF_ALL === '1' ? 20 : 8;

const WRITER = fileURLToPath(new URL('../../node_modules/.cache/hartproof/writer.mjs', import.meta.url));

const OPEN = {
  'json-lines': (directory: string): LogStore => new JsonLinesStore(directory),
  sqlite: (directory: string): LogStore => new SqliteStore(join(directory, 'logs.db')),
};

test.before(async () => {
  // Bundled once: a writer has to start often.
  await build({
    entryPoints: [fileURLToPath(new URL('writer.ts', import.meta.url))],
    outfile: WRITER,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  });
});

/** Starts a writer, kills it some milliseconds after its first append, and gives the last version that it was told is there. */
function writeAndDie(adapter: string, directory: string, delay: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const writer = spawn(process.execPath, [WRITER, adapter, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    writer.stdout.on('data', (chunk: Buffer) => {
      if (said === '') setTimeout(() => writer.kill('SIGKILL'), delay);
      said += chunk.toString();
    });
    writer.on('error', reject);
    writer.on('close', () => resolve(Number(said.split('\n').at(-2))));
  });
}

for (const [adapter, open] of Object.entries(OPEN))
  test(`${adapter}: what was acknowledged is there after each of ${KILLS} kills`, async () => {
    const directory = mkdtempSync(join(tmpdir(), 'hartproof-kill-'));
    let store = open(directory);
    store.create('log', { schema: 'hartproof.log/1', model: 'm', environment: 'e', driver: 'd', machines: 'x' });
    store.close();
    for (let kill = 0; kill < KILLS; kill++) {
      const acknowledged = await writeAndDie(adapter, directory, kill % 13);
      store = open(directory);
      const version = store.version('log');
      assert.ok(version >= acknowledged, `${acknowledged} facts were acknowledged, ${version} are there`);
      store.close();
    }
    store = open(directory);
    const events = [...store.read('log')].map((fact) => (fact as { event: number }).event);
    assert.equal(
      events,
      Array.from({ length: store.version('log') }, (_, event) => event),
    );
    store.close();
    rmSync(directory, { recursive: true });
  });

test.run();
