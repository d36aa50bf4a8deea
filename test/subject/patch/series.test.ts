import { createHash } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type OldText, readPatch } from '../../../src/subject/patch/index.ts';
import { isReply } from '../../../src/subject/patch/letters.ts';
import { tagOf } from '../../../src/subject/patch/series.ts';
import { rejects } from '../../rejects.ts';

const test = suite('series of patches');

const add = (path: string, text: string): string =>
  `diff --git a/${path} b/${path}\nnew file mode 100644\n--- /dev/null\n+++ b/${path}\n@@ -0,0 +1 @@\n+${text}\n`;
const edit = (path: string, from: string, to: string): string =>
  `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n@@ -1 +1 @@\n-${from}\n+${to}\n`;
const remove = (path: string, text: string): string =>
  `diff --git a/${path} b/${path}\ndeleted file mode 100644\n--- a/${path}\n+++ /dev/null\n@@ -1 +0,0 @@\n-${text}\n`;
const move = (from: string, to: string, how = 'rename'): string =>
  `diff --git a/${from} b/${to}\nsimilarity index 100%\n${how} from ${from}\n${how} to ${to}\n`;

let sent = 0;
const mail = (subject: string, body: string, more = ''): string =>
  `From a@b.c Mon Mar 26 15:57:54 2018\nFrom: A Porter <a@b.c>\nSubject: ${subject}\nMessage-ID: <${++sent}@b.c>\n${more}\nwords\n---\n${body}-- \n2.39.5\n\n`;
const commit = (subject: string, body: string): string =>
  `commit ${String(++sent).padStart(40, 'a')}\nAuthor: A Porter <a@b.c>\nDate:   Mon Mar 26\n\n    ${subject}\n\n${body}\n`;

const read = (text: string, oldText?: OldText) => readPatch(Buffer.from(text), oldText);
const files = async (...mails: string[]) => Object.fromEntries((await read(mails.join(''))).files);

test('is applied by its numbers, with renames and copies', async () => {
  const series = [
    mail('[PATCH 3/3] c', edit('new.c', 'one', 'three')),
    mail('[PATCH 1/3] a', add('old.c', 'one')),
    mail('[PATCH 2/3] b', move('old.c', 'new.c') + move('old.c', 'copy.c', 'copy')),
  ];
  assert.equal(await files(...series), { 'copy.c': 'one\n', 'new.c': 'three\n' });
  const { notes } = await read(series.join(''));
  assert.equal(notes, ['taken: "[PATCH 1/3] a", "[PATCH 2/3] b", "[PATCH 3/3] c"']);
});

test('renames with a hunk, and two files into each other', async () => {
  const both = mail('[PATCH 1/2] a', add('a.c', 'a') + add('b.c', 'b'));
  assert.equal(await files(both, mail('[PATCH 2/2] swap', move('a.c', 'b.c') + move('b.c', 'a.c'))), {
    'b.c': 'a\n',
    'a.c': 'b\n',
  });
  const hunk =
    move('a.c', 'c.c').replace('100%', '90%') +
    edit('x', 'a', 'z').replace(/^.*\n/, '').replace('a/x', 'a/a.c').replace('b/x', 'b/c.c');
  assert.equal(await files(both, mail('[PATCH 2/2] move', hunk)), { 'b.c': 'b\n', 'c.c': 'z\n' });
});

test('a file that is changed where it is and renamed has two commits, also where nothing is between them', async () => {
  const text = add('a.c', 'one') + edit('a.c', 'one', 'two') + move('a.c', 'b.c') + edit('b.c', 'two', 'three');
  assert.equal(await files(text), { 'b.c': 'three\n' });
});

test('changes of the mode alone change nothing', async () => {
  const mode = 'diff --git a/a.c b/a.c\nold mode 100644\nnew mode 100755\n';
  assert.equal(await files(mail('[PATCH 1/2] a', add('a.c', 'a')), mail('[PATCH 2/2] b', mode)), { 'a.c': 'a\n' });
});

test('a file that was deleted or renamed is not there', async () => {
  const { files: left, gone } = await read(
    mail('[PATCH 1/2] a', add('a.c', 'a')) + mail('[PATCH 2/2] away', remove('a.c', 'a')),
  );
  assert.is(left.size, 0);
  assert.is(gone.get('a.c'), '"[PATCH 2/2] away" deletes it');
  const moved = mail('[PATCH 1/2] a', add('a.c', 'a')) + mail('[PATCH 2/2] b', move('a.c', 'b.c'));
  await rejects(
    read(moved.replace(/1\/2/, '1/3').replace(/2\/2/, '2/3') + mail('[PATCH 3/3] c', edit('a.c', 'a', 'b'))),
    /changes a\.c, which is not there: ".*" renames it to b\.c/,
  );
  await rejects(
    read(mail('[PATCH 1/2] a', add('a.c', 'a')) + mail('[PATCH 2/2] b', remove('a.c', 'other'))),
    /does not fit a\.c/,
  );
});

test('of a file that is there already, no other is made', async () => {
  await rejects(
    read(mail('[PATCH 1/2] a', add('a.c', 'a')) + mail('[PATCH 2/2] b', add('a.c', 'b'))),
    /makes a\.c, which is there already/,
  );
  await rejects(
    read(mail('[PATCH] a', add('a.c', 'a')), () => 'b\n'),
    /makes a\.c, which is there already/,
  );
});

