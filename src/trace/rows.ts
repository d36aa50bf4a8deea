import { closeSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { BrokenLine } from './line.ts';

/** How many characters a row may have: many more than any recorder prints. */
const LONGEST = 1 << 20;
const CHUNK = 1 << 20;

/** The rows of a text, each with its line feed; the last one may lack it. */
export function* rowsOf(text: string): Generator<string> {
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf('\n', from);
    const to = end < 0 ? text.length : end + 1;
    yield text.slice(from, to);
    from = to;
  }
}

/** The rows of a file, read piece by piece. Throws what `readSync` throws, and {@link BrokenLine} at a row that nobody prints. */
export function* rowsIn(file: string): Generator<string> {
  const descriptor = openSync(file, 'r');
  try {
    const decoder = new StringDecoder('utf8');
    const chunk = Buffer.alloc(CHUNK);
    let row = 1;
    let rest = '';
    for (let length = 1; length > 0; ) {
      length = readSync(descriptor, chunk, 0, CHUNK, null);
      const text = rest + (length > 0 ? decoder.write(chunk.subarray(0, length)) : decoder.end());
      const whole = length > 0 ? text.lastIndexOf('\n') + 1 : text.length;
      for (const next of rowsOf(text.slice(0, whole))) {
        yield next;
        row++;
      }
      rest = text.slice(whole);
      if (rest.length > LONGEST) throw new BrokenLine(row, 'is longer than anything that a recorder prints');
    }
  } finally {
    closeSync(descriptor);
  }
}
