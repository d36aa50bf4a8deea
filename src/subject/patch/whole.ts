import type { StructuredPatchHunk } from 'diff';
import { created } from './hunks.ts';

/**
 * Whether a hunk seems to show all of a header: it starts at line 1, and the new text is one include guard from its
 * `#ifndef` to the last line. A patch cannot prove that nothing follows; the caller says that it was assumed.
 */
export function isWhole(hunk: StructuredPatchHunk): boolean {
  if (hunk.oldStart !== 1 || hunk.newStart !== 1) return false;
  const lines = created(hunk).split('\n');
  const directives = lines.filter((line) => /^\s*#/.test(line));
  const guard = /^\s*#\s*ifndef\s+(\w+)/.exec(directives[0] ?? '')?.[1];
  const last = lines.findLast((line) => line.trim() !== '') ?? '';
  const opens = directives.filter((line) => /^\s*#\s*if/.test(line)).length;
  const closes = directives.filter((line) => /^\s*#\s*endif/.test(line)).length;
  return (
    guard !== undefined &&
    new RegExp(`^\\s*#\\s*define\\s+${guard}\\b`).test(directives[1] ?? '') &&
    /^\s*#\s*endif/.test(last) &&
    opens === closes
  );
}
