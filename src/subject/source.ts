import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { type Around, includes, withCompanions } from './companions.ts';
import { type Patched, readPatch } from './patch/index.ts';

/** A file of C. */
export interface Part {
  readonly path: string;
  readonly text: string;
}

/** A driver's own C, as it is compiled: its text, and the headers of its own that it includes. */
export interface DriverSource {
  /** The path of the driver's file, in its tree. */
  readonly path: string;
  readonly text: string;
  /** Text of the driver's headers, by the name under which they are included (`asm/perf_event.h`). */
  readonly headers: ReadonlyMap<string, string>;
  /** Other `.c` files that may be parts of it: those are whose symbols it needs, or that need its own. */
  readonly parts?: readonly Part[];
  /** What was assumed, in one sentence each. */
  readonly notes: readonly string[];
}

export interface SourceOptions {
  /** For a `.c` file: the header that it needs. */
  readonly header?: string;
  /** For a patch: the tree to which it applies, for what it does not give whole. */
  readonly tree?: string;
}

const IN_TREE = ['arch/riscv/kernel/perf_event.c', 'drivers/perf/riscv_pmu.c'];
const PERF = 'drivers/perf';

/**
 * Finds the drivers in a patch (a git diff, an mbox, a page of a mail archive), a kernel tree, or a `.c` file: one, or as
 * many as a patch changes. Rejects with a RangeError that names what is missing.
 */
export async function readSources(path: string, { header, tree }: SourceOptions = {}): Promise<DriverSource[]> {
  if (!existsSync(path)) throw new RangeError(`there is no file ${path}`);
  if (tree !== undefined && !existsSync(tree)) throw new RangeError(`there is no directory ${tree}`);
  if (statSync(path).isDirectory()) return [fromTree(path)];
  if (path.endsWith('.c')) return [fileSource(path, header)];
  return await fromPatch(path, readFileSync(path), tree);
}

/**
 * The driver, where there is to be one only. Rejects as {@link readSources} does, and if there are several.
 *
 * @experimental
 */
export async function readSource(path: string, options: SourceOptions = {}): Promise<DriverSource> {
  const [source, ...others] = await readSources(path, options);
  if (others.length === 0) return source!;
  const names = [source!, ...others].map((driver) => driver.path).join(', ');
  throw new RangeError(`${path} has ${others.length + 1} drivers in it (${names}): give the .c file of one`);
}

/** Whether a text of C defines a PMU. */
export const isDriver = (text: string): boolean => /\bstruct\s+pmu\b/.test(text) && /\.event_init\b/.test(text);

function fromTree(root: string): DriverSource {
  const around = inDirectory(root);
  const path =
    IN_TREE.find((candidate) => around.read(candidate) !== undefined) ??
    oneOf(root, [...around.filesIn('.'), ...around.filesIn(PERF)]);
  return withCompanions({ path, text: around.read(path)!, headers: new Map(), notes: [] }, around);

  function oneOf(root: string, files: readonly string[]): string {
    const drivers = files.filter((file) => isDriver(around.read(file) ?? ''));
    if (drivers.length === 1) return drivers[0]!;
    if (drivers.length > 1)
      throw new RangeError(`${root} has several drivers (${drivers.join(', ')}): give the .c file itself`);
    throw new RangeError(`${root} has none of ${IN_TREE.join(', ')}: give the .c file itself`);
  }
}

/** The files of a directory, by their paths in it. */
const inDirectory = (root: string): Around => ({
  read: (path) => (path.startsWith('..') ? undefined : textIn(root, path)),
  filesIn: (directory) => filesOfC(root, directory),
});

/** The `.c` files in a directory of a tree, as paths in the tree; none where there is no such directory. */
export function filesOfC(root: string, directory: string): string[] {
  const there = join(root, directory);
  if (!existsSync(there)) return [];
  return readdirSync(there)
    .filter((name) => name.endsWith('.c'))
    .sort()
    .map((name) => join(directory, name));
}

/** A path as seen from the working directory, unless it lies outside of it. */
function fromHere(path: string): string {
  const here = relative('', path);
  return here.startsWith('..') ? path : here;
}

/**
 * The driver in a `.c` file, with the header that it needs. Throws a RangeError that names what is missing.
 *
 * @experimental
 */
