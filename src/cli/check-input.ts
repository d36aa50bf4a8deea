import { existsSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import type { Change } from '../subject/patch/index.ts';
import { orUsage, UsageError } from './exit.ts';
import { git, isTop, topOf } from './git.ts';

/** What `check` is asked of: commits that change files, and the tree that they are of. */
export interface CheckInput {
  readonly changes: readonly Change[];
  /** The directory of the tree; undefined where there is none. */
  readonly root: string | undefined;
  /** The directory of a file that is not in the tree. */
  readonly beside?: string;
  /** The directory of the git repository that the commits are of, or that the tree is; undefined where there is none. */
  readonly repository: string | undefined;
  /** Whether they were read from that repository by their names. */
  readonly isRange: boolean;
  /** Whether texts were taken from the tree. */
  readonly readsTree: boolean;
}

/** Reads what a person names: a `.c` file, a patch, `-` for standard input, or a range of commits. Throws a UsageError. */
export async function readCheck(what: string, tree: string | undefined): Promise<CheckInput> {
  if (what.endsWith('.c') && existsSync(what)) return ofFile(what, tree);
  // Its headers may be those of another tree than the one in which the commits are.
  const here = topOf('.');
  const root = tree === undefined ? (here ?? resolve('.')) : resolve(tree);
  const repositories = [...(here === undefined ? [] : [here]), ...(root !== here && isTop(root) ? [root] : [])];
  const isRange = what !== '-' && !existsSync(what);
  const { bytes, repository = repositories[0] } = isRange
    ? rangeOf(what, repositories)
    : { bytes: readFileSync(what === '-' ? 0 : what) };
  const { readChanges } = await import('../subject/patch/index.ts');
  const { textIn } = await import('../subject/source.ts');
  const content = (name: string): string | undefined => {
    if (!/^[0-9a-f]{4,64}$/.test(name) || /^0+$/.test(name)) return undefined;
    const found = repositories.map((one) => git(one, 'cat-file', 'blob', name)?.toString('utf8'));
    return found.find((text) => text !== undefined);
  };
  let readsTree = false;
  const oldText = (path: string): string | undefined => {
    const text = textIn(root, path);
    readsTree ||= text !== undefined;
    return text;
  };
  try {
    const changes = await readChanges(bytes, oldText, content);
    return { changes, root, repository, isRange, readsTree };
  } catch (error) {
    if (error instanceof RangeError)
      throw new UsageError(`${what === '-' ? 'standard input' : what}: ${error.message}`);
    throw error;
  }
}

/** The commits of a range, as mails, and the first repository that has it. Throws a UsageError if git knows none. */
function rangeOf(range: string, repositories: readonly string[]): { bytes: Buffer; repository?: string } {
  const args = ['format-patch', '--stdout', '--full-index', '--no-signature', '--end-of-options', range];
  for (const repository of /^[^-\s][^\s]*$/.test(range) ? repositories : []) {
    const bytes = git(repository, ...args);
    if (bytes === undefined) continue;
    if (bytes.length === 0) throw new UsageError(`the range ${range} has no commit`);
    return { bytes, repository };
  }
  const where = repositories[0] ?? resolve('.');
  throw new UsageError(`there is no file ${range}, and no range of commits in ${where}`);
}

/** A file as it is; before, as the last commit has it. */
async function ofFile(path: string, tree: string | undefined): Promise<CheckInput> {
  const { treeAround } = await import('../subject/ground/tree.ts');
  const around = tree ?? orUsage(() => treeAround(path))?.root;
  const root = around === undefined ? undefined : resolve(around);
  const after = readFileSync(path, 'utf8');
  const repository = topOf(resolve(path, '..'));
  const top = repository ?? resolve(path, '..');
  const before = git(top, 'show', `HEAD:${relative(top, resolve(path))}`)?.toString('utf8');
  const inTree = root === undefined ? undefined : relative(root, resolve(path));
  const isOutside = inTree?.startsWith('..') === true;
  const name = inTree === undefined || isOutside ? path : inTree;
  return {
    changes: [
      { title: path, files: [{ path: name, ...(before !== undefined && { before }), after, lines: [], hunks: [] }] },
    ],
    root,
    ...(isOutside && { beside: dirname(resolve(path)) }),
    ...{ repository, isRange: false, readsTree: root !== undefined },
  };
}
