import type { StructuredPatchHunk } from 'diff';
import { visible } from '../../outside/visible.ts';
import type { Changed } from '../../subject/patch/index.ts';

/** So many lines stand above the one that is spoken of. */
const ABOVE = 4;

/** Where lines are left out, as people write it. */
export const LEFT_OUT = '[...]';

/** A line of a hunk; with its number in the file after the patch, unless the patch takes it away. */
interface Row {
  readonly text: string;
  readonly number?: number;
}

/** Quotes a file of a patch from the top to the bottom, only what is spoken of. */
export class Quote {
  readonly #hunks: readonly { readonly head: string; readonly rows: readonly Row[] }[];
  #hunk = -1;
  #next = 0;

  /** A file as a patch changes it, and the text of the message that the patch is in. */
  constructor(
    readonly file: Changed,
    message: string,
  ) {
    const lines = message.split('\n');
    this.#hunks = file.hunks.map((hunk) => ({ head: headIn(lines, file, hunk), rows: rowsOf(hunk, file.after ?? '') }));
  }

  /**
   * The lines that lead to a line of the file after the patch, quoted, and whether that line is among them: a patch need not touch
   * it. Lines are to be asked for in their order.
   */
  upTo(line: number): { readonly lines: readonly string[]; readonly isIn: boolean } {
    const at = this.#hunks.findIndex(({ rows }) => rows.some(({ number }) => number === line));
    if (at < 0) return { lines: this.#nearest(line), isIn: false };
    const { rows } = this.#hunks[at]!;
    const end = rows.findIndex(({ number }) => number === line);
    return { lines: this.#cut(at, Math.max(end, firstChange(rows, end)), ABOVE), isIn: true };
  }

  /** What the last hunk before a line changes, or else the first hunk. */
  #nearest(line: number): readonly string[] {
    const before = this.#hunks.findLastIndex(
      ({ rows }) => (rows.find(({ number }) => number !== undefined)?.number ?? 0) <= line,
    );
    const at = Math.max(before, 0, this.#hunk);
    const rows = this.#hunks[at]?.rows ?? [];
    const end = rows.findLastIndex(isChanged);
    return end < 0 ? [] : this.#cut(at, end, 2 * ABOVE);
  }

  #cut(at: number, end: number, above: number): string[] {
    const { head, rows } = this.#hunks[at]!;
    const isGoingOn = at === this.#hunk;
    if (isGoingOn && end < this.#next) return [];
    const start = Math.max(end - above, isGoingOn ? this.#next : 0);
    const from = isGoingOn ? this.#next : 0;
    // The function that the lines are in, where it is the patch that has its head.
    const name = rows.slice(from, start).findLastIndex(({ text }) => /^[ +][A-Za-z_].*\(/.test(text)) + from;
    const hasName = name >= from && start > from;
    const lines = [
      ...(isGoingOn ? [] : [...(this.#hunk < 0 ? this.#fileLines() : [LEFT_OUT]), quoted(head)]),
      ...(hasName && name > from ? [LEFT_OUT] : []),
      ...(hasName ? [quoted(rows[name]!.text)] : []),
      ...(start > (hasName ? name + 1 : from) ? [LEFT_OUT] : []),
      ...rows.slice(start, end + 1).map(({ text }) => quoted(text)),
    ];
    this.#hunk = at;
    this.#next = end + 1;
    return lines;
  }

  #fileLines(): string[] {
    return [quoted(`+++ b/${this.file.path}`)];
  }
}

const isChanged = ({ text }: Row): boolean => /^[+-]/.test(text);
/** The end of what a hunk changes first, if that comes after a row: what is said there, as of a function's head, is of the change. */
function firstChange(rows: readonly Row[], row: number): number {
  const first = rows.findIndex(isChanged);
  if (first <= row) return row;
  const after = rows.findIndex((one, at) => at > first && !isChanged(one));
  return (after < 0 ? rows.length : after) - 1;
}

/** A line of somebody else's. */
export const quoted = (text: string): string => `> ${visible(text).replaceAll('\r', '')}`.trimEnd();

/** The line that a hunk begins with, as the message has it. */
function headIn(
  lines: readonly string[],
  { path }: Changed,
  { oldStart, oldLines, newStart, newLines }: StructuredPatchHunk,
): string {
  const count = (number: number): string => (number === 1 ? '(?:,1)?' : `,${number}`);
  // The library counts a side without lines from 1.
  const start = (at: number, number: number): string => (number === 0 ? '\\d+' : `${at}`);
  const head = new RegExp(
    `^@@ -${start(oldStart, oldLines)}${count(oldLines)} \\+${start(newStart, newLines)}${count(newLines)} @@`,
  );
  const file = Math.max(
    0,
    lines.findIndex((line) => line.startsWith('+++ ') && line.includes(path)),
  );
  return lines.slice(file).find((line) => head.test(line)) ?? `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`;
}

/** The lines of a hunk, with their numbers where they stand in the text after it. */
function rowsOf({ lines, newStart }: StructuredPatchHunk, after: string): Row[] {
  const texts = after.split('\n');
  const fresh = lines.filter((line) => !/^[-\\]/.test(line)).map((line) => line.slice(1));
  const stands = (at: number): boolean => at >= 0 && fresh.every((line, index) => texts[at + index] === line);
  const stated = newStart - 1;
  const found = stands(stated) ? stated : texts.findIndex((_, at) => stands(at));
  let number = (found < 0 ? stated : found) + 1;
  return lines
    .filter((line) => !line.startsWith('\\'))
    .map((text) => (text.startsWith('-') ? { text } : { text, number: number++ }));
}
