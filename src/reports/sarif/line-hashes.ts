/** So many characters, from the beginning of a line on, are told apart. */
const BLOCK = 100;
const BASE = 37n;
const FIRST = BASE ** BigInt(BLOCK);

/** What GitHub takes for the end of a file. */
const END = 65535;

/**
 * The fingerprint of each line of a text as GitHub's `upload-sarif` makes it for `primaryLocationLineHash`: a rolling hash of the
 * {@link BLOCK} characters from its beginning on, without blanks and tabs, in hexadecimal, and how many lines had it until then.
 */
export function lineHashes(text: string): string[] {
  const window = new Array<number>(BLOCK).fill(0);
  const starts = new Array<boolean>(BLOCK).fill(false);
  const hashes: string[] = [];
  const counts = new Map<string, number>();
  let hash = 0n;
  let at = 0;
  let isStart = true;
  // A line has its hash once what stood a whole block after its beginning is in the window.
  const put = (code: number, begins: boolean): void => {
    if (starts[at]) {
      const digits = hash.toString(16);
      const count = (counts.get(digits) ?? 0) + 1;
      counts.set(digits, count);
      hashes.push(`${digits}:${count}`);
    }
    starts[at] = begins;
    hash = BigInt.asUintN(64, BASE * hash + BigInt(code) - FIRST * BigInt(window[at]!));
    window[at] = code;
    at = (at + 1) % BLOCK;
  };
  const unified = text.replace(/\r\n?/g, '\n');
  for (let index = 0; index <= unified.length; index++) {
    const code = index === unified.length ? END : unified.charCodeAt(index);
    if (code === 0x20 || code === 0x09) continue;
    put(code, isStart);
    isStart = code === 0x0a;
  }
  for (let rest = 0; rest < BLOCK; rest++) put(0, false);
  return hashes;
}
