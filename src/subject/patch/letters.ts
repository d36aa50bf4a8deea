import PostalMime, { type Address, type Email } from 'postal-mime';
import { isPage, shown, thread } from './page.ts';
import { decode, rawText } from './raw.ts';

/** One message, commit of a log, or attachment: a text that may have diffs in it, and what is told about it. */
export interface Letter {
  /** The first line of what it is about, or undefined where nothing says it. */
  readonly subject: string | undefined;
  readonly author?: string | undefined;
  readonly id?: string | undefined;
  /** The messages before it in its thread, the first one first. */
  readonly thread: readonly string[];
  readonly date?: string | undefined;
  readonly isCommit?: boolean;
  /** The commit that git made the mail of. */
  readonly commit?: string;
  /** Of a mail: who is to be answered, and how. */
  readonly mail?: Mail;
  readonly texts: readonly string[];
}

/** Whom a mail is from, or to. Names may be empty. */
export interface Correspondent {
  readonly name: string;
  readonly address: string;
}

/** What an answer to a mail needs of it. */
export interface Mail {
  readonly from: readonly Correspondent[];
  /** Where answers are to go, if that is not where it is from. */
  readonly replyTo: readonly Correspondent[];
  readonly to: readonly Correspondent[];
  readonly cc: readonly Correspondent[];
  /** Its date as it is written. */
  readonly date: string | undefined;
}

/** Attachments in attachments are read down to here. */
const DEEPEST = 4;

/**
 * What is in a patch file: the messages of a mailbox or of a page of an archive, the commits of a `git log -p`, or the one
 * text that it is, in the order in which they stand. Rejects with a RangeError for what is too large or nested too deep.
 */
export async function lettersOf(bytes: Buffer, depth = 0): Promise<Letter[]> {
  const text = rawText(bytes);
  if (isPage(text)) return ofPage(shown(decode(text)));
  const messages = mailbox(text);
  if (messages !== undefined)
    return (await Promise.all(messages.map(({ message, commit }) => ofMail(message, depth, commit)))).flat();
  return commits(decode(text)) ?? ofPage(decode(text));
}

function ofPage(text: string): Letter[] {
  const messages = thread(text);
  if (messages.length > 0)
    return messages.map((message) => ({ subject: message.subject, thread: [], texts: [message.text] }));
  const start = text.search(/^(diff --git |--- )/m);
  const subject = /^Subject:[ \t]*(.*(?:\n[ \t]+.*)*)/m.exec(start < 0 ? text : text.slice(0, start))?.[1];
  return [{ subject: subject?.replace(/\s+/g, ' ').trim(), thread: [], texts: [text] }];
}

/** A message; where git wrote it, with the commit that it is of. */
interface Message {
  readonly message: string;
  readonly commit?: string;
}

/** The messages of a mailbox, or of one mail; undefined if it is neither. */
function mailbox(text: string): Message[] | undefined {
  if (/^From \S+ .*\d{4}\s*$/.test(text.slice(0, text.indexOf('\n'))))
    return text.split(/^(?=From \S+ .*\d{4}[ \t]*$)/m).map((message) => {
      const commit = /^From ([0-9a-f]{40}|[0-9a-f]{64}) Mon Sep 17 00:00:00 2001/.exec(message)?.[1];
      return { message: message.slice(message.indexOf('\n') + 1), ...(commit !== undefined && { commit }) };
    });
  const head = text.slice(0, Math.max(0, text.indexOf('\n\n')) || text.length);
  const isHead = /^[\w-]+:/.test(head) && /^(subject|from|content-[\w-]+|message-id):/im.test(head);
  return isHead && !/^(diff|index) /im.test(head) ? [{ message: text }] : undefined;
}

