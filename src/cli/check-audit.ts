import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Finding } from '../findings/finding.ts';
import { type KeptReport, keptOf, reportFrom } from '../findings/kept.ts';
import type { Report } from '../findings/report.ts';
import { writeFileAtomically } from '../outside/write-file.ts';
import { VERSION } from '../version.ts';

/** A driver whose text need not lie on disk: the files that are changed, by path, and the tree of the others. */
export interface DriverText {
  readonly path: string;
  readonly files: ReadonlyMap<string, string>;
  readonly root: string | undefined;
}

/** The first tree whose headers serve. */
const SINCE = 5.1;

const digest = (...parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);

/** Changes when this tool does. */
const tool = (): string => `${VERSION} ${statSync(fileURLToPath(import.meta.url)).mtimeMs}`;

/**
 * Audits a driver as it stands, or finds what such an audit found in the cache. Throws `NoSubject` if it does not compile.
 * An audit that is ended by `signal`, or by the clock, is not kept. `onFinding` is told what is found while a search goes on, in a tree.
 */
export async function auditText(
  driver: DriverText,
  signal: AbortSignal,
  onFinding: (finding: Finding) => void,
): Promise<Report> {
  const tree = await treeOf(driver.root);
  return tree === undefined ? auditFamily(driver, signal) : auditInTree(driver, tree, signal, onFinding);
}

async function treeOf(root: string | undefined) {
  if (root === undefined) return undefined;
  const { readTree } = await import('../subject/ground/tree.ts');
  try {
    const tree = readTree(root);
    return tree.major + tree.minor / 100 >= SINCE ? tree : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

async function auditInTree(
  driver: DriverText,
  tree: Tree,
  signal: AbortSignal,
  onFinding: (finding: Finding) => void,
): Promise<Report> {
  const { build, directory, kept: parent } = await builtInTree(driver, tree);
  const kept = join(parent, `${digest(tool(), build.driver, build.kernel, build.harness)}.json`);
  const known = keptIn(kept);
  if (known !== undefined) return known;
  const { auditOnGround } = await import('../subject/ground/audit.ts');
  const { foundSoFar, reportOf } = await import('../audit/ground/report.ts');
  const named = (text: string): string => text.replaceAll(`${directory}/`, '');
  const audit = await auditOnGround(build, {
    signal,
    onFinding(finding) {
      const { place } = finding;
      onFinding(foundSoFar({ ...finding, place: place && { ...place, file: named(place.file) } }));
    },
  });
  const text = named(JSON.stringify(keptOf(reportOf(audit))));
  // What a busy machine had no time or memory for, it may have the next time.
  const isLasting = audit.searched.every(({ stoppedBy }) => stoppedBy === undefined || / states$/.test(stoppedBy));
  if (!signal.aborted && isLasting) writeFileAtomically(kept, [text]);
  return reportFrom(JSON.parse(text) as KeptReport);
}

type Tree = NonNullable<Awaited<ReturnType<typeof treeOf>>>;

/** A driver compiled with the headers of its tree, where its files were written to, and where audits of it are kept. */
async function builtInTree(driver: DriverText, tree: Tree) {
  const { buildOnGround } = await import('../subject/ground/build.ts');
  const { makes } = await import('../subject/ground/tree.ts');
  const { cacheDirectory } = await import('../subject/cache-directory.ts');
  const kept = join(cacheDirectory(), 'checked');
  const { symbol, together } = makes(tree, driver.path);
  const others = together.filter((path) => path !== driver.path);
  const { directory, pathOf } = written(driver, tree.root, kept, others);
  const build = await buildOnGround(pathOf(driver.path), tree.root, {
    ...(symbol !== undefined && { symbol }),
    files: others.map(pathOf),
  });
  return { build, directory, kept };
}

/** The build of {@link auditText}, and the directory in which its files are named; undefined where the tree's headers do not serve. */
export async function buildText(driver: DriverText) {
  const tree = await treeOf(driver.root);
  return tree && builtInTree(driver, tree);
}

function keptIn(file: string): Report | undefined {
  try {
    return reportFrom(JSON.parse(readFileSync(file, 'utf8')) as KeptReport);
  } catch {
    return undefined;
  }
}

/** Writes a driver and its own headers where the compiler finds them, under a name that its text has alone. */
function written({ path, files }: DriverText, root: string, parent: string, others: readonly string[]) {
  const texts = new Map<string, string>();
  const take = (name: string): void => {
    if (texts.has(name) || name.startsWith('..')) return;
    const there = join(root, name);
    const text = files.get(name) ?? (existsSync(there) ? readFileSync(there, 'utf8') : undefined);
    if (text === undefined) return;
    texts.set(name, text);
    for (const [, header] of text.matchAll(/^[ \t]*#[ \t]*include[ \t]*"([^"\n]+)"/gm))
      take(normalize(join(dirname(name), header!)));
  };
  for (const name of [path, ...others]) take(name);
  const directory = join(parent, digest(resolve(root), JSON.stringify([...texts])));
  for (const [name, text] of texts) {
    const file = join(directory, name);
    if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, text);
  }
  return { directory, pathOf: (name: string): string => join(directory, name) };
}

/** The driver family of 2018, compiled with the header of ours. */
async function auditFamily({ path, files, root }: DriverText, signal: AbortSignal): Promise<Report> {
  const { cacheDirectory } = await import('../subject/cache-directory.ts');
  const { sourceAmong } = await import('../subject/source.ts');
  const source = sourceAmong(files, path);
  const directory = join(cacheDirectory(), 'checked');
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const kept = join(
    directory,
    `${digest(tool(), path, source.text, JSON.stringify([...source.headers]), root ?? '')}.json`,
  );
  const known = keptIn(kept);
  if (known !== undefined) return known;
  const { build } = await import('../subject/index.ts');
  const { ENVIRONMENTS } = await import('../../models/index.ts');
  const { askedOfC } = await import('./asked-of-c.ts');
  const { reportOfSource } = await import('./source.ts');
  const built = build(source);
  const { models } = await askedOfC(built, { driver: 'as-posted' }, false);
  const asked = models.filter(({ deep }) => !deep);
  const text = JSON.stringify(keptOf(await reportOfSource(built, asked, ENVIRONMENTS, signal)));
  if (!signal.aborted) writeFileAtomically(kept, [text]);
  return reportFrom(JSON.parse(text) as KeptReport);
}
