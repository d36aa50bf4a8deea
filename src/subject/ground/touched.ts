import { readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { withoutComments } from '../comments.ts';
import { includes } from '../companions.ts';
import { filesOfC, isDriver } from '../source.ts';
import { makes, type Tree } from './tree.ts';

/** Where the drivers of PMUs lie, and the headers that several of them share. */
const [DRIVERS, SHARED] = ['drivers/perf', 'include/linux/perf'];

/** How a file makes its driver known: one that does not serves others. */
const REGISTERS = /^[ \t]*(?:(?:module|builtin)_\w*driver\w*|module_init|\w+_initcall(?:_sync)?)[ \t]*\(/m;
/** The PMU in the structure of a framework: of `struct riscv_pmu`, or `struct arm_pmu`. */
const HAS_PMU = /\bstruct\s+pmu\s+\w+\s*;/;
const FUNCTION = /^(?!static\b)\w[\w \t*]*?\b(\w+)\(/gm;

/**
 * The drivers that a file belongs to, by the paths of what registers them: itself; where several are built on it (`riscv_pmu.c`,
 * `hisi_uncore_pmu.h`), each of these. None for a file that no driver of a PMU has.
 */
export function driversOf(path: string, tree: Tree): string[] {
  const text = textOf(path, tree);
  if (text === undefined) return [];
  if (path.endsWith('.h')) return unique(includersOf(path, tree).flatMap((file) => driversOf(file, tree)));
  if (!path.endsWith('.c')) return [];
  const parts = makes(tree, path).together;
  const isOne =
    isDriver(text) || isBuiltOn(path, text, tree) || parts.some((part) => isDriver(textOf(part, tree) ?? ''));
  if (!isOne) return [];
  const users = [...parts, ...usersOf(path, text, tree)].filter((file) => registers(textOf(file, tree) ?? ''));
  const found = unique([...(registers(text) ? [path] : []), ...users]);
  return found.length > 0 || !isDriver(text) ? found : [path];
}

const unique = (paths: readonly string[]): string[] => [...new Set(paths)];

const registers = (text: string): boolean => REGISTERS.test(withoutComments(text));

function textOf(path: string, { root }: Tree): string | undefined {
  const file = join(root, path);
  return statSync(file, { throwIfNoEntry: false })?.isFile() ? readFileSync(file, 'utf8') : undefined;
}

/** Whether a file leans on a framework, whose structure has the PMU. */
const isBuiltOn = (path: string, text: string, tree: Tree): boolean =>
  headersIn(path, text, tree).some((header) => HAS_PMU.test(textOf(header, tree) ?? ''));

/** The headers of drivers of PMUs that a file includes, as paths in the tree. */
const headersIn = (path: string, text: string, tree: Tree): string[] =>
  includes(text)
    .flatMap((name) => [normalize(join(dirname(path), name)), join('include', name)])
    .filter((header) => header.startsWith(`${DRIVERS}/`) || header.startsWith(`${SHARED}/`))
    .filter((header) => textOf(header, tree) !== undefined);

/** The files that include a header of drivers of PMUs. */
const includersOf = (header: string, tree: Tree): string[] =>
  filesOfC(tree.root, header.startsWith(`${SHARED}/`) ? DRIVERS : dirname(header)).filter((file) =>
    headersIn(file, textOf(file, tree) ?? '', tree).includes(header),
  );

/** The files beside one that include a header of it, and call a function of it. */
function usersOf(path: string, text: string, tree: Tree): string[] {
  const headers = headersIn(path, text, tree);
  const functions = [...withoutComments(text).matchAll(FUNCTION)].map(([, name]) => name!);
  return filesOfC(tree.root, dirname(path)).filter((file) => {
    const other = file === path ? '' : (textOf(file, tree) ?? '');
    return (
      headersIn(file, other, tree).some((header) => headers.includes(header)) &&
      functions.some((name) => names(other, name))
    );
  });
}

const names = (text: string, name: string): boolean => new RegExp(`\\b${name}\\b`).test(text);
