import { parsePatch, type StructuredPatchHunk } from 'diff';

/** What a patch does with one file. Paths are in the tree; undefined: there is none before, or after. */
export interface FileDiff {
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly does: 'create' | 'delete' | 'rename' | 'copy' | 'modify';
  readonly hunks: readonly StructuredPatchHunk[];
  /** The beginnings of the git names (SHA-1) of the contents before and after, where the patch gives them. */
  readonly before?: string | undefined;
  readonly after?: string | undefined;
  /** Why it can not be applied as text. */
  readonly unfit?: string;
}

const EXTENDED =
  /^(old mode|new mode|deleted file mode|new file mode|copy from|copy to|rename from|rename to|rename old|rename new|similarity index|dissimilarity index|index) /;
const HUNK = /^@@ -\d{1,9}(?:,(\d{1,9}))? \+\d{1,9}(?:,(\d{1,9}))? @@/;
/** What git takes for the head of a hunk, whatever its numbers are. */
const LIKE_HUNK = /^@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@/;
/** No system has longer names of files, and the library takes long for one. */
const LONGEST_NAME_LINE = 1 << 14;
const BINARY = /^(GIT binary patch$|Binary files .* differ$)/;

/**
 * The diffs that stand in a text, whatever stands around them; hunks are as long as they say they are.
 * Throws a RangeError for a hunk that is cut short, longer than it says, or of no file, and for a path that is none of the tree.
 */
export function diffsIn(text: string): FileDiff[] {
  const lines = text.split('\n');
  // What follows the last line end is no line.
  if (lines.at(-1) === '') lines.pop();
  const diffs: FileDiff[] = [];
  for (let at = 0; at < lines.length; ) {
    const end = endOf(lines, at);
    if (end > at) diffs.push(read(lines.slice(at, end)));
    // As git does: the hunk is of a file, and part of the patch was lost. Before all diffs a message may tell of one.
    else if (diffs.length > 0 && LIKE_HUNK.test(lines[at]!))
      throw new RangeError(
        `the hunk "${lines[at]!.slice(0, 80)}" is of no file: part of the patch is missing, or damaged`,
      );
    at = Math.max(end, at + 1);
  }
  return diffs;
}

/** Where the diff of a file that begins at a line ends; the line itself, if none begins there. */
function endOf(lines: readonly string[], start: number): number {
  let at = start;
  if (/^diff --(git|cc|combined) /.test(lines[at]!)) {
    at++;
    while (at < lines.length && EXTENDED.test(lines[at]!)) at++;
    if (BINARY.test(lines[at] ?? '')) return at + 1;
  }
  if (lines[at]?.startsWith('--- ') && lines[at + 1]?.startsWith('+++ ')) {
    if (at === start && !/^@@+ /.test(lines[at + 2] ?? '')) return start;
    at += 2;
    while (HUNK.test(lines[at] ?? '')) at = endOfHunk(lines, at);
    const next = lines[at];
    if (next?.startsWith('@@ -'))
      throw new RangeError(`in ${fileAt(lines, at)}, the hunk "${next.slice(0, 80)}" can not be read`);
  }
  return at;
}

function endOfHunk(lines: readonly string[], start: number): number {
  const [, olds = '1', news = '1'] = HUNK.exec(lines[start]!)!;
  let [old, fresh] = [Number(olds), Number(news)];
  let at = start + 1;
  for (; old > 0 || fresh > 0; at++) {
    const kind = lines[at]?.[0] ?? ' ';
    if (at >= lines.length || !' +-\\'.includes(kind))
      throw new RangeError(
        `the patch is cut short: in ${fileAt(lines, start)}, the hunk "${lines[start]}" has too few lines`,
      );
    if (kind === ' ' || kind === '-') old--;
    if (kind === ' ' || kind === '+') fresh--;
  }
  if (lines[at]?.startsWith('\\')) at++;
  // A signature (`-- `) and the next file (`--- `) are no part of it.
  if (old < 0 || fresh < 0 || /^(\+(?!\+\+ )|-(?!-))/.test(lines[at] ?? ''))
    throw new RangeError(`in ${fileAt(lines, start)}, the hunk "${lines[start]}" has other lines than it says`);
  return at;
}

/** The file that the hunk at a line is of. */
function fileAt(lines: readonly string[], hunk: number): string {
  let at = hunk;
  while (at > 0 && !lines[at]!.startsWith('+++ ')) at--;
  const name = (number: number): string => bare(lines[number]!.slice(4));
  return name(at) === '/dev/null' ? name(at - 1) : name(at);
}

const bare = (name: string): string =>
  name
    .split('\t', 1)[0]!
    .replace(/^"?[ab]\/|"$/g, '')
    .trimEnd();

