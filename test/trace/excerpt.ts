import { readFileSync } from 'node:fs';
import { checkTrace, parseTrace, type TraceLine, type TraceReport } from '../../src/trace/index.ts';
import { shared } from '../needs.ts';

/** A line of a trace as its JSON has it. No number in the excerpts is beyond what a JavaScript number holds. */
// biome-ignore lint/suspicious/noExplicitAny: a test may do anything to a line
export type Row = any;

/** The rows of a file in `test/fixtures`: data of a booted Linux 4.19.71 with the posted driver in it, as they were recorded. */
const rowsOf = (file: string): Row[] =>
  readFileSync(new URL(`../fixtures/${file}`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')
    .map((row) => JSON.parse(row));

/** Two events of a kind; a group whose leader is closed first; three opens that are refused. */
export const excerpt = (): Row[] => rowsOf('kernel-trace.jsonl');

/**
 * Opens and closes of two threads on two CPUs, in the middle of which they overlap. 15 references had leaked before it began:
 * they are taken off, so that it can begin at boot.
 */
export const overlap = (): Row[] =>
  rowsOf('kernel-trace-overlap.jsonl').map((row) => {
    row.before.active -= 15;
    row.after.active -= 15;
    return row;
  });

export const linesOf = (rows: readonly Row[]): readonly TraceLine[] =>
  parseTrace(rows.map((row) => JSON.stringify(row)).join('\n')).lines;

/** A whole trace, where `../shared` has it. */
export const recorded = once(
  (file: string): readonly TraceLine[] => parseTrace(readFileSync(shared(`kernel-traces/${file}`), 'utf8')).lines,
);

/** What a whole trace comes to for the posted driver under 4.16. */
export const reportOf = once((file: string): TraceReport => checkTrace(recorded(file)));

function once<T>(make: (file: string) => T): (file: string) => T {
  const made = new Map<string, T>();
  return (file) => {
    if (!made.has(file)) made.set(file, make(file));
    return made.get(file)!;
  };
}
