import parseDiff from 'parse-diff';
import { plainText } from './mail.ts';

/** Where a patch finds the old text of a file that it changes; undefined if it is not there. */
export type OldText = (path: string) => string | undefined;

/** The files that a patch makes, and why others could not be had. */
export interface Patched {
  /** The whole new text, by path. */
  readonly files: ReadonlyMap<string, string>;
  /** Files that it changes without giving all of them. */
  readonly partial: ReadonlySet<string>;
  /** Files that were taken as whole although the patch cannot prove it. */
  readonly assumedWhole: ReadonlySet<string>;
}

/**
 * Reads a git diff, a mailbox, or a page of a mail archive around one; hunks are as long as they say they are.
 * A series is applied in its order. Throws a RangeError if it is no patch, is cut short, names a path that leads out of
 * the tree, or does not fit the old text.
 */
export function readPatch(raw: string, oldText: OldText = () => undefined): Patched {
  const files = new Map<string, string>();
  const partial = new Set<string>();
  const assumedWhole = new Set<string>();
  const changes = parseDiff(plainText(raw)).filter(({ chunks }) => chunks.length > 0);
  if (changes.length === 0) throw new RangeError('there is no patch in it (no file with a hunk)');
  for (const { to, chunks, deleted } of changes) {
    if (deleted === true || to === undefined) continue;
    checkPath(to);
    for (const chunk of chunks) checkLength(to, chunk);
    const old = files.get(to) ?? oldText(to);
    const created = chunks.length === 1 && chunks[0]!.oldLines === 0 && chunks[0]!.oldStart === 0;
    if (created) files.set(to, newLines(chunks[0]!));
    else if (old !== undefined) files.set(to, apply(to, old, chunks));
    else if (chunks.length === 1 && looksWhole(chunks[0]!)) {
      files.set(to, newLines(chunks[0]!));
      assumedWhole.add(to);
    } else partial.add(to);
  }
  return { files, partial, assumedWhole };
}

function checkPath(path: string): void {
  if (path.startsWith('/') || path.split(/[\\/]/).includes('..'))
    throw new RangeError(`the patch names ${JSON.stringify(path)}, which leads out of the tree`);
}

const isMark = (change: parseDiff.Change): boolean => change.content.startsWith('\\');

function lines(chunk: parseDiff.Chunk, side: 'add' | 'del'): string[] {
  return chunk.changes
    .filter((change) => !isMark(change) && (change.type === 'normal' || change.type === side))
    .map(
      // The first character says which side a line is on; a mailer may have cut it off an empty line.
      ({ content }) => content.slice(1),
    );
}

const newLines = (chunk: parseDiff.Chunk): string => `${lines(chunk, 'add').join('\n')}\n`;

function checkLength(path: string, chunk: parseDiff.Chunk): void {
  const [news, olds] = [lines(chunk, 'add').length, lines(chunk, 'del').length];
  if (news !== chunk.newLines || olds !== chunk.oldLines)
    throw new RangeError(
      `the patch is cut short: in ${path}, the hunk "${chunk.content}" has ${news} of ${chunk.newLines} new lines`,
    );
}

/**
 * Whether a hunk seems to show all of a header: it starts at line 1, and the new text is one include guard from its
 * `#ifndef` to the last line. A patch cannot prove that nothing follows; the caller says that it was assumed.
 */
function looksWhole(chunk: parseDiff.Chunk): boolean {
  if (chunk.oldStart !== 1 || chunk.newStart !== 1) return false;
  const directives = lines(chunk, 'add').filter((line) => /^\s*#/.test(line));
  const guard = /^\s*#\s*ifndef\s+(\w+)/.exec(directives[0] ?? '')?.[1];
  const last = lines(chunk, 'add').findLast((line) => line.trim() !== '');
  const opens = directives.filter((line) => /^\s*#\s*if/.test(line)).length;
  const closes = directives.filter((line) => /^\s*#\s*endif/.test(line)).length;
  return (
    guard !== undefined &&
    new RegExp(`^\\s*#\\s*define\\s+${guard}\\b`).test(directives[1] ?? '') &&
    /^\s*#\s*endif/.test(last ?? '') &&
    opens === closes
  );
}

function apply(path: string, old: string, chunks: readonly parseDiff.Chunk[]): string {
  const source = old.replaceAll('\r\n', '\n').replace(/\n$/, '').split('\n');
  const result: string[] = [];
  let at = 0;
  for (const chunk of chunks) {
    const start = Math.max(0, chunk.oldStart - (chunk.oldLines === 0 ? 0 : 1));
    result.push(...source.slice(at, start));
    const expected = lines(chunk, 'del');
    if (expected.some((line, offset) => source[start + offset] !== line))
      throw new RangeError(`the patch does not fit ${path}: the hunk "${chunk.content}" expects other lines there`);
    result.push(...lines(chunk, 'add'));
    at = start + expected.length;
  }
  return `${[...result, ...source.slice(at)].join('\n')}\n`;
}