export function fileSource(path: string, header?: string): DriverSource {
  if (!existsSync(path)) throw new RangeError(`there is no file ${path}`);
  const text = readFileSync(path, 'utf8');
  const headers = new Map<string, string>();
  if (header !== undefined) {
    if (!existsSync(header)) throw new RangeError(`there is no file ${header}`);
    const named = includes(text).filter((name) => basename(name) === basename(header));
    const name = named.find((candidate) => candidate.startsWith('asm/')) ?? named.at(-1);
    if (name === undefined) throw new RangeError(`${path} does not include a header called ${basename(header)}`);
    headers.set(name, readFileSync(header, 'utf8'));
  }
  // Of what lies beside it, only what it names itself: other files there may be other drivers.
  const { parts: _, ...source } = withCompanions(
    { path: basename(path), text, headers, notes: [] },
    inDirectory(dirname(path)),
  );
  return { ...source, path: fromHere(path) };
}

async function fromPatch(origin: string, bytes: Buffer, tree: string | undefined): Promise<DriverSource[]> {
  const patched = await inFile(origin, readPatch(bytes, tree === undefined ? undefined : (path) => textIn(tree, path)));
  const drivers = [...patched.files].filter(([path, text]) => path.endsWith('.c') && isDriver(text));
  const lacking = [...patched.partial.keys()].filter((path) => path.endsWith('.c'));
  if (drivers.length > 0) {
    const note = `not read, for the patch does not give the whole text: ${lacking.join(', ')}`;
    const notes = [...patched.notes, ...(lacking.length > 0 ? [note] : [])];
    return drivers.map(([path, text]) => withHeaders(origin, path, text, { ...patched, notes }));
  }
  if (lacking.length > 0)
    throw new RangeError(
      `${origin} changes ${lacking.join(', ')} but does not give the whole text: add --tree DIR, the tree that it applies to`,
    );
  const [gone] = [...patched.gone].filter(([path]) => path.endsWith('.c'));
  throw new RangeError(
    gone === undefined
      ? `${origin} has no .c file with a struct pmu in it`
      : `${origin} leaves no .c file with a struct pmu in it: ${gone[0]} is gone, ${gone[1]}`,
  );
}

/** A driver among files whose whole text is known, by path; with the headers of its own that are among them. */
export const sourceAmong = (files: ReadonlyMap<string, string>, path: string): DriverSource =>
  withHeaders(path, path, files.get(path)!, {
    ...{ files: new Map(files), partial: new Map(), gone: new Map(), assumedWhole: new Set<string>(), notes: [] },
  });

/** Names the file in what is wrong with it. */
async function inFile<T>(origin: string, reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    throw error instanceof RangeError ? new RangeError(`${origin}: ${error.message}`) : error;
  }
}

/** The text of a file of a tree, wherever a link in the path leads: undefined outside the tree. */
export function textIn(tree: string, path: string): string | undefined {
  const file = join(tree, path);
  if (!existsSync(file)) return undefined;
  if (!realpathSync(file).startsWith(`${realpathSync(tree)}${sep}`))
    throw new RangeError(`${path} leads out of ${tree} through a link`);
  return statSync(file).isFile() ? readFileSync(file, 'utf8').replaceAll('\r\n', '\n') : undefined;
}

function withHeaders(
  origin: string,
  path: string,
  text: string,
  { files, partial, assumedWhole, notes: ofPatch }: Patched,
): DriverSource {
  const headers = new Map<string, string>();
  const notes = [...ofPatch];
  for (const name of includes(text)) {
    const header = [...files.keys(), ...partial.keys()].find((file) => isIncludedAs(file, name, path));
    if (header === undefined) continue;
    const content = files.get(header);
    if (content === undefined)
      throw new RangeError(
        `${origin} changes ${header} but does not give the whole text: add --tree DIR, the tree that it applies to`,
      );
    headers.set(name, content);
    if (assumedWhole.has(header))
      notes.push(
        `${header} is taken as whole: its one hunk starts at line 1 and ends with the #endif of its include guard`,
      );
  }
  return withCompanions({ path, text, headers, notes }, inPatch(files));
}

/** The files of a patch: whole ones only, and no other driver is a part of one. */
const inPatch = (files: ReadonlyMap<string, string>): Around => ({
  read: (path) => files.get(path),
  filesIn: (directory) =>
    [...files].flatMap(([path, text]) =>
      path.endsWith('.c') && dirname(path) === directory && !isDriver(text) ? [path] : [],
    ),
});

function isIncludedAs(file: string, name: string, driver: string): boolean {
  return file.endsWith(`include/${name}`) || file === join(dirname(driver), name);
}
