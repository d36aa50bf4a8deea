import { createHash, randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { inCache } from '../cache.ts';
import type { Tree } from './tree.ts';

/** Texts of files by their paths in a tree; undefined for a file that is gone. */
export type Texts = ReadonlyMap<string, string | undefined>;

/** The texts of the files that are not gone. */
export const textsThere = (texts: Texts): Map<string, string> =>
  new Map([...texts].flatMap(([path, text]) => (text === undefined ? [] : [[path, text] as const])));

/**
 * A tree in which some files have other texts: a directory of its own in `cache`, in which everything else is a link into the tree.
 * The tree itself where no text is another one. Headers of the kernel that are as they were are read from the tree, so that what is
 * compiled with them alone is compiled once.
 */
export function patchedTree(tree: Tree, texts: Texts, cache: string): Tree {
  const changed = new Map([...texts].filter(([path, text]) => !holds(join(tree.root, path), text)));
  if (changed.size === 0) return tree;
  const root = patchedDirectory(tree.root, changed, cache);
  const isHeader = (path: string): boolean => /^(arch\/\w+\/)?include\//.test(path);
  return { ...tree, root, original: tree.root, ...([...changed.keys()].some(isHeader) && { headers: root }) };
}

/** A directory in `cache` like another, but for the texts of some files, under a name that only these have. */
export function patchedDirectory(directory: string, texts: Texts, cache: string): string {
  const inside = new Set([...texts.keys()].flatMap(directoriesOf));
  const links = [...inside]
    .flatMap((one) => namesIn(join(directory, one)).map((name) => join(one, name)))
    .filter((path) => !inside.has(path) && !texts.has(path));
  const key = JSON.stringify([directory, [...texts].map(([path, text]) => [path, text ?? null]), links]);
  const place = join(cache, `tree-${createHash('sha256').update(key).digest('hex').slice(0, 32)}`);
  if ([...texts].every(([path, text]) => holds(join(place, path), text))) return place;
  const unfinished = `${place}-${randomBytes(6).toString('hex')}`;
  inCache(cache, () => {
    mkdirSync(unfinished, { recursive: true, mode: 0o700 });
    for (const one of inside) mkdirSync(join(unfinished, one), { recursive: true });
    for (const path of links) symlinkSync(join(directory, path), join(unfinished, path));
    for (const [path, text] of texts) if (text !== undefined) writeFileSync(join(unfinished, path), text);
  });
  takePlace(unfinished, place, () => [...texts].every(([path, text]) => holds(join(place, path), text)));
  return place;
}

/** Puts a directory in its place. Another process may have been faster: what it made is in use, and stays. */
function takePlace(unfinished: string, place: string, isThere: () => boolean): void {
  try {
    renameSync(unfinished, place);
  } catch (error) {
    if (!existsSync(place)) throw error;
    if (!isThere()) {
      rmSync(place, { recursive: true, force: true });
      renameSync(unfinished, place);
    } else rmSync(unfinished, { recursive: true, force: true });
  }
}

/** The directories in which a path lies, the one that it is a path of among them. */
function directoriesOf(path: string): string[] {
  const found: string[] = [];
  for (let directory = dirname(path); ; directory = dirname(directory)) {
    found.push(directory);
    if (directory === '.') return found;
  }
}

const namesIn = (directory: string): string[] => (existsSync(directory) ? readdirSync(directory).sort() : []);

const holds = (file: string, text: string | undefined): boolean =>
  (existsSync(file) ? readFileSync(file, 'utf8') : undefined) === text;
