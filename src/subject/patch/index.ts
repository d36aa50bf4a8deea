import type { StructuredPatchHunk } from 'diff';
import { diffsIn, type FileDiff } from './diffs.ts';
import { isReply, type Letter, lettersOf } from './letters.ts';
import { applyAll, orderOf } from './order.ts';
import { type LeftOut, newest, type Series, tagOf } from './series.ts';
import { type Commit, type OldText, Tree, titleText } from './tree.ts';

export type { Correspondent, Letter } from './letters.ts';
export type { OldText } from './tree.ts';

/** The files that a patch makes, and why others could not be had. */
export interface Patched extends Pick<Tree, 'files' | 'partial' | 'assumedWhole' | 'gone'> {
  /** What was taken and what was left out, in one sentence each. */
  readonly notes: readonly string[];
}

/**
 * Reads a git diff, a mailbox, a mail, a `git log -p` or a page of a mail archive, packed or not, and applies what is in it as
 * git does: the newest version of each series, by its numbers, without the replies. Rejects with a RangeError if it is no
 * patch, is cut short, names a path that leads out of the tree, does not fit, or leaves it uncertain which text results.
 */
export async function readPatch(bytes: Buffer, oldText: OldText = () => undefined): Promise<Patched> {
  const { letters, leftOut, series, groups } = await readGroups(bytes);
  if (groups.flat().every(({ diffs }) => diffs.every(isEmpty))) throw new RangeError(nothingIn(leftOut));
  const dates = groups.length === series.length ? series.map((one) => one.letters[0]!.date) : [];
  const tree = orMissing(series, () => applyAll(groups, oldText, orderOf(dates, letters[0]!.isCommit === true)));
  for (const one of series) checkGap(one, tree);
  const { files, partial, assumedWhole, gone } = tree;
  const taken = series.flatMap((one) => one.letters);
  return { files, partial, assumedWhole, gone, notes: [...summary(taken, leftOut, series), ...tree.notes] };
}

/** What a commit does to one file: its whole text before and after, where there is one, and the lines after it that are new. */
export interface Changed {
  readonly path: string;
  readonly before?: string;
  readonly after?: string;
  readonly lines: readonly number[];
  readonly hunks: readonly StructuredPatchHunk[];
}

/** One commit of a patch or a series. */
export interface Change {
  readonly title: string;
  /** The message that it is in. */
  readonly letter?: Letter;
  readonly files: readonly Changed[];
}

/**
 * The commits of a patch or a series one by one, in their order, each with the texts that it changes. The text before the first
 * is what `content` has under the name that git gives it, else what `oldText` has. Rejects as {@link readPatch} does, and with a
 * RangeError where the text of a file of C is not known.
 */
export async function readChanges(
  bytes: Buffer,
  oldText: OldText,
  content: (name: string) => string | undefined = () => undefined,
): Promise<Change[]> {
  const { groups } = await readGroups(bytes);
  const commits = groups.flat();
  const names = new Map<string, string>();
  for (const { from, before } of commits.flatMap(({ diffs }) => diffs))
    if (from !== undefined && before !== undefined && !names.has(from)) names.set(from, before);
  const first: OldText = (path) => content(names.get(path) ?? '') ?? oldText(path);
  const tree = new Tree(first);
  return commits.map((commit): Change => {
    const changing = commit.diffs.flatMap(({ from }) => (from === undefined ? [] : [from]));
    const old = new Map(changing.map((from) => [from, tree.files.get(from) ?? first(from)]));
    tree.apply(commit);
    const [unknown] = commit.diffs.filter(({ to }) => to?.endsWith('.c') && tree.partial.has(to));
    if (unknown !== undefined)
      throw new RangeError(`${unknown.to} is not given whole: add --tree DIR, the tree that the patch applies to`);
    return {
      title: commit.title,
      ...(commit.letter && { letter: commit.letter }),
      files: commit.diffs.map((diff) => changed(diff, diff.from === undefined ? undefined : old.get(diff.from), tree)),
    };
  });
}

function changed({ from, to, hunks }: FileDiff, before: string | undefined, tree: Tree): Changed {
  const after = to === undefined ? undefined : tree.files.get(to);
  const lines = hunks.flatMap(({ newStart, lines }) => {
    let at = newStart;
    return lines
      .flatMap((line) => (line.startsWith('-') || line.startsWith('\\') ? [] : [[at++, line] as const]))
      .flatMap(([number, line]) => (line.startsWith('+') ? [number] : []));
  });
  return {
    path: (to ?? from)!,
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
    lines,
    hunks,
  };
}

