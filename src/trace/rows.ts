import { openInput } from '../outside/read-input.ts';
import { BrokenLine } from './broken-line.ts';
import { rowsOf } from './text-rows.ts';

/** How many bytes a row may have: many more than any recorder prints. */
const LONGEST = 1 << 20;
const CHUNK = 1 << 20;
const LINE_FEED = 10;

/** The rows of a file, read piece by piece. Throws as {@link openInput} does, and {@link BrokenLine} at a row that nobody prints. */
export function* rowsIn(file: string): Generator<string> {
  const input = openInput(file);
  try {
    // What is left of the last piece stands before the next one.
    const bytes = Buffer.alloc(LONGEST + CHUNK);
    let row = 1;
    let kept = 0;
    for (let length = 1; length > 0; ) {
      length = input.read(bytes, kept, CHUNK);
      const end = kept + length;
      const whole = length > 0 ? bytes.subarray(0, end).lastIndexOf(LINE_FEED) + 1 : end;
      for (const next of rowsOf(bytes.toString('utf8', 0, whole))) {
        yield next;
        row++;
      }
      bytes.copyWithin(0, whole, end);
      kept = end - whole;
      if (kept > LONGEST) throw new BrokenLine(row, 'is longer than anything that a recorder prints');
    }
  } finally {
    input.close();
  }
}
