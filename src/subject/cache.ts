import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** What a build read beside its key, by absolute path: a digest of each file, or null where there was none. */
type Reads = Readonly<Record<string, string | null>>;

const READS = 'reads.json';

/**
 * The directory that `make` fills, under a name that says what went into it; made at once or not at all. `make` may answer
 * files outside of the directory that it read: when one of them is another, the directory is made anew.
 */
export function cached(cache: string, key: readonly string[], make: (directory: string) => unknown): string {
  const directory = join(cache, digest(JSON.stringify(key)));
  if (isFresh(directory)) return directory;
  mkdirSync(cache, { recursive: true });
  const unfinished = mkdtempSync(join(cache, 'unfinished-'));
  try {
    const files = make(unfinished);
    const reads = Array.isArray(files) ? Object.fromEntries(files.map((file) => [file, digestOf(file)])) : {};
    writeFileSync(join(unfinished, READS), JSON.stringify(reads));
    rmSync(directory, { recursive: true, force: true });
    renameSync(unfinished, directory);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    // Another process may have been faster.
    if (!isFresh(directory)) throw error;
  }
  return directory;
}

/** The files that the compiler read, as its `-MD` tells them, outside of the directory in which it ran. */
export function readsOf(rule: string, directory: string): string[] {
  const named = rule.slice(rule.indexOf(':') + 1).replaceAll('\\\n', ' ');
  const files = [...named.matchAll(/(?:\\.|\S)+/g)].map(([file]) => resolve(directory, file.replace(/\\(.)/g, '$1')));
  return [...new Set(files)].filter((file) => !file.startsWith(`${resolve(directory)}/`));
}

function isFresh(directory: string): boolean {
  let reads: Reads;
  try {
    reads = JSON.parse(readFileSync(join(directory, READS), 'utf8')) as Reads;
  } catch {
    return false;
  }
  return Object.entries(reads).every(([file, then]) => digestOf(file) === then);
}

const digest = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex').slice(0, 32);

const digestOf = (file: string): string | null => (existsSync(file) ? digest(readFileSync(file)) : null);
