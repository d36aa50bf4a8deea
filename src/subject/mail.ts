/**
 * The text of a patch as it was written, out of what it arrives in: a page of a mail archive, a mailbox, or itself.
 */
export function plainText(raw: string): string {
  let text = raw.replaceAll('\r\n', '\n');
  if (/^\s*(<!doctype html|<html|<\?xml)/i.test(text) || /<pre[\s>]/i.test(text)) text = withoutMarkup(text);
  return text
    .split(/^(?=From \S+.*\d{4}$)/m)
    .map(decodeTransfer)
    .join('');
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'", nbsp: ' ' };

function withoutMarkup(page: string): string {
  return page.replace(/<[^>]*>/g, '').replace(/&(#x?[0-9a-f]+|[a-z]+);/gi, (entity, name: string) => {
    if (!name.startsWith('#')) return ENTITIES[name.toLowerCase()] ?? entity;
    const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10);
    return code <= 0x10ffff ? String.fromCodePoint(code) : entity;
  });
}

/** Undoes the transfer encoding that a message declares for its whole body. */
function decodeTransfer(message: string): string {
  const [head = ''] = message.split('\n\n', 1);
  const encoding = /^content-transfer-encoding:\s*(\S+)/im.exec(head)?.[1]?.toLowerCase();
  const body = message.slice(head.length);
  if (encoding === 'quoted-printable') {
    const bytes = body
      .replace(/=\n/g, '')
      .replace(/=([0-9A-F]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
    return `${head}\n${Buffer.from(bytes, 'latin1').toString('utf8')}`;
  }
  if (encoding === 'base64') return `${head}\n\n${Buffer.from(body, 'base64').toString('utf8')}`;
  return message;
}
