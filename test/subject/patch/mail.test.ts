import { gzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readPatch } from '../../../src/subject/patch/index.ts';
import { processorTime } from '../../processor-time.ts';
import { rejects } from '../../rejects.ts';

const test = suite('patches in mail');

const TEXT = 'int long_name = 42; /* caf\u00e9 */\n';
const DIFF = `diff --git a/driver.c b/driver.c
new file mode 100644
--- /dev/null
+++ b/driver.c
@@ -0,0 +1 @@
+${TEXT}-- 
2.39.5
`;
const HEAD = 'From: A Porter <porter@example.org>\nSubject: [PATCH] driver\nMIME-Version: 1.0\n';

const driver = async (mail: string | Buffer): Promise<string> =>
  (await readPatch(Buffer.from(mail as string))).files.get('driver.c')!;
const part = (head: string, body: string): string => `--=_part\n${head}\n\n${body}\n`;
const multipart = (...parts: string[]): string =>
  `${HEAD}Content-Type: multipart/mixed; boundary="=_part"\n\n${parts.join('')}--=_part--\n`;
const words = part('Content-Type: text/plain', 'The driver is attached.');
const base64 = (text: string): string => Buffer.from(text).toString('base64').replace(/.{76}/g, '$&\n');
const quoted = (text: string): string =>
  Buffer.from(text)
    .toString('latin1')
    .replace(/[=\u0080-\u00ff]/g, (c) => `=${c.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace('long_name', 'long_=\nname');

test('decodes what a message says of its whole body', async () => {
  const encoded = (encoding: string, body: string) => `${HEAD}Content-Transfer-Encoding: ${encoding}\n\n${body}`;
  assert.is(await driver(encoded('quoted-printable', quoted(DIFF))), TEXT);
  assert.is(await driver(encoded('base64', base64(DIFF))), TEXT);
  assert.is(await driver(encoded('8bit', DIFF)), TEXT);
  const latin = `${HEAD}Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: 8bit\n\n${DIFF}`;
  assert.is(await driver(Buffer.from(latin, 'latin1')), TEXT);
});

test('decodes each part in its own encoding, attached or not', async () => {
  for (const head of [
    'Content-Type: text/plain; charset=utf-8',
    'Content-Type: text/x-patch; name="0001-driver.patch"\nContent-Disposition: attachment',
    'Content-Type: application/octet-stream; name="driver.diff"\nContent-Disposition: attachment',
  ]) {
    const encoded = (encoding: string) => `${head}\nContent-Transfer-Encoding: ${encoding}`;
    assert.is(await driver(multipart(words, part(encoded('base64'), base64(DIFF)))), TEXT);
    assert.is(await driver(multipart(words, part(encoded('quoted-printable'), quoted(DIFF)))), TEXT);
    assert.is(await driver(multipart(words, part(encoded('8bit'), DIFF))), TEXT);
  }
});

test('takes a patch once that stands in a message and is attached to it', async () => {
  const edit = DIFF.replace('new file mode 100644\n', '')
    .replace('--- /dev/null', '--- a/driver.c')
    .replace('-0,0 +1', '-1 +1,2')
    .replace('+int', ' int')
    .replace('\n-- ', '\n+more\n-- ');
  const attached = part('Content-Type: text/x-patch; name="a.patch"', edit);
  const { files } = await readPatch(
    Buffer.from(multipart(part('Content-Type: text/plain', edit), attached)),
    () => TEXT,
  );
  assert.is(files.get('driver.c'), `${TEXT}more\n`);
});

test('reads attached messages as such: by their numbers', async () => {
  const attached = (number: number, diff: string) =>
    part(
      'Content-Type: text/x-patch; name="a.patch"',
      `From: a@b.c\nSubject: [PATCH ${number}/2] x${number}\n\n${diff}`,
    );
  const second = DIFF.replace('new file mode 100644\n', '')
    .replace('/dev/null', 'a/driver.c')
    .replace('-0,0 +1', '-1 +1')
    .replace('+int', `-${TEXT}+int`)
    .replace('= 42;', '= 42;')
    .replace(/\+int.*/, '+int x;');
  assert.is(await driver(multipart(words, attached(2, second), attached(1, DIFF))), 'int x;\n');
  const forwarded = part('Content-Type: message/rfc822', `${HEAD}\n${DIFF}`);
  assert.is(await driver(multipart(words, forwarded)), TEXT);
});

test('undoes format=flowed', async () => {
  const stuffed = DIFF.replace(/^ /gm, '  ').replace('long_name = 42', 'long_name = \n42').replace('-- \n', '-- \n');
  const head = `${HEAD}Content-Type: text/plain; charset=utf-8; format=flowed\n\n`;
  assert.is(await driver(head + stuffed), TEXT);
});

test('splits a mailbox at its From lines only, and unpacks it', async () => {
  const message = `From a@b.c Mon Sep 17 00:00:00 2001\n${HEAD}\nwords\n>From here on, words\n---\n${DIFF}`;
  assert.is(await driver(message), TEXT);
  assert.is(await driver(gzipSync(message)), TEXT);
  const other = message.replaceAll('driver', 'other');
  assert.equal([...(await readPatch(gzipSync(message + other))).files.keys()], ['driver.c', 'other.c']);
});

test('reads UTF-16 and a byte order mark', async () => {
  assert.is(await driver(`\ufeff${DIFF}`), TEXT);
  assert.is(await driver(Buffer.from(`\ufeff${DIFF}`, 'utf16le')), TEXT);
  assert.is(await driver(Buffer.from(`\ufeff${DIFF}`, 'utf16le').swap16()), TEXT);
  assert.is(await driver(DIFF.replaceAll('\n', '\r\n')), TEXT);
});

test('ends soon, in one line, with what is made to be slow, large or deep', async () => {
  const bombs: [string | Buffer, RegExp][] = [
    ['>'.repeat(1e6), /no patch/],
    ['<pre>'.repeat(2e5), /no patch/],
    ['@@ -1 +1 @@\n'.repeat(1e5), /no patch/],
    ['diff --git a/x.c b/x.c\n'.repeat(5e4), /no patch|no \.c|hunk/],
    [`--- a/${' '.repeat(3e5)}x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n`, /no file has so long a name/],
    [`diff --git ${'a/x b/'.repeat(1e5)}\n`, /no patch|leads out|hunk|so long/],
    ['--- a/x.c\n+++ b/x.c\n@@ -1,999999999 +1,999999999 @@\n'.repeat(1e4), /cut short/],
    [`From: a@b.c\nSubject: ${'[PATCH '.repeat(2e5)}\n\n${DIFF}`, /can not be read/],
    [`From: a@b.c\n${'X: y\n'.repeat(3e5)}\n${DIFF}`, /can not be read/],
    [nested(100), /nest|no patch/],
    [gzipSync(Buffer.alloc(1 << 27)), /larger than 32 MiB/],
    [Buffer.concat([Buffer.from([0x1f, 0x8b]), Buffer.from('not gzip')]), /can not be unpacked/],
    [Buffer.alloc(1 << 26), /larger than 32 MiB/],
    [`From a@b.c 2001\n`.repeat(2e3), /no patch/],
    [`${'commit 1234567\n'.repeat(5e4)}`, /no patch/],
  ];
  for (const [bomb, message] of bombs) {
    const took = await processorTime(() => rejects(readPatch(Buffer.from(bomb as string)), message));
    assert.ok(took < 5000, `${message}: ${String(bomb).slice(0, 20)} took ${took} ms`);
  }
});

function nested(depth: number): string {
  let body = DIFF;
  for (let at = 0; at < depth; at++)
    body = `Content-Type: multipart/mixed; boundary="b${at}"\n\n--b${at}\n${body}\n--b${at}--\n`;
  return HEAD + body;
}

test.run();
