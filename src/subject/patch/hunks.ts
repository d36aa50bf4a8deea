import type { StructuredPatchHunk } from 'diff';

/** A text that hunks made, and how far from their places they stood, in lines. */
export interface Hunked {
  readonly text: string;
  readonly offsets: readonly number[];
}

/** Lines that are looked through for hunks that are not at their place. */
const MOST_SEARCHED = 5e7;

/** Lines with what ends them, so that a last line without an end is another one. */
const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** The lines of a hunk that the text has before (`-`) or after (`+`). */
function side(hunk: StructuredPatchHunk, sign: '-' | '+'): string[] {
  const found: string[] = [];
  hunk.lines.forEach((line, number) => {
    if (line[0] !== ' ' && line[0] !== sign) return;
    found.push(`${line.slice(1)}${hunk.lines[number + 1]?.startsWith('\\') ? '' : '\n'}`);
  });
  return found;
}

/** The text that one hunk gives whole: that of a new file. */
export const created = (hunk: StructuredPatchHunk): string => side(hunk, '+').join('');

/** How a hunk is told: by its first line. */
export const named = ({ oldStart, oldLines, newStart, newLines }: StructuredPatchHunk): string =>
  `@@ -${oldLines === 0 ? oldStart - 1 : oldStart},${oldLines} +${newLines === 0 ? newStart - 1 : newStart},${newLines} @@`;

/**
 * Applies hunks as git does: each at its place, else at the one other place where all its lines stand, never with other
 * lines (no fuzz). Throws a RangeError that says which hunk does not fit, or fits at several places.
 */
export function applyHunks(path: string, old: string, hunks: readonly StructuredPatchHunk[]): Hunked {
  const lines = linesOf(old);
  const result: string[] = [];
  const offsets: number[] = [];
  let [at, offset, searched] = [0, 0, 0];
  for (const hunk of hunks) {
    const expected = side(hunk, '-');
    const start = placeOf(path, hunk, expected, lines, at, offset);
    offset = start - (hunk.oldStart - 1);
    if (offset !== 0) searched += lines.length;
    if (searched > MOST_SEARCHED) throw new RangeError(`too many hunks stand elsewhere in ${path} than they say`);
    if (offset !== 0) offsets.push(offset);
    for (; at < start; at++) result.push(lines[at]!);
    for (const line of side(hunk, '+')) result.push(line);
    at = start + expected.length;
  }
  for (; at < lines.length; at++) result.push(lines[at]!);
  return { text: result.join(''), offsets };
}

function placeOf(
  path: string,
  hunk: StructuredPatchHunk,
  expected: string[],
  lines: string[],
  from: number,
  offset: number,
): number {
  const stated = hunk.oldStart - 1;
  const fits = stated >= from && stated <= lines.length && expected.every((line, at) => lines[stated + at] === line);
  // After a hunk that stood elsewhere, the place that it says is one of several.
  if (offset === 0 && fits) return stated;
  const last = hunk.lines.findLast((line) => !line.startsWith('\\'))?.[0];
  // A hunk without any old line fits everywhere; one without lines around it belongs at the beginning or the end.
  const places =
    expected.length === 0
      ? []
      : placesOf(expected, lines, from).filter(
          (place) =>
            place === stated ||
            ((stated > 0 || place === 0) && (last === ' ' || place + expected.length === lines.length)),
        );
  if (places.length === 1) return places[0]!;
  throw new RangeError(
    places.length === 0
      ? `the patch does not fit ${path}: the hunk "${named(hunk)}" expects other lines there`
      : `it is not certain where the hunk "${named(hunk)}" belongs in ${path}: its lines stand at ${places.length} places, and the text around has moved`,
  );
}

/** Where all of some lines stand (Knuth, Morris and Pratt: a hostile text takes no longer than another). */
function placesOf(wanted: readonly string[], lines: readonly string[], from: number): number[] {
  const back = [0];
  for (let at = 1, length = 0; at < wanted.length; at++) {
    while (length > 0 && wanted[at] !== wanted[length]) length = back[length - 1]!;
    if (wanted[at] === wanted[length]) length++;
    back.push(length);
  }
  const places: number[] = [];
  for (let at = from, length = 0; at < lines.length; at++) {
    while (length > 0 && (length === wanted.length || lines[at] !== wanted[length])) length = back[length - 1]!;
    if (lines[at] === wanted[length]) length++;
    if (length === wanted.length) places.push(at - length + 1);
  }
  return places;
}
