import { spelt, visible } from './visible.ts';

/** How text from outside is written where it means something: what {@link visible} leaves, escaped for its place. */

/** Text of 7 bits: a mail to a kernel list is read by tools that know ASCII only. */
export const ascii = (text: string): string =>
  visible(text)
    .replaceAll('→', '->')
    .replaceAll('✗', '*')
    .replaceAll('…', '...')
    .replace(/[^\p{ASCII}]/gu, spelt);

/** Text in a line of Markdown, outside a code block: it begins no emphasis, link, code or HTML, and no other line. */
export const escapeMarkdown = (text: string): string =>
  visible(text)
    .replaceAll('\n', '\\x0a')
    .replace(/[\\`*[\]<>&|]|(?<!\w)_|_(?!\w)/g, (character) => `\\${character}`);

/** A path as a URI reference: each part of it percent-encoded. */
export const pathToUri = (path: string): string =>
  path
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .split('/')
    .map(encodeURIComponent)
    .join('/');
