import { type Commit, type OldText, OutOfOrder, Tree } from './tree.ts';

/** More commits than these are tried in the order in which they stand, and the other way round, only. */
const MOST_SORTED = 64;

/** What is known of the order in which commits stand. */
export interface Order {
  readonly newestFirst: boolean;
  /** Whether their dates say so. */
  readonly isDated: boolean;
}

/** The order in which letters stand: by their dates, where these go one way only; a log is printed newest first. */
export function orderOf(dates: readonly (string | undefined)[], isLog: boolean): Order {
  const times = dates.map((date) => Date.parse(date ?? ''));
  const steps = times.slice(1).map((time, number) => time - times[number]!);
  const [grows, falls] = [steps.some((step) => step > 0), steps.some((step) => step < 0)];
  const isDated = !steps.some(Number.isNaN) && grows !== falls;
  return { newestFirst: isDated ? falls : isLog, isDated };
}

/**
 * The files that commits make, in the order in which they can be applied. Another order than the one that is expected is taken
 * only where a commit needs what another makes, or the contents are those that the commits say. Throws a RangeError that names a
 * file if none fits, or if it is not certain which one is meant.
 */
export function applyAll(
  groups: readonly (readonly Commit[])[],
  oldText: OldText,
  { newestFirst, isDated }: Order,
): Tree {
  const [forward, backward] = [groups.flat(), groups.toReversed().flat()];
  const usual = attempt(newestFirst ? backward : forward, oldText);
  if (groups.length === 1) return orThrow(usual);
  const other = attempt(newestFirst ? forward : backward, oldText);
  if (usual instanceof Tree && other instanceof Tree) return theOne(usual, other, isDated);
  if (usual instanceof Tree) return usual;
  if (other instanceof Tree && (usual instanceof OutOfOrder || isProved(other))) return other;
  return (forward.length <= MOST_SORTED ? byContents(forward, oldText) : undefined) ?? orThrow(usual);
}

const isProved = ({ matched, mismatched }: Tree): boolean => matched > 0 && mismatched === 0;

function orThrow(tried: Tree | RangeError): Tree {
  if (tried instanceof Tree) return tried;
  throw tried;
}

/** Of two orders that both fit, the one that is meant. */
function theOne(usual: Tree, other: Tree, isDated: boolean): Tree {
  if (contents(usual) === contents(other)) return usual;
  if (isProved(usual) !== isProved(other)) return isProved(usual) ? usual : other;
  if (isDated || usual.unknown < other.unknown) return usual;
  const path = [...usual.files.keys()].find((name) => usual.files.get(name) !== other.files.get(name));
  throw new RangeError(
    `it is not certain in which order the patches apply: from the first to the last and from the last to the first they fit, and make two texts${path === undefined ? '' : ` of ${path}`}`,
  );
}

function attempt(commits: readonly Commit[], oldText: OldText): Tree | RangeError {
  const tree = new Tree(oldText);
  try {
    for (const commit of commits) tree.apply(commit);
    return tree;
  } catch (error) {
    if (error instanceof RangeError) return error;
    throw error;
  }
}

/** All that is known of the files after some commits. */
const contents = ({ files, partial, gone }: Tree): string =>
  JSON.stringify([
    [...files].toSorted(([a], [b]) => (a < b ? -1 : 1)),
    [...partial.keys()].toSorted(),
    [...gone.keys()].toSorted(),
  ]);

/** Applies each commit where its contents are exactly those that it says it was made on; undefined if one never fits. */
function byContents(commits: readonly Commit[], oldText: OldText): Tree | undefined {
  const left = new Set(commits);
  const done: Commit[] = [];
  let tree = new Tree(oldText);
  while (left.size > 0) {
    const next = [...left].find((commit) => {
      if (commit.diffs.some(({ does, before, hunks }) => does !== 'create' && hunks.length > 0 && before === undefined))
        return false;
      const tried = attempt([...done, commit], oldText);
      if (!(tried instanceof Tree) || tried.mismatched > 0 || tried.partial.size > tree.partial.size) return false;
      tree = tried;
      return true;
    });
    if (next === undefined) return undefined;
    left.delete(next);
    done.push(next);
  }
  return tree;
}
