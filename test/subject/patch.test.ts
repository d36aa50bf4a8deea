import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { plainText } from '../../src/subject/mail.ts';
import { readPatch } from '../../src/subject/patch.ts';

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

test('takes a new file whole, by its hunk count and not by what looks like an end', () => {
  const { files } = readPatch(NEW_FILE);
  assert.is(files.get('driver.c'), '#include <asm/own.h>\n-- not the end\nint answer = 42;\n');
});

test('finds it in a page around it, with CRLF, and under a From line', () => {
  const page = `lists.example.org\nSubject: [PATCH]\n\nwords\n---\n${NEW_FILE}\nPowered by lists\n`;
  for (const text of [page, page.replaceAll('\n', '\r\n'), `From someone Mon Sep 17 00:00:00 2001\n${page}`])
    assert.is(readPatch(text).files.get('driver.c')?.split('\n').length, 4);
});

test('decodes a page of HTML', () => {
  const escaped = NEW_FILE.replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('42', '&#52;2');
  const page = `<!DOCTYPE html><html><body><pre>${escaped}</pre><a href="x">next</a></body></html>`;
  assert.match(readPatch(page).files.get('driver.c')!, '#include <asm/own.h>\n');
  assert.match(readPatch(page).files.get('driver.c')!, 'answer = 42');
});

test('decodes quoted-printable and base64 messages', () => {
  const quoted = NEW_FILE.replaceAll('=', '=3D').replace('int answer', 'int ans=\nwer');
  const head = 'From: a@example.org\nContent-Transfer-Encoding: ';
  assert.match(readPatch(`${head}quoted-printable\n\n${quoted}`).files.get('driver.c')!, 'int answer = 42;');
  const coded = Buffer.from(NEW_FILE).toString('base64');
  assert.match(readPatch(`${head}base64\n\n${coded}`).files.get('driver.c')!, 'int answer = 42;');
});

test('leaves a plain patch with angle brackets in it alone', () => {
  assert.is(plainText('#include <linux/perf_event.h>\n&lt;\n'), '#include <linux/perf_event.h>\n&lt;\n');
});

test('takes a header as whole only when its one hunk runs from line 1 through its include guard, and says so', () => {
  const whole = readPatch(HEADER);
  assert.is(whole.files.get('include/asm/own.h'), '#ifndef OWN_H\n#define OWN_H\n#define ANSWER 42\n#endif\n');
  assert.ok(whole.assumedWhole.has('include/asm/own.h'));
  const later = HEADER.replace('@@ -1,3 +1,4 @@', '@@ -2,3 +2,4 @@');
  assert.ok(readPatch(later).partial.has('include/asm/own.h'));
  const open = HEADER.replace(' #endif', ' int more;');
  assert.ok(readPatch(open).partial.has('include/asm/own.h'));
});

test('applies an edit to the old text, from the tree or from earlier in the series', () => {
  assert.match(readPatch(NEW_FILE + EDIT).files.get('driver.c')!, 'answer = 43');
  const old = '#include <asm/own.h>\n-- not the end\nint answer = 42;\nint more;\n';
  assert.is(readPatch(EDIT, () => old).files.get('driver.c'), old.replace('42', '43'));
  assert.ok(readPatch(EDIT).partial.has('driver.c'));
});

test('refuses an edit that does not fit', () => {
  assert.throws(() => readPatch(EDIT, () => 'another\nfile\n'), /does not fit driver\.c/);
});

test('refuses what is cut short, wherever it is cut', () => {
  const lines = NEW_FILE.split('\n');
  for (const kept of [6, 7])
    assert.throws(() => readPatch(`${lines.slice(0, kept).join('\n')}\n`), /cut short: in driver\.c/);
});

test('refuses paths that lead out of the tree', () => {
  for (const path of ['../../etc/passwd', '/etc/passwd', 'arch/../../x.c'])
    assert.throws(() => readPatch(NEW_FILE.replace('+++ b/driver.c', `+++ b/${path}`)), /leads out of the tree/);
});

test('says when there is no patch', () => {
  assert.throws(() => readPatch('hello\n'), /no patch/);
});

test.run();
