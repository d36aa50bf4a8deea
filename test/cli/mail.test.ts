import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { blame } from '../../src/cli/git.ts';
import { shellPath, shellWord } from '../../src/cli/shell.ts';
import { needs } from '../needs.ts';
import { TINY } from '../subject/ground/tiny.ts';
import { linuxTree } from '../subject/ground/tree.ts';
import { hartproof, type Ran } from './run.ts';

const test = suite('hartproof mail');
const repository = mkdtempSync(join(tmpdir(), 'hartproof-mail-'));
test.after(() => rmSync(repository, { recursive: true }));

const AUTHOR = {
  ...{ GIT_AUTHOR_NAME: 'A. Author', GIT_AUTHOR_EMAIL: 'a@b.org', GIT_COMMITTER_NAME: 'A', GIT_COMMITTER_EMAIL: 'a@b' },
};
const git = (...args: string[]): string =>
  execFileSync('git', args, { cwd: repository, encoding: 'utf8', env: { ...process.env, ...AUTHOR } });

const FILE = 'drivers/perf/tiny_pmu.c';
const sound = readFileSync(TINY, 'utf8');
/** One that takes groups which no PMU holds. */
const unfit = sound.replace('#ifdef BREAK_GROUP_FEASIBLE', '#ifndef BREAK_GROUP_FEASIBLE');
/** The same, that also takes events of any type. */
const broken = unfit.replace(/#ifndef BREAK_TYPE_ROUTED\n(.*\n.*\n)#endif\n/, '');

function commit(text: string, title: string): string {
  mkdirSync(join(repository, 'drivers/perf'), { recursive: true });
  writeFileSync(join(repository, FILE), text);
  git('add', '.');
  git('commit', '-qm', title);
  return git('rev-parse', '--short=12', 'HEAD').trim();
}

let first: string;
let last: string;
let mail: Ran;
let range: Ran;

test.before(() => {
  git('init', '-q');
  first = commit(unfit, 'perf: a driver');
  last = commit(broken, 'perf: take every type');
  const tree = linuxTree();
  if (tree === undefined) return;
  const patch = git(
    'format-patch',
    '-1',
    '--stdout',
    '--to=list@example.org',
    '--add-header=Message-ID: <1@example.org>',
  );
  writeFileSync(join(repository, 'fix.patch'), patch);
  mail = hartproof(repository, 'mail', '--tree', tree, 'fix.patch');
  range = hartproof(repository, 'mail', '--tree', tree, 'HEAD~1..', '-o', 'reply.eml');
});

test('answers a patch in its thread, with the question beneath the hunk that it is about', () => {
  if (mail === undefined) return;
  assert.is(mail.status, 1, mail.stderr);
  const [head, ...body] = mail.stdout.split('\n\n');
  assert.equal(head!.split('\n').slice(0, 5), [
    'To: "A. Author" <a@b.org>',
    'Cc: list@example.org',
    'Subject: Re: [PATCH] perf: take every type',
    'In-Reply-To: <1@example.org>',
    'References: <1@example.org>',
  ]);
  const text = body.join('\n\n');
  assert.match(text, /^On \w{3}, .* \+0000, A\. Author wrote:\n> \+\+\+ b\/drivers\/perf\/tiny_pmu\.c\n> @@ -\d/);
  assert.match(text, /^> -\tif \(event->attr\.type != event->pmu->type\)$/m);
  assert.match(text.replace(/\s+/g, ' '), /Could it be that event_init accepts an event of type 4242, .*\? The rule: /);
  assert.match(text, /^Severity high: 1 call, made by the perf core of Linux 6\.12;/m);
  assert.match(text, /^ {6}CPU0\n {6}----\n {4}\* event_init\(event 0: /m);
  assert.match(text, /Reported-by: NAME <ADDRESS>\nCloses: https:\/\/lore\.kernel\.org\/r\/.*\n$/);
  assert.match(text, /Not of this patch[^\0]* 3 calls, made by [^\0]*\nFixes: [0-9a-f]{12} \("perf: a driver"\)\n/);
  // What is new is in no history yet.
  assert.is(text.match(/^Fixes:/gm)?.length, 1);
});

test('is plain text of 72 columns, but for what is quoted, commands and tags', () => {
  if (mail === undefined) return;
  const [, ...body] = mail.stdout.split('\n\n');
  for (const line of body.join('\n\n').split('\n')) {
    assert.is(line, line.trimEnd());
    assert.ok(line.length <= 72 || /^(> |npx |git |(Fixes|Closes): )/.test(line), line);
  }
});

test('says of commits what to write after Fixes, and how to have them again', () => {
  if (range === undefined) return;
  assert.equal([range.status, range.stdout], [1, ''], range.stderr);
  const text = readFileSync(join(repository, 'reply.eml'), 'utf8');
  assert.match(text, new RegExp(`^Fixes: ${last} \\("perf: take every type"\\)$`, 'm'));
  assert.match(text, new RegExp(`^Fixes: ${first} \\("perf: a driver"\\)$`, 'm'));
  assert.match(text, new RegExp(`^git -C \\S+ format-patch -1 --full-index --stdout ${last} \\| npx hartproof@`, 'm'));
});

test('keeps the rules that checkpatch has for a text in a commit, and for its tags', () => {
  const tree = linuxTree();
  const checkpatch = join(tree ?? '', 'scripts/checkpatch.pl');
  if (range === undefined || !needs('scripts/checkpatch.pl of Linux', existsSync(checkpatch))) return;
  const [, ...body] = readFileSync(join(repository, 'reply.eml'), 'utf8').split('\n\n');
  // The file stands in the repository, so that the commits which it names are looked up.
  const scripts = join(repository, 'scripts');
  mkdirSync(scripts, { recursive: true });
  for (const name of ['checkpatch.pl', 'spelling.txt', 'const_structs.checkpatch']) {
    const from = join(checkpatch, '..', name);
    if (existsSync(from)) cpSync(from, join(scripts, name));
  }
  const own = body
    .join('\n\n')
    .split('\n')
    .filter((line) => !/^(git -C|>) /.test(line))
    .join('\n')
    .replace('NAME <ADDRESS>', 'N. Reporter <n@example.org>')
    .replace('MESSAGE-ID-OF-THIS-MAIL', '1@example.org');
  const diff = git('diff', 'HEAD~1', '--', FILE);
  const patch = `From: A. Author <a@b.org>\nSubject: [PATCH] perf: answer\n\n${own}\nSigned-off-by: A. Author <a@b.org>\n---\n${diff}`;
  const { stdout } = spawnSync('perl', [join(scripts, 'checkpatch.pl'), '--no-tree', '--show-types', '-'], {
    cwd: repository,
    encoding: 'utf8',
    input: patch,
  });
  assert.match(stdout, /total: \d+ errors/);
  assert.not.match(
    stdout,
    /BAD_FIXES_TAG|COMMIT_LOG_LONG_LINE|BAD_REPORTED_BY_LINK|BAD_SIGN_OFF|TRAILING_WHITESPACE|UNKNOWN_COMMIT_ID/,
  );
});

test('writes nothing where there is nothing to say, and answers no file', () => {
  writeFileSync(join(repository, 'notes.patch'), '--- /dev/null\n+++ b/notes.txt\n@@ -0,0 +1 @@\n+a note\n');
  const nothing = hartproof(repository, 'mail', 'notes.patch');
  assert.equal([nothing.status, nothing.stdout], [0, '']);
  assert.match(nothing.stderr, /no driver with a struct pmu is touched\n.*none is written\n$/);
  const file = hartproof(repository, 'mail', FILE);
  assert.equal([file.status, file.stdout], [2, '']);
  assert.match(file.stderr, /is no patch: hartproof audit --source /);
  assert.is(hartproof(repository, 'mail', 'notes.patch', '-o', '/nowhere/a').status, 2);
});

test('the commit that brought a line is known only as far as the history goes', () => {
  const line = unfit.split('\n').indexOf('static int tiny_event_init(struct perf_event *event)') + 1;
  assert.is(blame(repository, FILE, `${unfit}`, line), `${first} ("perf: a driver")`);
  assert.is(
    blame(repository, FILE, unfit.replace('static int tiny_event_init', 'int tiny_event_init'), line),
    undefined,
  );
  assert.is(blame(repository, FILE, unfit, 100_000), undefined);
  assert.is(blame(repository, 'no/such.c', unfit, 1), undefined);
  const shallow = join(repository, 'shallow');
  git('clone', '-q', '--depth=1', `file://${repository}`, shallow);
  assert.is(blame(shallow, FILE, unfit, line), undefined);
});

test('a shell takes a path as it is meant', () => {
  assert.is(shellPath('/home/me/my linux', '/home/me'), "~/'my linux'");
  assert.is(shellPath('-fix.patch'), './-fix.patch');
  assert.is(shellPath('/srv/linux', '/'), '/srv/linux');
  assert.is(shellWord("it's"), "'it'\\''s'");
});

test.run();
