import { createHash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { isUnwritable, Unwritable } from '../outside/unwritable.ts';
import { NoSubject } from './compiler.ts';

/** What is kept of a build beside it. */
interface Entry {
  /** What it read beside its key, by absolute path: a digest of each file, or null where there was none. */
  readonly reads: Readonly<Record<string, string | null>>;
  /** What it made, to notice what was damaged: a digest of each file. */
  readonly made: Readonly<Record<string, string | null>>;
}

const READS = 'reads.json';

/**
 * The directory that `make` fills, under a name that says what went into it; made at once or not at all. `make` may answer
 * files outside of the directory that it read: when one of them is another, the directory is made anew. Throws
 * {@link Unwritable}, which names the cache, where the disk is full.
 */
export function cached(cache: string, key: readonly string[], make: (directory: string) => unknown): string {
  const directory = placeOf(cache, key);
  if (isFresh(directory)) return directory;
  const unfinished = begin(cache);
  try {
    keep(directory, unfinished, make(unfinished));
  } catch (error) {
    giveUp(directory, unfinished, orFull(cache, error));
  }
  return directory;
}

/** The same for what is made while the caller does something else. */
export async function cachedLater(
  cache: string,
  key: readonly string[],
  make: (directory: string) => Promise<unknown>,
): Promise<string> {
  const directory = placeOf(cache, key);
  if (isFresh(directory)) return directory;
  const unfinished = begin(cache);
  try {
    keep(directory, unfinished, await make(unfinished));
  } catch (error) {
    giveUp(directory, unfinished, orFull(cache, error));
  }
  return directory;
}

/** The cache that a file is kept in; undefined for one that lies elsewhere. */
export const cacheOf = (file: string): string | undefined =>
  existsSync(join(dirname(file), READS)) ? dirname(dirname(file)) : undefined;

function placeOf(cache: string, key: readonly string[]): string {
  inCache(cache, () => mkdirSync(cache, { recursive: true, mode: 0o700 }));
  checkOwn(cache);
  return join(cache, digest(JSON.stringify(key)));
}

/** A build that takes longer than this was killed. */
const A_DAY = 24 * 60 * 60 * 1000;

/** A directory to build in. What was left by builds that were killed is taken away. */
function begin(cache: string): string {
  for (const name of readdirSync(cache)) {
    const path = join(cache, name);
    const since = name.startsWith('unfinished-') ? statSync(path, { throwIfNoEntry: false })?.mtimeMs : undefined;
    if (since !== undefined && Date.now() - since > A_DAY) rmSync(path, { recursive: true, force: true });
  }
  return inCache(cache, () => mkdtempSync(join(cache, 'unfinished-')));
}

/** Makes something in the cache. Throws {@link Unwritable}, which names the cache, where the disk is full. */
export function inCache<T>(cache: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw orFull(cache, error);
  }
}

/** An error, and of a full disk what can be done about it. */
function orFull(cache: string, error: unknown): unknown {
  if (!isUnwritable(error) || error.message.startsWith(FULL)) return error;
  return new Unwritable(`${FULL}${cache}: ${error.message} (XDG_CACHE_HOME names another place)`, error.code!);
}

const FULL = 'cannot build in ';

function keep(directory: string, unfinished: string, files: unknown): void {
  const reads = Array.isArray(files) ? Object.fromEntries(files.map((file) => [file, digestOf(file)])) : {};
  writeFileSync(join(unfinished, READS), JSON.stringify({ reads, made: contents(unfinished) } satisfies Entry));
  rmSync(directory, { recursive: true, force: true });
  renameSync(unfinished, directory);
}

/** Another process may have been faster. */
function giveUp(directory: string, unfinished: string, error: unknown): void {
  rmSync(unfinished, { recursive: true, force: true });
  if (!isFresh(directory)) throw error;
}

/** The files that the compiler read, as its `-MD` tells them, outside of the directory in which it ran. */
export function readsOf(rule: string, directory: string): string[] {
  const named = rule.slice(rule.indexOf(':') + 1).replaceAll('\\\n', ' ');
  const files = [...named.matchAll(/(?:\\.|\S)+/g)].map(([file]) => resolve(directory, file.replace(/\\(.)/g, '$1')));
  return [...new Set(files)].filter((file) => !file.startsWith(`${resolve(directory)}/`));
}

/** What is kept is run later. Throws {@link NoSubject} for a cache that others may write to. */
function checkOwn(cache: string): void {
  const { uid, mode } = statSync(cache);
  const isOthers = uid !== process.getuid!();
  if (!isOthers && (mode & 0o022) === 0) return;
  throw new NoSubject(
    `the build cache ${cache} ${isOthers ? 'belongs to somebody else' : 'may be written by others'}, and what is in it is run: ${isOthers ? 'name another with XDG_CACHE_HOME' : `chmod go-w ${cache}`}`,
  );
}

/** A digest of each file of a directory. */
function contents(directory: string): Record<string, string | null> {
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name !== READS && lstatSync(join(directory, name)).isFile())
    .sort();
  return Object.fromEntries(files.map((name) => [name, digestOf(join(directory, name))]));
}

function isFresh(directory: string): boolean {
  try {
    const { reads, made } = JSON.parse(readFileSync(join(directory, READS), 'utf8')) as Entry;
    return (
      Object.entries(reads).every(([file, then]) => digestOf(file) === then) &&
      JSON.stringify(contents(directory)) === JSON.stringify(made)
    );
  } catch {
    return false;
  }
}

const digest = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex').slice(0, 32);

const digestOf = (file: string): string | null => (existsSync(file) ? digest(readFileSync(file)) : null);
