import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readChanges } from '../../src/subject/patch/index.ts';
import { TINY } from '../subject/ground/tiny.ts';
import { linuxTree } from '../subject/ground/tree.ts';
import { hartproof, MAIN } from './run.ts';

const test = suite('hartproof check');
const repository = mkdtempSync(join(tmpdir(), 'hartproof-check-'));
test.after(() => rmSync(repository, { recursive: true }));

const AUTHOR = { GIT_AUTHOR_NAME: 'A', GIT_AUTHOR_EMAIL: 'a@b', GIT_COMMITTER_NAME: 'A', GIT_COMMITTER_EMAIL: 'a@b' };
const git = (...args: string[]): string =>
  execFileSync('git', args, { cwd: repository, encoding: 'utf8', env: { ...process.env, ...AUTHOR } });

const FILE = 'drivers/perf/tiny_pmu.c';
const sound = readFileSync(TINY, 'utf8');
const broken = sound.replace('\n#define TINY_COUNTERS', '\n#define BREAK_TYPE_ROUTED\n#define TINY_COUNTERS');

function commit(text: string, title: string): void {
  mkdirSync(join(repository, 'drivers/perf'), { recursive: true });
  writeFileSync(join(repository, FILE), text);
  git('add', '.');
  git('commit', '-qm', title);
}

test.before(() => {
  git('init', '-q');
  commit(sound, 'a driver');
  commit(sound.replace('A small PMU', 'A tiny PMU'), 'a comment');
  commit(broken, 'break it');
  commit(sound, 'mend it');
});

const NEW =
  /^drivers\/perf\/tiny_pmu\.c:\d+: ERROR: event_init accepts .* \(hartproof type-routed, 1 call, hp:[0-9a-f]{6}\)$/m;

test('a series whose second patch breaks and whose third mends is told so, patch by patch', () => {
  const tree = linuxTree();
  if (tree === undefined) return;
  const { status, stdout } = hartproof(repository, 'check', '--tree', tree, '--all', 'HEAD~3..');
  assert.is(status, 1);
  assert.match(
    stdout,
    /^# \[PATCH 1\/3\] a comment: 0 new, 0 there before, 0 fixed\n# \[PATCH 2\/3\] break it: 1 new, 0 there before, 0 fixed\n/,
  );
  assert.match(stdout, NEW);
  assert.match(
    stdout,
    /^# \[PATCH 3\/3\] mend it: 0 new, 0 there before, 1 fixed\n.*: NOTE: fixed: event_init accepts /m,
  );
});

test('a patch on standard input, as b4 gives it while its commit is there already; a file; what was there is not new', () => {
  const tree = linuxTree();
  if (tree === undefined) return;
  const onInput = (input: string, ...args: string[]) =>
    spawnSync(process.execPath, [MAIN, 'check', '--tree', tree, ...args, '-'], {
      cwd: repository,
      input,
      encoding: 'utf8',
    });
  const breaks = onInput(git('format-patch', '--stdout', '-1', 'HEAD~1'));
  assert.is(breaks.status, 1);
  assert.match(breaks.stdout, NEW);
  const comment = onInput(git('format-patch', '--stdout', '-1', 'HEAD~2'), '--json');
  assert.is(comment.status, 0);
  assert.equal(JSON.parse(comment.stdout).patches[0].drivers[0].findings, []);
  writeFileSync(join(repository, FILE), broken);
  const saved = hartproof(repository, 'check', '--tree', tree, FILE);
  assert.is(saved.status, 1);
  assert.match(saved.stdout, NEW);
  git('commit', '-qam', 'broken again');
  const same = hartproof(repository, 'check', '--tree', tree, FILE);
  assert.equal([same.status, same.stdout, same.stderr], [0, '', 'hartproof: 0 new, 1 there before, 0 fixed\n']);
  git('reset', '-q', '--hard', 'HEAD~1');
});

test('a change of a header of a driver is one of the driver, in a series and in a patch that is audited', () => {
  const tree = linuxTree();
  if (tree === undefined) return;
  const header = (text: string, title: string): void => {
    writeFileSync(join(repository, 'drivers/perf/acme.h'), text);
    commit(sound.replace('\n#define TINY_COUNTERS', '\n#include "acme.h"\n#define TINY_COUNTERS'), title);
  };
  git('checkout', '-qb', 'header');
  header('#define ACME\n', 'a header');
  header('#define BREAK_TYPE_ROUTED\n', 'break it by the header');
  const { status, stdout } = hartproof(repository, 'check', '--tree', tree, 'HEAD~2..');
  assert.is(status, 1);
  assert.match(stdout, /a header: 0 new, .*\n# \[PATCH 2\/2\] break it by the header: 1 new, /);
  assert.match(stdout, NEW);
  const patch = join(repository, '.git/series.mbox');
  writeFileSync(patch, git('format-patch', '--stdout', '--root', 'HEAD'));
  const property = ['--property', 'type-routed'];
  const audited = hartproof(repository, 'audit', '--source', patch, '--tree', tree, '--no-keep', ...property);
  assert.is(audited.status, 1, audited.stderr);
  assert.match(audited.stdout, /^Driver drivers\/perf\/tiny_pmu\.c: 1 of 1 properties are violated/);
  git('checkout', '-q', '-');
});

test('a driver of a tree as it is, of which nothing can be decided, is no pass and says why, also with nothing in the cache', () => {
  const tree = linuxTree();
  if (tree === undefined) return;
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'check', 'drivers/perf/thunderx2_pmu.c'], {
    cwd: tree,
    encoding: 'utf8',
    env: { ...process.env, XDG_CACHE_HOME: join(repository, '.git/cache') },
  });
  assert.is(status, 1, stderr);
  assert.match(
    stdout,
    /^drivers\/perf\/thunderx2_pmu\.c:1: WARNING: not decided, .* \(probe answers -\d+\) \(hartproof\)$/m,
  );
});

