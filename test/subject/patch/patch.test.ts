import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type OldText, readPatch } from '../../../src/subject/patch/index.ts';
import { rejects } from '../../rejects.ts';

const NEW_FILE = `diff --git a/driver.c b/driver.c
new file mode 100644
--- /dev/null
+++ b/driver.c
@@ -0,0 +1,3 @@
+#include <asm/own.h>
+-- not the end
+int answer = 42;
-- 
2.16.2
`;

const HEADER = `diff --git a/include/asm/own.h b/include/asm/own.h
--- a/include/asm/own.h
+++ b/include/asm/own.h
@@ -1,3 +1,4 @@
 #ifndef OWN_H
 #define OWN_H
+#define ANSWER 42
 #endif
`;

const EDIT = `--- a/driver.c
+++ b/driver.c
@@ -2,2 +2,2 @@
 -- not the end
-int answer = 42;
+int answer = 43;
`;

const test = suite('reading a patch');

const read = (text: string, oldText?: OldText) => readPatch(Buffer.from(text), oldText);
/** The text of `driver.c` after a patch. */
const driver = async (text: string, oldText?: OldText) => (await read(text, oldText)).files.get('driver.c')!;

test('takes a new file whole, by its hunk count and not by what looks like an end', async () => {
  assert.is(await driver(NEW_FILE), '#include <asm/own.h>\n-- not the end\nint answer = 42;\n');
});

test('finds it in a page around it, with CRLF, and under a From line', async () => {
  const page = `lists.example.org\nSubject: [PATCH]\n\nwords\n---\n${NEW_FILE}\nPowered by lists\n`;
  for (const text of [page, page.replaceAll('\n', '\r\n'), `From someone Mon Sep 17 00:00:00 2001\n${page}`])
    assert.is((await driver(text)).split('\n').length, 4);
});

test('decodes a page of HTML', async () => {
  const escaped = NEW_FILE.replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('42', '&#52;2');
  const page = `<!DOCTYPE html><html><body><pre>${escaped}</pre><a href="x">next</a></body></html>`;
  assert.match(await driver(page), '#include <asm/own.h>\n');
  assert.match(await driver(page), 'answer = 42');
});

test('leaves a plain patch with markup in it alone', async () => {
  const text = NEW_FILE.replace('+-- not the end', '+/* <pre> &lt; */');
  assert.match(await driver(text), '/* <pre> &lt; */');
});

test('takes a header as whole only when its one hunk runs from line 1 through its include guard, and says so', async () => {
  const whole = await read(HEADER);
  assert.is(whole.files.get('include/asm/own.h'), '#ifndef OWN_H\n#define OWN_H\n#define ANSWER 42\n#endif\n');
  assert.ok(whole.assumedWhole.has('include/asm/own.h'));
  const later = HEADER.replace('@@ -1,3 +1,4 @@', '@@ -2,3 +2,4 @@');
  assert.ok((await read(later)).partial.has('include/asm/own.h'));
  const open = HEADER.replace(' #endif', ' int more;');
  assert.ok((await read(open)).partial.has('include/asm/own.h'));
});

test('applies an edit to the old text, from the tree or from earlier in the same text', async () => {
  assert.match(await driver(NEW_FILE + EDIT), 'answer = 43');
  const old = '#include <asm/own.h>\n-- not the end\nint answer = 42;\nint more;\n';
  assert.is(await driver(EDIT, () => old), old.replace('42', '43'));
  assert.ok((await read(EDIT)).partial.has('driver.c'));
});

test('refuses an edit that does not fit', async () => {
  await rejects(
    read(EDIT, () => 'another\nfile\n'),
    /does not fit driver\.c/,
  );
});

test('refuses what is cut short, wherever it is cut, and what is longer than it says', async () => {
  const lines = NEW_FILE.split('\n');
  for (const kept of [6, 7]) await rejects(read(`${lines.slice(0, kept).join('\n')}\n`), /cut short: in driver\.c/);
  await rejects(read(NEW_FILE.replace('+1,3 @@', '+1,2 @@')), /in driver\.c, the hunk .* has other lines than it says/);
});

test('refuses paths that lead out of the tree', async () => {
  for (const path of ['../../etc/passwd', '/etc/passwd', 'arch/../../x.c'])
    await rejects(read(NEW_FILE.replace('+++ b/driver.c', `+++ b/${path}`)), /leads out of the tree/);
});

test('refuses names that would be two lines of a report, and a diff that names no file', async () => {
  const quoted = NEW_FILE.replace('+++ b/driver.c', '+++ "b/driver.c\\n.c"');
  await rejects(read(quoted), /names "driver\.c\\n\.c", and no file is called by control characters/);
  await rejects(read('--- /dev/null\n+++ /dev/null\n@@ -0,0 +1 @@\n+x\n'), /a diff in it is of no file/);
});

