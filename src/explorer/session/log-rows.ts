import type { Fact } from '../../facts/index.ts';
import { callbackText, segments, whoDoes } from '../../findings/rows.ts';
import { factBeside, factLabel } from './fact-label.ts';

/** The rows of a log: one a fact, or one a call that nobody interrupts. Row 0 is the start. */
export interface LogRows {
  /** How many there are beside the start. */
  readonly length: number;
  /** How many facts have happened after a row. */
  endOf(row: number): number;
  /** The row in which the last of so many facts is. */
  rowAt(facts: number): number;
}

/** What a row says. */
export interface RowText {
  readonly who: string;
  readonly what: string;
  readonly title: string;
}

const folded = new WeakMap<readonly Fact[], LogRows>();

/** The rows of a log, folded to calls or not. */
export function logRows(facts: readonly Fact[], byCalls: boolean): LogRows {
  if (!byCalls) return { length: facts.length, endOf: (row) => row, rowAt: (position) => position };
  const rows = folded.get(facts) ?? rowsByCalls(facts);
  folded.set(facts, rows);
  return rows;
}

function rowsByCalls(facts: readonly Fact[]): LogRows {
  const ends = segments(facts, 'callbacks').map(([, end]) => end);
  return {
    length: ends.length,
    endOf: (row) => (row === 0 ? 0 : ends[row - 1]!),
    rowAt(position) {
      let [low, high] = [0, ends.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (ends[middle]! < position) low = middle + 1;
        else high = middle;
      }
      return position === 0 ? 0 : Math.min(low + 1, ends.length);
    },
  };
}

/** What a row after the start says. */
export function rowText(facts: readonly Fact[], rows: LogRows, row: number): RowText {
  const [first, last] = [rows.endOf(row - 1), rows.endOf(row)];
  const who = whoDoes(facts, first);
  if (last - first === 1) return { who, what: factBeside(who, facts[first]!), title: factLabel(facts[first]!) };
  const what = callbackText(facts.slice(first, last));
  return { who, what: `▸ ${what}`, title: `${what}: facts ${first + 1} to ${last}` };
}
