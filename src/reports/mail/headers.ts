import { visible } from '../../outside/visible.ts';
import type { Correspondent, Letter } from '../../subject/patch/index.ts';

/** No line of a header is longer (RFC 5322). */
const LONGEST = 78;

/** Bytes of an encoded word, so that it is no longer than 75 characters (RFC 2047). */
const ENCODED = 42;

/** The headers of an answer to a message: to its author, with a copy to all whom it reached. */
export function headersOf({ subject = '', id, thread, mail }: Letter): string[] {
  const author = mail === undefined ? [] : mail.replyTo.length > 0 ? mail.replyTo : mail.from;
  const taken = new Set(author.map(({ address }) => address));
  const others = [...(mail?.from ?? []), ...(mail?.to ?? []), ...(mail?.cc ?? [])].filter(
    ({ address }) => !taken.has(address) && taken.add(address),
  );
  const references = [...thread, ...(id === undefined ? [] : [id])].filter((one) => MESSAGE_ID.test(one));
  return [
    ...people('To', author),
    ...people('Cc', others),
    header('Subject', encoded(/^re:/i.test(subject) ? subject : `Re: ${subject}`).split(' ')),
    ...(id !== undefined && MESSAGE_ID.test(id) ? [`In-Reply-To: ${id}`] : []),
    ...(references.length === 0 ? [] : [header('References', [...new Set(references)])]),
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=UTF-8',
    'Content-Transfer-Encoding: 8bit',
  ];
}

const MESSAGE_ID = /^<[!-;=?-~]+@[!-;=?-~]+>$/;
const ADDRESS = /^[^\s<>,;:"()[\]\\@]+@[^\s<>,;:"()[\]\\@]+$/;

/** The line before what is quoted: `On Fri, 27 Nov 2026 22:25:00 +0000, A. Author wrote:`; none where nobody says who wrote it. */
export function attribution({ mail, author = '' }: Letter): string | undefined {
  const { name = '', address = '' } = mail?.from[0] ?? {};
  const date = mail?.date === undefined ? '' : `On ${visible(mail.date).replace(/\s+\(.*\)$/, '')}, `;
  const who = name || address || author;
  return who === '' ? undefined : `${date}${visible(who).replaceAll('\n', ' ')} wrote:`;
}

/** A header with addresses; what is no address, an answer cannot reach. */
function people(name: string, all: readonly Correspondent[]): string[] {
  const known = all.filter(({ address }) => ADDRESS.test(address) && visible(address) === address);
  if (known.length === 0) return [];
  const texts = known.map((one, at) => person(one) + (at < known.length - 1 ? ',' : ''));
  return [header(name, texts)];
}

function person({ name, address }: Correspondent): string {
  const shown = visible(name.replace(/\s+/g, ' ')).trim();
  if (shown === '') return address;
  const plain = /^[\w !#$%&'*+/=?^`{|}~-]+$/.test(shown);
  const quoted = /^[ -~]*$/.test(shown) ? `"${shown.replace(/["\\]/g, '\\$&')}"` : encoded(shown);
  return `${plain ? shown : quoted} <${address}>`;
}

/** A text in 7 bits: where it is not, in encoded words. */
function encoded(text: string): string {
  const shown = visible(text.replace(/\s+/g, ' ')).trim();
  if (/^[ -~]*$/.test(shown)) return shown;
  const parts = [''];
  for (const character of shown)
    if (Buffer.byteLength(parts.at(-1)! + character) > ENCODED) parts.push(character);
    else parts[parts.length - 1] += character;
  return parts.map((part) => `=?UTF-8?B?${Buffer.from(part).toString('base64')}?=`).join(' ');
}

/** A header, folded between its parts where it gets long. */
function header(name: string, parts: readonly string[]): string {
  const lines = [`${name}:`];
  for (const part of parts)
    if (lines.at(-1)!.length + 1 + part.length > LONGEST && lines.at(-1) !== `${name}:`) lines.push(` ${part}`);
    else lines[lines.length - 1] += ` ${part}`;
  return lines.join('\n');
}
