import { createHash } from 'node:crypto';
import type { FileDiff } from './diffs.ts';
import { applyHunks, created } from './hunks.ts';
import type { Letter } from './letters.ts';
import { isWhole } from './whole.ts';

/** Where a patch finds the old text of a file that it changes; undefined if it is not there. */
export type OldText = (path: string) => string | undefined;

/** Diffs that belong together, and what they are called. */
export interface Commit {
  readonly title: string;
  /** The message that it is in. */
  readonly letter?: Letter;
  readonly diffs: readonly FileDiff[];
}

/** A commit needs what another one makes, or comes after what takes it away: they stand in another order. */
export class OutOfOrder extends RangeError {}

const isC = (path: string): boolean => /\.[ch]$/.test(path);

/** The files that commits make, one commit after the other. */
export class Tree {
  /** The whole new text of what was changed, by path. */
  readonly files = new Map<string, string>();
  /** Files that are changed without that all of them is known, and by what. */
  readonly partial = new Map<string, string>();
  /** Files that were taken as whole although the patch can not prove it. */
  readonly assumedWhole = new Set<string>();
  /** Files that are no more, and why. */
  readonly gone = new Map<string, string>();
  /** What is to be known about it, in one sentence each. */
  readonly notes: string[] = [];
  /** Contents that are, or are not, those that the commits say they were made on. */
  matched = 0;
  mismatched = 0;
  /** Changes of files that are not known. */
  unknown = 0;
  readonly #oldText: OldText;

  constructor(oldText: OldText) {
    this.#oldText = oldText;
  }

  /**
   * Applies a commit: all of it or nothing. Throws a RangeError that names the file that does not fit, is not there, is there
   * already, or can not be applied as text.
   */
  apply({ title, diffs }: Commit): void {
    const leaving = new Set(
      diffs.filter(({ does }) => does === 'delete' || does === 'rename').map(({ from }) => from!),
    );
    const made = new Map<string, string>();
    for (const diff of diffs) {
      const path = (diff.to ?? diff.from)!;
      if (diff.unfit !== undefined) {
        if (isC(path))
          throw new RangeError(`${titleText(title)} gives ${path} as ${diff.unfit}, which can not be applied`);
        this.notes.push(`${path} was left out: ${diff.unfit}`);
      } else this.#change(diff, title, leaving, made);
    }
    const results = new Set(diffs.map(({ to }) => to));
    const renamed = new Map(diffs.flatMap(({ from, to, does }) => (does === 'rename' ? [[from, to] as const] : [])));
    for (const path of leaving)
      if (!made.has(path) && !results.has(path)) {
        this.files.delete(path);
        this.partial.delete(path);
        const to = renamed.get(path);
        this.gone.set(path, `${titleText(title)} ${to === undefined ? 'deletes it' : `renames it to ${to}`}`);
      }
    for (const [path, text] of made) {
      this.files.set(path, text);
      this.gone.delete(path);
      this.partial.delete(path);
    }
  }

  #change(diff: FileDiff, title: string, leaving: ReadonlySet<string>, made: Map<string, string>): void {
    const { from, to, does, hunks } = diff;
    if (does !== 'modify' && does !== 'delete') this.#checkFree(diff, title, leaving, made);
    if (does === 'create') {
      made.set(to!, hunks[0] === undefined ? '' : created(hunks[0]));
      return;
    }
    // A rename or a copy is of what was there before the commit; all else goes on from what the commit has made so far.
    const old = (does === 'modify' ? made.get(from!) : undefined) ?? this.#text(from!, title);
    if (old === undefined) this.#changeUnknown(diff, title, made);
    else {
      this.#compare(old, diff.before);
      const { text, offsets } = applyHunks(from!, old, hunks);
      if (offsets.length > 0)
        this.notes.push(
          `${titleText(title)} fits ${from} at an offset of ${[...new Set(offsets)].slice(0, 4).join(', ')} lines`,
        );
      if (does !== 'delete') made.set(to!, text);
      else if (text !== '' && hunks.length > 0)
        throw new RangeError(`${titleText(title)} deletes ${from}, which has more in it than the patch says`);
    }
  }

  #changeUnknown({ to, does, hunks }: FileDiff, title: string, made: Map<string, string>): void {
    if (does === 'modify' && hunks.length === 0) return;
    if (does === 'modify' && hunks.length === 1 && isWhole(hunks[0]!)) {
      made.set(to!, created(hunks[0]!));
      this.assumedWhole.add(to!);
      return;
    }
    this.unknown++;
    if (to !== undefined) this.partial.set(to, title);
  }

  #compare(old: string, before: string | undefined): void {
    if (before === undefined) return;
    if (blob(old).startsWith(before)) this.matched++;
    else this.mismatched++;
  }

  /** The text of a file now; undefined if it is not known. Throws if it is known not to be there. */
  #text(path: string, title: string): string | undefined {
    const why = this.gone.get(path);
    if (why !== undefined) throw new OutOfOrder(`${titleText(title)} changes ${path}, which is not there: ${why}`);
    return this.files.get(path) ?? (this.partial.has(path) ? undefined : this.#oldText(path));
  }

  /** Throws if a file that a commit makes is there already, and is another one. */
  #checkFree(
    { to, hunks, does }: FileDiff,
    title: string,
    leaving: ReadonlySet<string>,
    made: ReadonlyMap<string, string>,
  ): void {
    const path = to!;
    const earlier = this.partial.get(path);
    if (earlier !== undefined)
      throw new OutOfOrder(`${titleText(earlier)} changes ${path} before ${titleText(title)} makes it`);
    const isFree = leaving.has(path) || this.gone.has(path);
    const there = made.get(path) ?? (isFree ? undefined : (this.files.get(path) ?? this.#oldText(path)));
    // An empty file is one that a diff which is not git's may fill.
    if (there === undefined || there === '') return;
    if (does === 'create' && hunks[0] !== undefined && created(hunks[0]) === there) return;
    throw new RangeError(`${titleText(title)} makes ${path}, which is there already`);
  }
}

/** A title from outside, as it is told: in quotes, its control characters escaped. */
export const titleText = (title: string): string =>
  JSON.stringify(title.length > 100 ? `${title.slice(0, 100)}…` : title);

/** What git calls a content. */
const blob = (text: string): string =>
  createHash('sha1')
    .update(`blob ${Buffer.byteLength(text)}\0`)
    .update(text)
    .digest('hex');
