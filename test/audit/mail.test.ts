import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Step } from '../../src/findings/finding.ts';
import { attribution, headersOf } from '../../src/reports/mail/headers.ts';
import { Quote } from '../../src/reports/mail/quote.ts';
import { scheduleLines, WIDTH } from '../../src/reports/mail/schedule.ts';
import { severalReplies } from '../../src/reports/several.ts';
import { readChanges } from '../../src/subject/patch/index.ts';

const MAIL = `From: =?UTF-8?Q?Zo=C3=AB?= "A." <zoe@example.org>
To: linux-perf-users@vger.kernel.org, "R., Q." <q@example.org>
Cc: zoe@example.org, Team: one@example.org, two@example.org;
Date: Fri, 27 Nov 2026 10:00:00 +0100 (CET)
Subject: [PATCH v2 2/3] perf: count
 what is counted
Message-ID: <2@example.org>
In-Reply-To: <0@example.org>
References: <0@example.org>

---
diff --git a/a.c b/a.c
--- a/a.c
+++ b/a.c
@@ -1,7 +1,8 @@ a heading
 one
 two

 static int add(void)
 {
-	old();
+	new();\u0020\u0020
+	newer();
 }
`;

const OLD = 'one\ntwo\n\nstatic int add(void)\n{\n\told();\n}\n';
const changeOf = async (mail: string) => (await readChanges(Buffer.from(mail), () => OLD))[0]!;

test('an answer goes to the author, with a copy to all whom the patch reached, in its thread', async () => {
  const { letter } = await changeOf(MAIL);
  assert.equal(headersOf(letter!), [
    'To: =?UTF-8?B?Wm/DqyBBLg==?= <zoe@example.org>',
    'Cc: linux-perf-users@vger.kernel.org, "R., Q." <q@example.org>,\n one@example.org, two@example.org',
    'Subject: Re: [PATCH v2 2/3] perf: count what is counted',
    'In-Reply-To: <2@example.org>',
    'References: <0@example.org> <2@example.org>',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=UTF-8',
    'Content-Transfer-Encoding: 8bit',
  ]);
  assert.is(attribution(letter!), 'On Fri, 27 Nov 2026 10:00:00 +0100, Zoë A. wrote:');
  // A patch that nobody signs is quoted as it is.
  assert.is(attribution({ subject: '[PATCH] perf', thread: [], texts: [] }), undefined);
});

test('what comes from outside makes no header, and no address that is none', () => {
  const headers = headersOf({
    subject: `a\r\nBcc: all@example.org ${'ü'.repeat(60)}`,
    id: '<a b>\nBcc: x',
    thread: ['<no>', '<1@a>'],
    mail: {
      from: [{ name: 'E\nBcc: x@example.org', address: 'e@example.org' }],
      replyTo: [],
      to: [{ name: '', address: 'x@example.org>\nBcc: y@example.org' }],
      cc: [{ name: '', address: 'not an address' }],
      date: undefined,
    },
    texts: [],
  });
  const names = headers.flatMap((header) => header.split('\n')).filter((line) => !line.startsWith(' '));
  assert.equal(
    names.map((line) => line.replace(/:.*/, '')),
    ['To', 'Subject', 'References', 'MIME-Version', 'Content-Type', 'Content-Transfer-Encoding'],
  );
  assert.equal(headers.slice(0, 1), ['To: "E Bcc: x@example.org" <e@example.org>']);
  assert.is(headers[2], 'References: <1@a>');
  for (const line of headers.join('\n').split('\n')) assert.ok(line.length <= 78, line);
  const decoded = [...headers[1]!.matchAll(/=\?UTF-8\?B\?(.*?)\?=/g)].map(([, text]) => Buffer.from(text!, 'base64'));
  assert.is(Buffer.concat(decoded).toString(), `Re: a Bcc: all@example.org ${'ü'.repeat(60)}`);
});

test('the lines that are quoted are those of the patch, down to the one that is spoken of, each once', async () => {
  const { files, letter } = await changeOf(MAIL);
  const quote = new Quote(files[0]!, letter!.texts.join('\n'));
  assert.equal(quote.upTo(6), {
    lines: [
      '> +++ b/a.c',
      '> @@ -1,7 +1,8 @@ a heading',
      '[...]',
      '>',
      '>  static int add(void)',
      '>  {',
      '> -	old();',
      '> +	new();',
    ],
    isIn: true,
  });
  assert.equal(quote.upTo(6), { lines: [], isIn: true });
  assert.equal(quote.upTo(8), { lines: ['> +	newer();', '>  }'], isIn: true });
  // A line that the patch does not have: what it changes is quoted.
  const other = new Quote(files[0]!, letter!.texts.join('\n')).upTo(400);
  assert.is(other.isIn, false);
  assert.is(other.lines.at(-1), '> +	newer();');
});

test('a hunk that fits elsewhere than it says is found where it stands', async () => {
  const changes = await readChanges(Buffer.from(MAIL.replace('-1,7 +1,8', '-2,7 +2,8')), () => `moved\ndown\n${OLD}`);
  const quote = new Quote(changes[0]!.files[0]!, '');
  assert.equal(quote.upTo(8).lines.at(-1), '> +	new();');
});

const step = (who: string, what: string, violates = false): Step => ({
  ...{ position: 1, end: 1, who, what, where: '', changed: violates ? ['count: 1 → 2'] : [], violates },
});

test('a schedule has a column for each CPU and task, in 72 columns', () => {
  assert.equal(scheduleLines([step('hart 0', 'add'), step('hart 1', 'read', true)], 4), [
    '      CPU0                        CPU1',
    '      ----                        ----',
    '      add',
    '    *                             read',
    '                                    count: 1 -> 2',
  ]);
  assert.equal(scheduleLines([step('', 'add')], 0, 'CPU0'), ['  CPU0', '  ----', '  add']);
  assert.equal(scheduleLines([step('', 'add')], 0), ['  add']);
  const long = ['hart 0', 'hart 1', 'task of event 0', 'task of event 1', 'other owner'].map((who) =>
    step(who, `local64_cmpxchg(&prev_count, 1, 2) = ${'x'.repeat(90)}`, true),
  );
  for (const row of scheduleLines(long, 4).join('\n').split('\n')) assert.ok(row.length <= WIDTH, row);
});

test('several answers are a mailbox, in which no line begins another message', () => {
  assert.is(
    severalReplies(['To: a\n\nFrom here\n', 'To: b\n\n>From there\n']),
    'From mboxrd@z Thu Jan  1 00:00:00 1970\nTo: a\n\n>From here\n\nFrom mboxrd@z Thu Jan  1 00:00:00 1970\nTo: b\n\n>>From there\n',
  );
});

test.run();
