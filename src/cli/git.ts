import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** The most that git may print. */
const MOST_BYTES = 256 << 20;

/** What git prints, in a directory; undefined if it fails. */
export const git = (directory: string, ...args: string[]): Buffer | undefined => gitOn('', directory, ...args);

/** The same, of what it reads on its standard input. */
function gitOn(input: string, directory: string, ...args: string[]): Buffer | undefined {
  try {
    return execFileSync('git', ['-C', directory, ...args], {
      input,
      stdio: ['pipe', 'pipe', 'ignore'],
      maxBuffer: MOST_BYTES,
    });
  } catch {
    return undefined;
  }
}

/** The directory of the git tree around one; undefined where there is no git. */
export const topOf = (directory: string): string | undefined =>
  git(directory, 'rev-parse', '--show-toplevel')?.toString().trim();

/** Whether a directory is itself a git tree, not only in one. */
export const isTop = (directory: string): boolean =>
  git(directory, 'rev-parse', '--show-prefix')?.toString().trim() === '';

/** A commit as Linux writes it after `Fixes:`: twelve digits, and its title. Undefined if there is no such commit. */
export const commitText = (directory: string, commit: string): string | undefined =>
  git(directory, 'show', '-s', '--abbrev=12', '--pretty=format:%h ("%s")', '--end-of-options', commit)
    ?.toString()
    .replace(/^([0-9a-f]{12})[0-9a-f]*/, '$1');

/**
 * The commit that brought a line of a text, as {@link commitText}, by the blame of what the repository has under that path.
 * Undefined where no commit did, or the history does not go back so far.
 */
export function blame(directory: string, path: string, text: string, line: number): string | undefined {
  const range = `${line},${line}`;
  const args = ['blame', '--root', '--porcelain', '-L', range, '--contents', '-', '--', path];
  const commit = /^[0-9a-f]{40,64}/.exec(gitOn(text, directory, ...args)?.toString() ?? '')?.[0];
  if (commit === undefined || /^0+$/.test(commit) || cutOff(directory).includes(commit)) return undefined;
  return commitText(directory, commit);
}

/** The commits that a shallow clone begins with: whatever is older seems to be of them. */
function cutOff(directory: string): string[] {
  const file = git(directory, 'rev-parse', '--git-path', 'shallow')?.toString().trim();
  try {
    return file === undefined ? [] : readFileSync(resolve(directory, file), 'utf8').split('\n');
  } catch {
    return [];
  }
}