test('what is no patch, no file and no range is said in one line', () => {
  const run = (...args: string[]) => hartproof(repository, 'check', ...args);
  assert.equal(run('nothing-such..').status, 2);
  assert.match(
    run('nothing-such..').stderr,
    /^hartproof: there is no file nothing-such\.\., and no range of commits in /,
  );
  assert.match(run('--', '--output=x').stderr, /^hartproof: there is no file --output=x, and no range/);
  assert.match(run('HEAD..').stderr, /^hartproof: the range HEAD\.\. has no commit\n$/);
  assert.match(run(join(repository, '.git/config')).stderr, /there is no patch in it/);
});

test('each commit of a series has its texts before and after, and its new lines', async () => {
  const bytes = Buffer.from(git('format-patch', '--stdout', 'HEAD~2..'));
  const [first, second] = await readChanges(
    bytes,
    () => undefined,
    (name) => git('cat-file', 'blob', name),
  );
  const [before, after] = [first!.files[0]!, second!.files[0]!];
  assert.equal([before.after, after.before, after.after], [broken, broken, sound]);
  const line = broken.split('\n').indexOf('#define BREAK_TYPE_ROUTED') + 1;
  assert.ok(before.lines.includes(line));
});

/** Commits without the messages and the hunks that they are in. */
const textsIn = async (bytes: Buffer, oldText: (path: string) => string | undefined) =>
  (await readChanges(bytes, oldText)).map(({ title, files }) => ({
    title,
    files: files.map(({ hunks: _hunks, ...file }) => file),
  }));

/** A patch of one file, as git writes it. */
const patchOf = (...lines: string[]): Buffer => Buffer.from(['diff --git a/d.c b/d.c', ...lines, ''].join('\n'));

test('a commit that makes a file has no text before it, one that deletes it none after it', async () => {
  const asked: string[] = [];
  const oldText = (path: string): string | undefined => {
    asked.push(path);
    return path === 'd.c' ? 'int d;\n' : undefined;
  };
  const made = patchOf('new file mode 100644', '--- /dev/null', '+++ b/d.c', '@@ -0,0 +1 @@', '+int d;');
  assert.equal(await textsIn(made, oldText), [
    { title: 'the patch', files: [{ path: 'd.c', after: 'int d;\n', lines: [1] }] },
  ]);
  const gone = patchOf('deleted file mode 100644', '--- a/d.c', '+++ /dev/null', '@@ -1 +0,0 @@', '-int d;');
  const [{ files } = { files: [] }] = await textsIn(gone, oldText);
  assert.equal(files, [{ path: 'd.c', before: 'int d;\n', lines: [] }]);
  assert.ok(asked.every((path) => path === 'd.c'));
});

test('a commit that changes a mode alone leaves the text as it was', async () => {
  const [{ files } = { files: [] }] = await textsIn(patchOf('old mode 100644', 'new mode 100755'), () => 'int d;\n');
  assert.equal(files, [{ path: 'd.c', before: 'int d;\n', after: 'int d;\n', lines: [] }]);
});

test('--watch answers again at each save, and Ctrl-C ends it with the last status', async () => {
  const tree = linuxTree();
  if (tree === undefined) return;
  git('checkout', '-q', '--force', 'HEAD');
  const base = git('show', `HEAD:${FILE}`);
  const watcher = spawn(process.execPath, [MAIN, 'check', '--watch', '--tree', tree, FILE], { cwd: repository });
  let said = '';
  watcher.stdout.on('data', (data: Buffer) => (said += data));
  watcher.stderr.on('data', (data: Buffer) => (said += data));
  const answers = (): number => said.match(/\d+ new, /g)?.length ?? 0;
  const until = async (count: number): Promise<void> => {
    for (let waited = 0; answers() < count && waited < 120_000; waited += 100) await sleep(100);
    assert.is(answers(), count, said);
  };
  await until(1);
  writeFileSync(join(repository, FILE), base.replace('A small PMU', 'A saved PMU'));
  await until(2);
  // What does not compile is said, and waited for.
  writeFileSync(join(repository, FILE), 'struct pmu p = { .event_init = }');
  for (let waited = 0; !/tiny_pmu\.c: /.test(said) && waited < 120_000; waited += 100) await sleep(100);
  writeFileSync(join(repository, FILE), base.includes('BREAK_TYPE_ROUTED') ? sound : broken);
  await until(3);
  const status = new Promise((resolve) => watcher.on('exit', (code, signal) => resolve(code ?? signal)));
  watcher.kill('SIGINT');
  assert.is(await status, /[1-9]\d* new/.test(said.split('\n').findLast((line) => /new,/.test(line))!) ? 1 : 0);
  git('checkout', '-q', '--force', 'HEAD');
});

test('--watch of what is no file is refused', () => {
  const { status, stderr } = hartproof(repository, 'check', '--watch', '-');
  assert.equal([status, stderr], [2, 'hartproof: --watch takes .c files that are there, not -\n']);
});

test.run();