test('refuses a hunk whose head is damaged, and one that was parted from its file', async () => {
  const body = EDIT.slice(EDIT.indexOf('@@'));
  for (const [head, said] of [
    ['@@ -9,x +9,2 @@', /in driver\.c, the hunk "@@ -9,x \+9,2 @@" can not be read/],
    ['@@ -9,2 +99999999999,2 @@', /in driver\.c, the hunk "@@ .*" can not be read/],
  ] as const)
    await rejects(read(`${EDIT}${body.replace(/^@@ .*/, head)}`), said);
  await rejects(read(`${EDIT}\n${body}`), /the hunk "@@ .*" is of no file: part of the patch is missing/);
  // A message may tell of one before the diff.
  assert.is((await read(`The hunk\n@@ -1 +1 @@\nis of no interest.\n\n${NEW_FILE}`)).files.size, 1);
});

test('reads names with and without a prefix, in quotes, and with a date', async () => {
  const names = async (text: string) => [...(await read(text)).files.keys()];
  const git = (from: string, to: string) =>
    NEW_FILE.replace('a/driver.c b/driver.c', `${from} ${to}`).replace('+++ b/driver.c', `+++ ${to}`);
  assert.equal(await names(git('drivers/x.c', 'drivers/x.c')), ['drivers/x.c']);
  assert.equal(await names(git('i/drivers/x.c', 'w/drivers/x.c')), ['drivers/x.c']);
  assert.equal(await names(git('"a/p\\303\\251rf\\t.c"', '"b/p\\303\\251rf\\t.c"')), ['p\u00e9rf\t.c']);
  assert.equal(await names(git('old/drivers/x.c', 'new/drivers/x.c')), ['drivers/x.c']);
  const trees = EDIT.replace('--- a/', '--- linux-4.16.orig/').replace('+++ b/', '+++ linux-4.16/');
  assert.equal(await names(NEW_FILE + trees.replace(/^diff .*\n/, '')), ['driver.c']);
  const dated = EDIT.replace(/^(---|\+\+\+) (.*)$/gm, '$1 $2\t2018-03-26 15:57:54.000000000 +0800');
  assert.equal(await names(NEW_FILE + dated), ['driver.c']);
  assert.equal(await names(NEW_FILE + dated.replaceAll('\t', ' ')), ['driver.c']);
});

test('keeps a last line without an end, and wants it in the old text', async () => {
  const without = NEW_FILE.replace('= 42;\n', '= 42;\n\\ No newline at end of file\n');
  assert.match(await driver(without), /= 42;$/);
  await rejects(read(without + EDIT), /does not fit driver\.c/);
  const both = EDIT.replace(/(= 4\d;\n)/g, '$1\\ No newline at end of file\n');
  assert.match(await driver(without + both), /= 43;$/);
});

test('takes an empty line from which a mailer cut the space', async () => {
  const old = 'a\n\nint answer = 42;\n';
  const text = EDIT.replace('-2,2 +2,2', '-1,3 +1,3').replace(' -- not the end', ' a\n');
  assert.is(await driver(text, () => old), old.replace('42', '43'));
});

test('refuses what is no text by its name: a binary patch, a merge, a link', async () => {
  const head = 'diff --git a/driver.c b/driver.c\n';
  const binary = `${head}index 1234567..89abcde 100644\nGIT binary patch\nliteral 3\nKcmZ\n\n`;
  await rejects(read(binary), /gives driver\.c as a binary patch/);
  await rejects(read(`${head}index 1..2\nBinary files a/driver.c and b/driver.c differ\n`), /driver\.c as a binary/);
  const merge =
    'diff --cc driver.c\nindex 1,2..3\n--- a/driver.c\n+++ b/driver.c\n@@@ -1,1 -1,1 +1,1 @@@\n- a\n -b\n++c\n';
  await rejects(read(merge), /driver\.c as a combined diff of a merge/);
  const link = `${head}new file mode 120000\n--- /dev/null\n+++ b/driver.c\n@@ -0,0 +1 @@\n+/etc/passwd\n\\ No newline at end of file\n`;
  await rejects(read(link), /driver\.c as a symbolic link/);
  const { files, notes } = await read(NEW_FILE + binary.replaceAll('driver.c', 'logo.png'));
  assert.equal([...files.keys()], ['driver.c']);
  assert.equal(notes, ['logo.png was left out: a binary patch']);
});

test('says when there is no patch', async () => {
  for (const text of ['', 'hello\n', '--- a\n+++ b\n', '@@ -1 +1 @@\n-a\n+b\n']) await rejects(read(text), /no patch/);
});

test.run();
