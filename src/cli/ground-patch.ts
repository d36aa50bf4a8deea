import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { GroundAsked, GroundDriver } from './ground.ts';

/**
 * The drivers that a patch changes, in the kernel tree as it leaves it: each as what registers it. Undefined where it is no patch, the
 * tree is none whose headers serve, or they are drivers of the family of 2018, which need no tree. Throws a UsageError for a patch
 * that cannot be read.
 */
export async function driversInPatch(options: GroundAsked): Promise<GroundDriver[] | undefined> {
  const { source, shim, header, config } = options;
  if (source === undefined || source.endsWith('.c') || !existsSync(source) || !statSync(source).isFile())
    return undefined;
  if (shim !== undefined || header !== undefined || config !== undefined) return undefined;
  const { servingTree, treeAround } = await import('../subject/ground/tree.ts');
  const around = servingTree(options.tree ?? treeAround('a patch')?.root ?? '.');
  if (around === undefined) return undefined;
  const { textsThere } = await import('../subject/ground/patched-tree.ts');
  const { keepsBooks } = await import('../subject/index.ts');
  const { sourceAmong } = await import('../subject/source.ts');
  const { driversIn } = await import('./check-audit.ts');
  const { readCheck } = await import('./check-input.ts');
  const { changes } = await readCheck(source, around.root);
  const files = new Map(changes.flatMap((change) => change.files).map(({ path, after }) => [path, after]));
  const { drivers, tree } = await driversIn([...files.keys()], { files, root: around.root });
  const whole = textsThere(files);
  const ofFamily = [...drivers.keys()].some((path) => whole.has(path) && keepsBooks(sourceAmong(whole, path)));
  if (tree === undefined || drivers.size === 0 || ofFamily) return undefined;
  return [...drivers.keys()].map((path) => ({ file: join(tree.root, path), tree }));
}
