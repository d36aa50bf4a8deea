import { gunzipSync } from 'node:zlib';

/** The largest patch that is read, in bytes, also when it is unpacked. */
const MOST = 1 << 25;

/**
 * The bytes of a patch as text of one character each, so that every part can be decoded as it says itself; line ends are
 * `\n`. A gzip file is unpacked, and UTF-16 made UTF-8. Throws a RangeError for what is too large, or gzip that is damaged.
 */
export function rawText(bytes: Buffer): string {
  checkSize(bytes.length);
  const raw = bytes[0] === 0x1f && bytes[1] === 0x8b ? unpack(bytes) : bytes;
  const text = withoutColours(fromUtf16(raw) ?? raw.toString('latin1').replace(/^\xef\xbb\xbf/, ''));
  return text.replaceAll(text.includes('\n') ? '\r\n' : '\r', '\n');
}

/** The text of what has one character for each byte: UTF-8, or Latin-1 where it is no UTF-8. */
export function decode(text: string): string {
  const bytes = Buffer.from(text, 'latin1');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return text;
  }
}

const COLOUR = '\u001b\\[[\\d;]{0,20}[mK]';
const COLOURED = new RegExp(`^(?:${COLOUR})+(?:commit |diff --git )`, 'm');
const COLOURS = new RegExp(COLOUR, 'g');

/** A patch whose own lines are coloured, as git prints them on a terminal, without the colours. */
const withoutColours = (text: string): string => (COLOURED.test(text) ? text.replace(COLOURS, '') : text);

function checkSize(bytes: number): void {
  if (bytes > MOST) throw new RangeError(`it is larger than ${MOST >> 20} MiB: no patch is`);
}

function unpack(bytes: Buffer): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: MOST });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') checkSize(MOST + 1);
    throw new RangeError(`it can not be unpacked: ${(error as Error).message}`);
  }
}

function fromUtf16(bytes: Buffer): string | undefined {
  const order =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'be' : undefined;
  if (order === undefined) return undefined;
  return Buffer.from(new TextDecoder(`utf-16${order}`).decode(bytes)).toString('latin1');
}
