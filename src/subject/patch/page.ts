/** Whether a text is a page of HTML around a patch. A patch may have HTML in it: what counts is what comes before it. */
export function isPage(text: string): boolean {
  if (/^\s*(<!doctype html|<html|<\?xml)/i.test(text)) return true;
  const start = text.search(/^(diff --git |--- |From )/m);
  return /^\s*<pre[\s>]/im.test(start < 0 ? text : text.slice(0, start));
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'", nbsp: ' ' };

/** What a page shows. */
export function shown(page: string): string {
  return page.replace(/<[^<>]*>/g, '').replace(/&(#x?[0-9a-f]{1,8}|[a-z]{1,8});/gi, (entity, name: string) => {
    if (!name.startsWith('#')) return ENTITIES[name.toLowerCase()] ?? entity;
    const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10);
    return code <= 0x10ffff ? String.fromCodePoint(code) : entity;
  });
}

/** A message of a thread that a public-inbox page shows. */
export interface ShownMessage {
  readonly subject: string;
  readonly text: string;
}

/** The messages of a page that shows a thread as public-inbox does: `* subject`, and soon `From: … (permalink / raw)`. */
export function thread(text: string): ShownMessage[] {
  const messages: { subject: string; lines: string[] }[] = [];
  let star: string | undefined;
  for (const line of text.split('\n')) {
    if (line.startsWith('* ')) star = line.slice(2);
    if (/^From: .* \(permalink \/ raw\)$/.test(line) && star !== undefined) {
      messages.push({ subject: star, lines: [] });
      star = undefined;
    }
    messages.at(-1)?.lines.push(line);
  }
  return messages.map(({ subject, lines }) => ({ subject, text: lines.join('\n') }));
}
