import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import type { Change } from '../subject/patch/index.ts';
import { orUsage, UsageError } from './exit.ts';

/** What `check` is asked of: commits that change files, and the tree that they are of. */
export interface CheckInput {
  readonly changes: readonly Change[];
  /** The directory of the tree; undefined where there is none. */
  readonly root: string | undefined;
}

/** The most that git may print. */
const MOST_BYTES = 256 << 20;

/** What git prints, in a directory; undefined if it fails. */
function git(directory: string, ...args: string[]): Buffer | undefined {
  try {
    return execFileSync('git', ['-C', directory, ...args], {
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: MOST_BYTES,
    });
  } catch {
    return undefined;
  }
}

/** The directory of the git tree around one, or itself where there is no git. */
const topOf = (directory: string): string =>
  git(directory, 'rev-parse', '--show-toplevel')?.toString().trim() ?? resolve(directory);

/** Reads what a person names: a `.c` file, a patch, `-` for standard input, or a range of commits. Throws a UsageError. */
export async function readCheck(what: string, tree: string | undefined): Promise<CheckInput> {
  if (what.endsWith('.c') && existsSync(what)) return ofFile(what, tree);
  // Its headers may be those of another tree than the one in which the commits are.
  const repository = topOf('.');
  const root = tree === undefined ? repository : resolve(tree);
  const bytes = what === '-' ? readFileSync(0) : existsSync(what) ? readFileSync(what) : rangeOf(what, repository);
  const { readChanges } = await import('../subject/patch/index.ts');
  const { textIn } = await import('../subject/source.ts');
  const content = (name: string) =>
    /^[0-9a-f]{4,64}$/.test(name) && !/^0+$/.test(name)
      ? git(repository, 'cat-file', 'blob', name)?.toString('utf8')
      : undefined;
  try {
    return { changes: await readChanges(bytes, (path) => textIn(root, path), content), root };
  } catch (error) {
    if (error instanceof RangeError)
      throw new UsageError(`${what === '-' ? 'standard input' : what}: ${error.message}`);
    throw error;
  }
}

/** The commits of a range, as mails. Throws a UsageError if git knows none. */
function rangeOf(range: string, root: string): Buffer {
  const isRange = /^[^-\s][^\s]*$/.test(range);
  const mails = isRange
    ? git(root, 'format-patch', '--stdout', '--full-index', '--no-signature', '--end-of-options', range)
    : undefined;
  if (mails === undefined) throw new UsageError(`there is no file ${range}, and no range of commits in ${root}`);
  if (mails.length === 0) throw new UsageError(`the range ${range} has no commit`);
  return mails;
}

/** A file as it is; before, as the last commit has it. */
async function ofFile(path: string, tree: string | undefined): Promise<CheckInput> {
  const { treeAround } = await import('../subject/ground/tree.ts');
  const around = tree ?? orUsage(() => treeAround(path))?.root;
  const root = around === undefined ? undefined : resolve(around);
  const after = readFileSync(path, 'utf8');
  const top = topOf(resolve(path, '..'));
  const before = git(top, 'show', `HEAD:${relative(top, resolve(path))}`)?.toString('utf8');
  const name =
    root === undefined || relative(root, resolve(path)).startsWith('..') ? path : relative(root, resolve(path));
  return {
    changes: [{ title: path, files: [{ path: name, ...(before !== undefined && { before }), after, lines: [] }] }],
    root,
  };
}
