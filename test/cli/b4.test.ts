import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { TINY } from '../subject/ground/tiny.ts';
import { linuxTree } from '../subject/ground/tree.ts';
import { MAIN } from './run.ts';

const test = suite('hartproof check, as b4 runs it');
const repository = mkdtempSync(join(tmpdir(), 'hartproof-b4-'));
test.after(() => rmSync(repository, { recursive: true }));

const run = (command: string, args: readonly string[], input?: string) =>
  spawnSync(command, args, { cwd: repository, encoding: 'utf8', ...(input !== undefined && { input }) });
const git = (...args: string[]): string => execFileSync('git', args, { cwd: repository, encoding: 'utf8' });
const hasB4 = /--check /.test(run('b4', ['prep', '--help']).stdout ?? '');

const FILE = 'drivers/perf/tiny_pmu.c';
const sound = readFileSync(TINY, 'utf8');
const broken = sound.replace('\n#define TINY_COUNTERS', '\n#define BREAK_TYPE_ROUTED\n#define TINY_COUNTERS');
const SERIES = [
  ['perf: tiny: say tiny', sound.replace('A small PMU', 'A tiny PMU'), FILE],
  ['perf: tiny: take every type', broken.replace('A small PMU', 'A tiny PMU'), FILE],
  ['perf: tiny: take its own type', sound.replace('A small PMU', 'A tiny PMU'), FILE],
  ['docs: a word', 'A word.\n', 'notes.txt'],
] as const;

function commit(title: string, text: string, path: string): void {
  mkdirSync(join(repository, 'drivers/perf'), { recursive: true });
  writeFileSync(join(repository, path), text);
  git('add', '.');
  git('commit', '-qm', title);
}

test.before(() => {
  git('init', '-q', '-b', 'main');
  git('config', 'user.name', 'A');
  git('config', 'user.email', 'a@example.org');
  commit('a driver', sound, FILE);
  if (hasB4) run('b4', ['prep', '-n', 'tiny', '-f', 'main']);
  for (const [title, text, path] of SERIES) commit(title, text, path);
});

const ERROR = /^drivers\/perf\/tiny_pmu\.c:\d+: ERROR: event_init accepts .*\(hartproof type-routed, 1 call, hp:\w+\)$/;

test('of a patch on standard input it says its findings, and where there are none nothing at all', () => {
  const tree = linuxTree();
  if (tree === undefined) return;
  const told = SERIES.map((_, number) => {
    const patch = git('format-patch', '--stdout', '-1', `HEAD~${SERIES.length - 1 - number}`);
    const { status, stdout, stderr } = run(process.execPath, [MAIN, 'check', '--tree', tree, '-'], patch);
    return { status, lines: [...stdout.split('\n'), ...stderr.split('\n')].filter((line) => line !== '') };
  });
  assert.equal(
    told.map(({ status }) => status),
    [0, 1, 0, 0],
  );
  assert.equal(
    told.map(({ lines }) => lines.length),
    [0, 1, 0, 0],
  );
  assert.match(told[1]!.lines[0]!, ERROR);
});

// What it runs, and how it reads the answer, is above: without b4 nothing of check is left out.
if (hasB4)
  test('b4 prep --check calls the patch that breaks a failure, and the others successes', () => {
    const tree = linuxTree();
    if (tree === undefined) return;
    git('config', 'b4.prep-perpatch-check-cmd', `${process.execPath} ${MAIN} check --tree ${tree} -`);
    const { stdout, stderr } = run('b4', ['prep', '--check', '-C']);
    assert.match(stdout + stderr, /Success: 3, Warning: 0, Error: 1/);
  });

test.run();