async function ofMail(message: string, depth: number, commit?: string): Promise<Letter[]> {
  const mail = await parse(Buffer.from(message.replace(/^>(?=>*From )/gm, ''), 'latin1'));
  const body = mail.text ?? (mail.html === undefined ? '' : shown(mail.html));
  const letter: Omit<Letter, 'texts'> = {
    ...(commit !== undefined && { commit }),
    subject: mail.subject?.replace(/\s+/g, ' ').trim() ?? '',
    author: mail.from?.address ?? mail.from?.name,
    id: mail.messageId,
    thread: `${mail.references ?? ''} ${mail.inReplyTo ?? ''}`.match(/<[^<>\s]+>/g) ?? [],
    date: mail.date,
    mail: {
      from: people(mail.from && [mail.from]),
      replyTo: people(mail.replyTo),
      to: people(mail.to),
      cc: people(mail.cc),
      date: mail.headers.find(({ key }) => key === 'date')?.value,
    },
  };
  const texts = [body.replaceAll('\r\n', '\n')];
  const attached: Letter[] = [];
  for (const { content, mimeType, filename } of mail.attachments) {
    const isText =
      /^(text\/(?!html)|message\/rfc822)/.test(mimeType) || /\.(patch|diff|txt|mbox|eml)(\.gz)?$/i.test(filename ?? '');
    if (!isText) continue;
    if (depth === DEEPEST) throw new RangeError('its attachments are nested too deep');
    for (const inner of await lettersOf(Buffer.from(content as ArrayBuffer), depth + 1))
      if (inner.subject === undefined) texts.push(...inner.texts);
      else
        attached.push({
          ...inner,
          thread: [...letter.thread, ...inner.thread],
          ...(isReply(letter) && { subject: `Re: ${inner.subject}` }),
        });
  }
  return [{ ...letter, texts }, ...attached];
}

/** Everybody that a header names; a group is its members. */
const people = (addresses: readonly Address[] = []): Correspondent[] =>
  addresses.flatMap(({ name, address, group }) =>
    group !== undefined ? people(group) : address === undefined ? [] : [{ name, address }],
  );

async function parse(bytes: Buffer): Promise<Email> {
  try {
    return await PostalMime.parse(bytes, { rfc822Attachments: true, maxNestingDepth: 32, maxHeadersSize: 1 << 20 });
  } catch (error) {
    throw new RangeError(`a message in it can not be read: ${(error as Error).message}`);
  }
}

/** Whether a message answers another one, and is itself no patch that was sent in a thread. */
export function isReply({ subject = '', thread }: Pick<Letter, 'subject' | 'thread'>): boolean {
  if (/^\s*(re|aw|sv|antw|vs)(\[\d+\])?\s*:/i.test(subject)) return true;
  return thread.length > 0 && !/\[[^\]]*(patch|rfc|\d+\/\d+)[^\]]*\]/i.test(subject);
}

/** How a commit begins: as `git log` and `git show` print it, and with `--oneline`. */
const COMMITS = [
  { first: /^\s*commit [0-9a-f]{7,64}\b/, each: /^(?=commit [0-9a-f]{7,64}\b)/m, subject: /^ {4}(.*\S)/m },
  {
    first: /^[0-9a-f]{7,64} .*\n(?:diff --git | \S)/,
    each: /^(?=[0-9a-f]{7,64} )/m,
    subject: /^[0-9a-f]{7,64} (?:\([^)\n]*\) )?(.*\S)/,
  },
];

/** The commits of what `git log -p` or `git show` printed; undefined if it is nothing of the kind. */
function commits(text: string): Letter[] | undefined {
  const how = COMMITS.find(({ first }) => first.test(text));
  return (
    how &&
    text
      .split(how.each)
      .filter((commit) => commit.trim() !== '')
      .map((commit) => ({
        subject: how.subject.exec(commit)?.[1] ?? commit.slice(0, 14),
        thread: [],
        date: /^(?:Author)?Date:\s+(\S.*)$/m.exec(commit)?.[1],
        isCommit: true,
        texts: [commit],
      }))
  );
}
