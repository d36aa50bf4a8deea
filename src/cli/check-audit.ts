import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Finding } from '../findings/finding.ts';
import { type KeptReport, keptOf, reportFrom } from '../findings/kept.ts';
import type { Report } from '../findings/report.ts';
import { isUnwritable } from '../outside/unwritable.ts';
import { writeFileAtomically } from '../outside/write-file.ts';
import type { Texts } from '../subject/ground/patched-tree.ts';
import type { Tree } from '../subject/ground/tree.ts';
import { VERSION } from '../version.ts';

/** A driver whose text need not lie on disk: the texts of those that are changed (undefined: gone), and the tree of the others. */
export interface DriverText {
  readonly path: string;
  readonly files: Texts;
  readonly root: string | undefined;
  /** The directory of its file, where that is not in the tree. */
  readonly beside?: string | undefined;
}

/** A driver among changed files: its own text, and which of them are its. */
export interface ChangedDriver {
  readonly text: string;
  readonly files: readonly string[];
}

/**
 * The drivers that changed files belong to, by the path of what registers each, and the tree that the changes leave. In no tree, each
 * is a file of its own.
 */
export async function driversIn(
  changed: readonly string[],
  { files, root, beside }: Omit<DriverText, 'path'>,
): Promise<{ drivers: Map<string, ChangedDriver>; tree: Tree | undefined }> {
  const { isDriver } = await import('../subject/source.ts');
  const { driversOf } = await import('../subject/ground/touched.ts');
  const { patchedTree } = await import('../subject/ground/patched-tree.ts');
  const original = beside === undefined ? await treeOf(root) : undefined;
  const tree = original && patchedTree(original, files, await checkedDirectory());
  const drivers = new Map<string, { text: string; files: string[] }>();
  for (const path of changed) {
    const own = path.endsWith('.c') && isDriver(files.get(path) ?? '') ? [path] : [];
    for (const driver of tree === undefined ? own : driversOf(path, tree)) {
      const text = files.get(driver) ?? readFileSync(join(tree!.root, driver), 'utf8');
      drivers.set(driver, { text, files: [...(drivers.get(driver)?.files ?? []), path] });
    }
  }
  return { drivers, tree };
}

/** Where audits are kept, and the trees that changes leave. */
async function checkedDirectory(): Promise<string> {
  const { cacheDirectory } = await import('../subject/cache-directory.ts');
  const directory = join(cacheDirectory(), 'checked');
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  return directory;
}

const digest = (...parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);

/** Changes when this tool does. */
const tool = (): string => `${VERSION} ${statSync(process.argv[1]!).mtimeMs}`;

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

const treeOf = async (root: string | undefined): Promise<Tree | undefined> =>
  root === undefined ? undefined : (await import('../subject/ground/tree.ts')).servingTree(root);

async function auditInTree(
  driver: DriverText,
  tree: Tree,
  signal: AbortSignal,
  onFinding: (finding: Finding) => void,
): Promise<Report> {
  const { build, named, kept: parent } = await builtInTree(driver, tree);
  const kept = join(parent, `${digest(tool(), build.driver, build.kernel, build.harness)}.json`);
  const known = keptIn(kept);
  if (known !== undefined) return known;
  const { auditOnGround } = await import('../subject/ground/audit.ts');
  const { foundSoFar, reportOf } = await import('../audit/ground/report.ts');
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
  if (!signal.aborted && isLasting) keep(kept, text);
  return reportFrom(JSON.parse(text) as KeptReport);
}

/** A driver compiled with the headers of its tree, what names its files for people, and where audits of it are kept. */
async function builtInTree({ path, files, beside }: DriverText, tree: Tree) {
  const { buildOnGround } = await import('../subject/ground/build.ts');
  const { patchedDirectory, patchedTree } = await import('../subject/ground/patched-tree.ts');
  const kept = await checkedDirectory();
  if (beside !== undefined) {
    const directory = patchedDirectory(beside, new Map([[basename(path), files.get(path)]]), kept);
    const build = await buildOnGround(join(directory, basename(path)), tree, { reads: [beside] });
    return { build, kept, named: namedIn(directory, dirname(path)) };
  }
  const patched = patchedTree(tree, files, kept);
  return { build: await buildOnGround(join(patched.root, path), patched), kept, named: namedIn(patched.root, '.') };
}

/** Names files of one directory as those of another. */
const namedIn =
  (directory: string, as: string) =>
  (text: string): string =>
    text.replaceAll(`${directory}/`, as === '.' ? '' : `${as}/`);

/** The build of {@link auditText}, and what names its files for people; undefined where the tree's headers do not serve. */
export async function buildText(driver: DriverText) {
  const tree = await treeOf(driver.root);
  return tree && builtInTree(driver, tree);
}

/** Keeps a report for the next time; a full disk is no reason to lose it. */
function keep(file: string, text: string): void {
  try {
    writeFileAtomically(file, [text]);
  } catch (error) {
    if (!isUnwritable(error)) throw error;
  }
}

function keptIn(file: string): Report | undefined {
  try {
    return reportFrom(JSON.parse(readFileSync(file, 'utf8')) as KeptReport);
  } catch {
    return undefined;
  }
}

/** The driver family of 2018, compiled with the header of ours. */
async function auditFamily({ path, files, root }: DriverText, signal: AbortSignal): Promise<Report> {
  const { sourceAmong } = await import('../subject/source.ts');
  const { textsThere } = await import('../subject/ground/patched-tree.ts');
  const source = sourceAmong(textsThere(files), path);
  const kept = join(
    await checkedDirectory(),
    `${digest(tool(), path, source.text, JSON.stringify([...source.headers]), root ?? '')}.json`,
  );
  const known = keptIn(kept);
  if (known !== undefined) return known;
  const { build } = await import('../subject/index.ts');
  const { ENVIRONMENTS } = await import('../../models/index.ts');
  const { askedOfC } = await import('./asked-of-c.ts');
  const { auditOfSource } = await import('./source.ts');
  const built = build(source);
  const { models } = await askedOfC(built, { driver: 'as-posted' }, false);
  const asked = models.filter(({ deep }) => !deep);
  const { report } = await auditOfSource(built, asked, ENVIRONMENTS, signal);
  const text = JSON.stringify(keptOf(report));
  if (!signal.aborted) keep(kept, text);
  return reportFrom(JSON.parse(text) as KeptReport);
}
