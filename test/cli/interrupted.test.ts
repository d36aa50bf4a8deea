import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { MAIN } from './run.ts';

const test = suite<{ directory: string }>('hartproof, interrupted');

test.before.each((context) => {
  context.directory = mkdtempSync(join(tmpdir(), 'hartproof-'));
});
test.after.each(({ directory }) => rmSync(directory, { recursive: true }));

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command, and sends it a signal after some milliseconds, or as soon as it has said something. */
function ended(
  directory: string,
  args: readonly string[],
  signal: NodeJS.Signals,
  delay: number | 'once it speaks',
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, ...args], {
      cwd: directory,
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
    });
    const texts = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const)
      child[stream].setEncoding('utf8').on('data', (text: string) => {
        texts[stream] += text;
        if (delay === 'once it speaks') child.kill(signal);
      });
    const timer = typeof delay === 'number' ? setTimeout(() => child.kill(signal), delay) : undefined;
    child.on('error', reject);
    child.on('close', (status) => {
      clearTimeout(timer);
      resolve({ status, ...texts });
    });
  });
}

/** The same at a moment at which it has begun its work: before, Node itself is loaded, and ends without a word. */
async function interrupted(directory: string, args: readonly string[], signal: NodeJS.Signals): Promise<Ended> {
  for (let delay = 700; ; delay *= 2) {
    const end = await ended(directory, args, signal, delay);
    if (end.status !== null || delay > 20_000) return end;
  }
}

test('a command that has nothing to tell says that it was interrupted, and that this is no pass', async ({
  directory,
}) => {
  const commands: [NodeJS.Signals, ...string[]][] = [
    ['SIGINT', 'explain', '9223372036859012345', '--no-keep'],
    ['SIGTERM', 'diff', 'as-posted', 'merged-4.18'],
    ['SIGHUP', 'simulate', 'two-threads', '--steps', '10000000', '--log', 'run.jsonl'],
    ['SIGINT', 'repair'],
  ];
  for (const [signal, ...args] of commands) {
    const { status, stdout, stderr } = await interrupted(directory, args, signal);
    assert.is(stderr, 'hartproof: interrupted: what was not decided by then is no pass\n', args[0]);
    assert.is(stdout, '', args[0]);
    assert.is(status, 130, args[0]);
  }
});

test('a description that loops ends at the first signal, and is named', async ({ directory }) => {
  writeFileSync(join(directory, 'own.ts'), 'for (;;);\nexport default {};\n');
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const args = ['audit', '--config', 'own.ts', '--no-keep', 'two-threads'];
    const { status, stdout, stderr } = await ended(directory, args, signal, 'once it speaks');
    assert.is(status, null);
    assert.is(stdout, '');
    assert.is(stderr, 'hartproof: own.ts has not come to its end in 2 seconds: Ctrl-C ends it\n');
  }
});

test.run();