function read(lines: string[]): FileDiff {
  const [first] = lines;
  const combined = /^diff --(?:cc|combined) (.*)$/.exec(first!)?.[1];
  if (combined !== undefined)
    return { from: combined, to: combined, does: 'modify', hunks: [], unfit: 'a combined diff of a merge' };
  const [diff] = parse(lines);
  const git = first!.startsWith('diff --git ');
  const [from, to] = paths([diff.oldFileName, diff.newFileName], lines);
  for (const path of [from, to]) checkPath(path);
  if (from === undefined && to === undefined) throw new RangeError(`a diff in it is of no file (${lines[0]})`);
  const index = lines.find((line) => line.startsWith('index '));
  const [, before, after] = /^index ([0-9a-f]+)\.\.([0-9a-f]+)/.exec(index ?? '') ?? [];
  const [hunk] = diff.hunks;
  // A diff that is not git's says only by its numbers that there was nothing before.
  const isNew = hunk?.oldLines === 0 && hunk.oldStart === 1 && !git;
  return {
    from: diff.isCreate ? undefined : from,
    to: diff.isDelete ? undefined : to,
    does: diff.isRename
      ? 'rename'
      : diff.isCopy
        ? 'copy'
        : diff.isCreate || from === undefined || isNew
          ? 'create'
          : diff.isDelete || to === undefined
            ? 'delete'
            : 'modify',
    hunks: diff.hunks,
    before,
    after,
    ...unfit(lines, diff.newMode),
  };
}

function parse(lines: string[]) {
  const number = lines.findIndex((line) => HUNK.test(line));
  const from = Math.max(0, number < 0 ? lines.length : number);
  // The library takes a trailing space of a name off, but not a date that no tab precedes.
  const head = lines.slice(0, from).map(withoutDate);
  if (head.some(({ length }) => length > LONGEST_NAME_LINE))
    throw new RangeError(`a diff in it can not be read (${lines[0]!.slice(0, 80)}): no file has so long a name`);
  try {
    // A mailer may have cut the space off an empty line.
    return parsePatch([...head, ...lines.slice(from).map((line) => line || ' ')].join('\n')) as [
      ReturnType<typeof parsePatch>[number],
    ];
  } catch (error) {
    throw new RangeError(`a diff in it can not be read (${lines[0]}): ${(error as Error).message}`);
  }
}

function withoutDate(line: string): string {
  const at = /^(---|\+\+\+) /.test(line) ? line.search(/\s\d{4}-\d\d-\d\d \d\d:\d\d/) : -1;
  return at < 0 ? line : line.slice(0, at).trimEnd();
}

function unfit(lines: readonly string[], mode: string | undefined): { unfit?: string } {
  if (BINARY.test(lines.at(-1)!)) return { unfit: 'a binary patch' };
  const made = mode ?? /^index .* (\d{6})$/m.exec(lines.slice(0, 6).join('\n'))?.[1];
  if (made === '120000') return { unfit: 'a symbolic link' };
  return made === '160000' ? { unfit: 'a submodule' } : {};
}

/**
 * The names in the tree: without `a/` and `b/` (or the other letters that git is told to put there), if both have one; or without the
 * directories of the two trees that were compared, if a file of one name is in both.
 */
function paths(
  [old, fresh]: readonly (string | undefined)[],
  lines: readonly string[],
): [string | undefined, string | undefined] {
  const names = [old, fresh].map((name) => (name === '/dev/null' ? undefined : name));
  const [one, other] = names;
  const moved = /^(?:rename|copy) from "?(.*?)"?$/m.exec(lines.slice(0, 8).join('\n'))?.[1];
  const isPrefixed =
    moved === undefined
      ? (names.every((name) => name === undefined || /^[abciow12]\//.test(name)) && one !== other) ||
        (one !== other && one !== undefined && other !== undefined && inTree(one) === inTree(other)) ||
        namesTrees(lines[0]!, (one ?? other)!)
      : isBehindPrefix(lines[0]!, moved);
  return names.map((name) => (name !== undefined && isPrefixed ? inTree(name) : name)) as [
    string | undefined,
    string | undefined,
  ];
}

/** Whether git's first line of a diff has a prefix before a name that its other lines have without one. */
function isBehindPrefix(header: string, name: string): boolean {
  const names = header.replace(/^diff --git "?/, '');
  return !names.startsWith(name) && inTree(names).startsWith(name);
}

/** Whether git's first line of a diff has a file of this name in two directories: `diff --git old/x.c new/x.c`. */
function namesTrees(header: string, name: string): boolean {
  if (!header.startsWith('diff --git ')) return false;
  const names = header.slice('diff --git '.length);
  // Git escapes a quote in a quoted name.
  const path = names.startsWith('"') ? '"' : `/${inTree(name)}`;
  const [one, other] = names.slice(0, -path.length).split(`${path} `);
  if (!names.endsWith(path) || one === undefined || other === undefined || one === other) return false;
  return path === '"' ? inTree(one) === inTree(other) : !/[/"]/.test(one + other);
}

const inTree = (name: string): string => name.slice(name.indexOf('/') + 1);

function checkPath(path: string | undefined): void {
  if (path?.startsWith('/') || path?.split(/[\\/]/).includes('..'))
    throw new RangeError(`the patch names ${JSON.stringify(path)}, which leads out of the tree`);
  // A report has a name in a line: a line end in it would begin another line.
  if (path !== undefined && /[^\P{Cc}\t]/u.test(path))
    throw new RangeError(`the patch names ${JSON.stringify(path)}, and no file is called by control characters`);
}