test('the newest version is taken, and what was sent again once', async () => {
  const older = mail('[PATCH 1/1] a', add('a.c', 'v1'));
  const newer = mail('[PATCH v2 1/1] a', add('a.c', 'v2'));
  assert.equal(await files(newer, older), { 'a.c': 'v2\n' });
  assert.equal(await files(older, mail('[PATCHv3 1/1] a', add('a.c', 'v3')), newer), { 'a.c': 'v3\n' });
  assert.match((await read(older + newer)).notes[0]!, 'left out: "[PATCH 1/1] a" (v2 is there)');
  // Another title, in the same thread.
  const thread = mail('[PATCH v2] better', add('a.c', 'v2'), `In-Reply-To: <${sent - 1}@b.c>\n`);
  assert.equal(await files(mail('[PATCH] a', add('a.c', 'v1')).replace(/<\d+@/, `<${sent - 1}@`), thread), {
    'a.c': 'v2\n',
  });
  assert.equal(await files(mail('[PATCH] a', add('a.c', 'a')), mail('[RESEND PATCH] a', add('a.c', 'b'))), {
    'a.c': 'b\n',
  });
  assert.equal(await files(mail('[PATCH] a', add('a.c', 'a')), mail('[PATCH] a', add('a.c', 'a'))), { 'a.c': 'a\n' });
  await rejects(
    read(mail('[PATCH] a', add('a.c', 'a')) + mail('[PATCH] a', add('a.c', 'b'))),
    /two different "\[PATCH\] a"/,
  );
});

test('two series of other names and versions are both taken', async () => {
  assert.equal(await files(mail('[PATCH v2] a', add('a.c', 'a')), mail('[PATCH] b', add('b.c', 'b'))), {
    'a.c': 'a\n',
    'b.c': 'b\n',
  });
});

test('replies and cover letters are left out, and said', async () => {
  const patch = mail('[PATCH] a', add('a.c', 'a'));
  const suggestion = edit('a.c', 'a', 'b');
  const reply = mail('Re: [PATCH] a', `> ${suggestion.replaceAll('\n', '\n> ')}\nDid you mean:\n${suggestion}`);
  const bare = mail('a question', suggestion, 'In-Reply-To: <x@y>\n');
  const cover = mail('[PATCH 0/1] all', suggestion);
  for (const other of [reply, bare, cover]) assert.equal(await files(patch, other), { 'a.c': 'a\n' });
  assert.match((await read(patch + reply)).notes[0]!, 'left out: "Re: [PATCH] a" (a reply)');
  await rejects(read(reply), /no patch in it but in what is left out: "Re: \[PATCH\] a", a reply/);
});

test('a missing number is said, and refused where the others were made on another text', async () => {
  const first = mail('[PATCH 1/3] a', add('a.c', 'a'));
  assert.match((await read(first)).notes[0]!, 'not in it: 2/3, 3/3');
  const third = edit('a.c', 'a', 'b').replace('--- a', 'index 1111111..2222222 100644\n--- a');
  await rejects(read(first + mail('[PATCH 3/3] c', third)), /2\/3 of the series is not in it/);
  const whole: OldText = (path) => (path === 'a.c' ? 'zero\n' : undefined);
  const second = mail('[PATCH 3/3] c', edit('a.c', 'two', 'three'));
  await rejects(
    read(mail('[PATCH 1/3] a', edit('a.c', 'zero', 'one')) + second, whole),
    /expects other lines there; of the series 2\/3 is not in it/,
  );
});

test('a log is applied from the oldest on, whichever stands first', async () => {
  const [one, two, three] = [
    commit('a', add('a.c', '1')),
    commit('b', edit('a.c', '1', '2')),
    commit('c', edit('a.c', '2', '3')),
  ];
  assert.equal(await files(three, two, one), { 'a.c': '3\n' });
  assert.equal(await files(one, two, three), { 'a.c': '3\n' });
  await rejects(read(two + one + three), /"c" changes a\.c before "a" makes it/);
});

test('a mailbox without numbers is applied as dependence shows it', async () => {
  const [one, two] = [mail('[PATCH] a', add('a.c', '1')), mail('[PATCH] b', edit('a.c', '1', '2'))];
  assert.equal(await files(two, one), { 'a.c': '2\n' });
  assert.equal(await files(one, two), { 'a.c': '2\n' });
});

test('an order that is not certain is refused, unless the contents prove it', async () => {
  const id = (text: string): string => createHash('sha1').update(`blob ${text.length}\0${text}`).digest('hex');
  const there: OldText = () => 'h\nx\n';
  const insert = (line: string, before?: string): string =>
    mail(
      `[PATCH] ${line}`,
      `diff --git a/a.c b/a.c\n${before === undefined ? '' : `index ${id(before).slice(0, 7)}..1234567 100644\n`}--- a/a.c\n+++ b/a.c\n@@ -2 +2,2 @@\n+${line}\n x\n`,
    );
  await rejects(read(insert('1') + insert('2'), there), /not certain in which order .* two texts of a\.c/);
  const [one, two] = [insert('1', 'h\nx\n'), insert('2', 'h\n1\nx\n')];
  for (const mails of [one + two, two + one]) assert.is((await read(mails, there)).files.get('a.c'), 'h\n1\n2\nx\n');
});

test('what a subject says', () => {
  const { title: _, ...tag } = tagOf('[linux] [RFC PATCH v3 02/11 RESEND] perf: tiny: x [y]');
  assert.equal(tag, { isPatch: true, version: 3, number: 2, total: 11, isResent: true });
  assert.is(tagOf('Fwd: [PATCHv2] a').version, 2);
  for (const subject of ['Re: [PATCH 1/2] a', 'RE: a', 'Aw: a']) assert.ok(isReply({ subject, thread: [] }), subject);
  assert.ok(isReply({ subject: 'a', thread: ['<b>'] }));
  assert.not.ok(isReply({ subject: '[PATCH 1/2] Re: a', thread: ['<b>'] }));
});

test.run();