/** The commits of the newest version of each series in a text, and what was left out. Rejects if there is no patch in it. */
async function readGroups(bytes: Buffer) {
  const letters = await lettersOf(bytes);
  const leftOut: LeftOut[] = [];
  const leave = (letter: Letter, why: string): false => {
    leftOut.push({ letter, why });
    return false;
  };
  const patches = letters.filter((letter) => {
    if (!letter.texts.some(hasDiff)) return false;
    if (isReply(letter)) return leave(letter, 'a reply');
    return tagOf(letter.subject ?? '').number !== 0 || leave(letter, 'a cover letter');
  });
  if (patches.length === 0) throw new RangeError(nothingIn(leftOut));
  const { series, leftOut: older } = newest(patches);
  const groups = series.flatMap(groupsOf);
  return { letters, leftOut: [...leftOut, ...older], series, groups };
}

/** Whether a diff says nothing but a name or a mode. */
const isEmpty = ({ does, hunks, unfit }: FileDiff): boolean =>
  does === 'modify' && hunks.length === 0 && unfit === undefined;

const hasDiff = (text: string): boolean => /^(diff --(git|cc|combined) |--- .*\n\+\+\+ )/m.test(text);

function nothingIn(leftOut: readonly LeftOut[]): string {
  const [first] = leftOut;
  return first === undefined
    ? 'there is no patch in it (no file with a hunk)'
    : `there is no patch in it but in what is left out: ${titleText(first.letter.subject ?? '')}, ${first.why}`;
}

/** The commits of a series: one group; of a text without numbers, a file that is changed again begins another one. */
function groupsOf({ letters, total }: Series): Commit[][] {
  const commits = letters.flatMap(commitsOf);
  return total === undefined && letters[0]!.subject === undefined ? commits.map((commit) => [commit]) : [commits];
}

function commitsOf(letter: Letter): Commit[] {
  const title = letter.subject ?? 'the patch';
  const commits: FileDiff[][] = [[]];
  const seen = new Set<string>();
  /** What the commit changes where it is, and what it renames: no commit does both to one file. */
  const changedAt = { modify: new Set<string>(), rename: new Set<string>() };
  // The same diff may stand in a message and be attached to it.
  const parts = new Map(letter.texts.map((text) => diffsIn(text)).map((diffs) => [JSON.stringify(diffs), diffs]));
  for (const diff of [...parts.values()].flat()) {
    const path = diff.to ?? diff.from!;
    const { does, from } = diff;
    const isOfAnother =
      (does === 'modify' && changedAt.rename.has(from!)) || (does === 'rename' && changedAt.modify.has(from!));
    if (seen.has(path) || isOfAnother) {
      for (const names of [seen, changedAt.modify, changedAt.rename]) names.clear();
      commits.push([]);
    }
    seen.add(path);
    if (does === 'modify' || does === 'rename') changedAt[does].add(from!);
    commits.at(-1)!.push(diff);
  }
  return commits.map((diffs) => ({ title, letter, diffs }));
}

/** Throws if patches are missing, and what follows was made on another text than what is there. */
function checkGap(series: Series, tree: Tree): void {
  const missing = missingOf(series);
  if (missing.length > 0 && tree.mismatched > 0)
    throw new RangeError(`${missing.join(', ')} of the series is not in it, and the others were made on another text`);
}

/** Applies patches; where they do not fit, a RangeError also names those that are missing, for want of which that may be. */
function orMissing(series: readonly Series[], apply: () => Tree): Tree {
  try {
    return apply();
  } catch (error) {
    const missing = series.flatMap(missingOf);
    if (!(error instanceof RangeError) || missing.length === 0) throw error;
    throw new RangeError(`${error.message}; of the series ${list(missing)} is not in it`);
  }
}

/** The numbers of a series that are not there: `2/3`. */
function missingOf({ letters, total = 0 }: Series): string[] {
  const there = new Set(letters.map(({ subject }) => tagOf(subject ?? '').number));
  const all = Array.from({ length: Math.min(total, 1000) }, (_, number) => number + 1);
  return all.filter((number) => !there.has(number)).map((number) => `${number}/${total}`);
}

/** In one line, what was taken and what was not; nothing where there was only one thing to take. */
function summary(taken: readonly Letter[], leftOut: readonly LeftOut[], series: readonly Series[]): string[] {
  const missing = series.flatMap(missingOf);
  if (taken.length + leftOut.length + missing.length < 2) return [];
  const parts = [`taken: ${list(taken.map(({ subject }) => titleText(subject ?? 'a patch')))}`];
  if (leftOut.length > 0)
    parts.push(
      `left out: ${list(leftOut.map(({ letter, why }) => `${titleText(letter.subject ?? 'a patch')} (${why})`))}`,
    );
  if (missing.length > 0) parts.push(`not in it: ${list(missing)}`);
  return [parts.join('; ')];
}

const list = (names: readonly string[]): string =>
  names.length > 6 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');
