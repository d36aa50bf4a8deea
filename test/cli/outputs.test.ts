import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { needs } from '../needs.ts';
import { hartproof, MAIN } from './run.ts';

const test = suite<{ directory: string }>('what a command writes');
test.before.each((context) => {
  context.directory = mkdtempSync(join(tmpdir(), 'hartproof-'));
});
test.after.each(({ directory }) => rmSync(directory, { recursive: true }));

const AUDIT = ['audit', 'refused-open-raw', '--environment', '4.16', '--no-keep'];
const needsFull = (): boolean => needs('/dev/full', existsSync('/dev/full'));

/** Runs a line of the shell in which $H is the command: its exit status, and what it printed. */
function shell(directory: string, line: string) {
  const env = { ...process.env, NO_COLOR: '1', NODE: process.execPath, MAIN };
  const script = `H() { "$NODE" "$MAIN" "$@"; }; ${line}`;
  const { status, stdout, stderr } = spawnSync('bash', ['-c', script], { cwd: directory, encoding: 'utf8', env });
  return { status, stdout, stderr };
}

test('one format that fails does not take the others with it', ({ directory }) => {
  if (!needsFull()) return;
  const { status, stdout, stderr } = hartproof(directory, ...AUDIT, '--html', '/dev/full', '--junit', 'audit.xml');
  assert.is(status, 2);
  assert.match(stdout, /^Driver as-posted/);
  assert.match(readFileSync(join(directory, 'audit.xml'), 'utf8'), /^<\?xml/);
  assert.match(stderr, /^hartproof: cannot write \/dev\/full: ENOSPC[^\n]*\n$/);
});

test('standard output that is full is told, and the files are written', ({ directory }) => {
  if (!needsFull()) return;
  const { status, stderr } = shell(directory, `H ${AUDIT.join(' ')} --junit audit.xml > /dev/full`);
  assert.is(status, 2);
  assert.match(stderr, /^hartproof: cannot write standard output: ENOSPC/);
  assert.ok(existsSync(join(directory, 'audit.xml')));
  assert.is(shell(directory, 'H --help > /dev/full').status, 2);
});

test('a reader that has gone changes neither the exit status nor the files', ({ directory }) => {
  for (const [what, status] of [
    [`${AUDIT.join(' ')} --json --sarif audit.sarif`, 1],
    [`${AUDIT.join(' ')} --driver repaired`, 0],
    ['export two-threads --format promela', 0],
    ['audit --list', 0],
    ['audit --help', 0],
    ['audit --nonsense 2>&1', 2],
  ] as const) {
    const { stdout, stderr } = shell(directory, `H ${what} | true; echo "\${PIPESTATUS[0]}"`);
    assert.is(stdout, `${status}\n`, what);
    assert.is(stderr, '', what);
  }
  assert.is(JSON.parse(readFileSync(join(directory, 'audit.sarif'), 'utf8')).version, '2.1.0');
});

test('a file stays whole until the new one is, and keeps its rights and its links', ({ directory }) => {
  const file = join(directory, 'real.xml');
  writeFileSync(file, 'old', { mode: 0o640 });
  symlinkSync('real.xml', join(directory, 'link.xml'));
  assert.is(hartproof(directory, ...AUDIT, '--junit', 'link.xml').status, 1);
  assert.match(readFileSync(file, 'utf8'), /^<\?xml/);
  assert.equal(readdirSync(directory).sort(), ['link.xml', 'real.xml']);
});

test('what cannot be written is refused before the work, in one line that names it', ({ directory }) => {
  mkdirSync(join(directory, 'folder'));
  for (const [args, said] of [
    [['--html', 'none/x.html'], /^hartproof: --html: cannot write none\/x\.html: [^\n]*\n$/],
    [['--json', 'none/x.json'], /^hartproof: --json: cannot write none\/x\.json: [^\n]*\n$/],
    [['--sarif', 'folder'], /^hartproof: --sarif: cannot write folder: it is a directory\n$/],
    [['--html', 'x', '--junit', './x'], /^hartproof: --html and --junit both write \.\/x\n$/],
  ] as const) {
    const { status, stdout, stderr } = hartproof(directory, ...AUDIT, ...args);
    assert.is(status, 2);
    assert.is(stdout, '');
    assert.match(stderr, said);
  }
});

test('an interrupted audit reports what it decided, as bounded, and nothing else', async ({ directory }) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    const interruptedAfter = async (wait: number): Promise<[status: number | null, stdout: string]> => {
      const args = ['audit', '--deep', '--driver', 'repaired', '--no-keep', '--junit', 'a.xml'];
      const child = spawn(process.execPath, [MAIN, ...args], {
        cwd: directory,
        env: { ...process.env, NO_COLOR: '1' },
      });
      let said = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
      setTimeout(() => child.kill(signal), wait);
      return [await new Promise((resolve) => child.on('close', resolve)), said];
    };
    let [status, stdout]: [number | null, string] = [130, ''];
    // One that has not begun to search says so with 130: on a busy machine it has more time.
    for (let wait = 1500; status === 130 && wait < 30_000; wait *= 2) [status, stdout] = await interruptedAfter(wait);
    assert.is(status, 1, signal);
    assert.match(stdout, /bounded/);
    assert.not.match(stdout, /HIGH|MEDIUM|LOW/);
    assert.match(readFileSync(join(directory, 'a.xml'), 'utf8'), /not decided: .*interrupted/);
  }
});

test('what comes from outside reaches a terminal with its control characters shown', ({ directory }) => {
  const { status, stderr } = hartproof(directory, 'audit', '\u001b[31mred\u202e');
  assert.is(status, 2);
  assert.match(stderr, 'there is no model \\x1b[31mred\\u202e');
  assert.match(hartproof(directory, 'audit', '--\u001b[2J').stderr, "unknown option '--\\x1b[2J'");
});

test('a model that was taken for the file of the JSON is told, and no file is written', ({ directory }) => {
  for (const command of ['audit', 'prove', 'crosscheck']) {
    const name = command === 'prove' ? 'any-opens' : 'two-threads';
    const { status, stderr } = hartproof(directory, command, '--json', name);
    assert.is(status, 2, stderr);
    assert.match(stderr, new RegExp(`--json takes ${name} for its file: name the model before it, or write --json=./`));
  }
  assert.equal(readdirSync(directory), []);
});

test.run();
