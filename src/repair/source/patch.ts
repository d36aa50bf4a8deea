import { structuredPatch } from 'diff';
import type { DriverSource } from '../../subject/source.ts';

/** What turns one C file into another, as `git apply` and `patch -p1` take it; empty if nothing does. */
export function patchOf(before: DriverSource, after: DriverSource): string {
  const { path } = before;
  const { hunks } = structuredPatch(path, path, before.text, after.text, '', '', { context: 3 });
  if (hunks.length === 0) return '';
  const lines = hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
    `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`,
    ...lines,
  ]);
  return [`diff --git a/${path} b/${path}`, `--- a/${path}`, `+++ b/${path}`, ...lines, ''].join('\n');
}
