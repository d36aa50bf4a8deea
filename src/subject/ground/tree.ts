import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/** An unpacked kernel tree, or what a patch makes of one (`patchedTree`). */
export interface Tree {
  /** Its directory, absolute. */
  readonly root: string;
  /** Where the headers of the kernel are read: in it, or in the tree that it is made of where it changes none of them. */
  readonly headers: string;
  /** The tree that it is made of; itself where it is made of none. */
  readonly original: string;
  /** `6.12`. */
  readonly version: string;
  readonly major: number;
  readonly minor: number;
  /** Changes when the tree does, as far as its Makefile and the headers' directory tell. */
  readonly digest: string;
}

/** Reads what tree a directory is. Throws a RangeError if it is none that a driver can be compiled with. */
export function readTree(directory: string): Tree {
  const root = resolve(directory);
  const makefile = join(root, 'Makefile');
  const text = existsSync(makefile) ? readFileSync(makefile, 'utf8') : '';
  const number = (name: string): number => Number(new RegExp(`^${name} = (\\d+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
  const [major, minor] = [number('VERSION'), number('PATCHLEVEL')];
  if (Number.isNaN(major) || Number.isNaN(minor) || !existsSync(join(root, 'include/linux/perf_event.h')))
    throw new RangeError(`${directory} is no kernel tree: it has no Makefile with a VERSION, or no include/linux`);
  const digest = `${text.length} ${statSync(join(root, 'include/linux')).mtimeMs}`;
  return { root, headers: root, original: root, version: `${major}.${minor}`, major, minor, digest };
}

/** The first tree whose headers serve any driver's C. */
const SINCE = [5, 10] as const;

/** Whether drivers can be compiled with the headers of a tree. */
export const serves = ({ major, minor }: Tree): boolean =>
  major > SINCE[0] || (major === SINCE[0] && minor >= SINCE[1]);

/** The kernel tree that a directory is, where its headers serve. */
export function servingTree(directory: string): Tree | undefined {
  try {
    const tree = readTree(directory);
    return serves(tree) ? tree : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The files of drivers/perf, paths in the tree. */
export const driversOf = ({ root }: Tree): string[] =>
  readdirSync(join(root, 'drivers/perf'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.c'))
    .sort()
    .map((name) => `drivers/perf/${name}`);

/** The kernel tree in which a file lies, or undefined. */
export function treeAround(path: string): Tree | undefined {
  for (let directory = dirname(resolve(path)); directory !== dirname(directory); directory = dirname(directory))
    if (existsSync(join(directory, 'Kbuild')) && existsSync(join(directory, 'include/linux/perf_event.h')))
      return readTree(directory);
  return undefined;
}

/** The values of a list (`generic-y += …`) in a Kbuild file or Makefile; none where there is no such file. */
export function listed(file: string, name: string): string[] {
  if (!existsSync(file)) return [];
  const text = readFileSync(file, 'utf8').replace(/\\\n/g, ' ');
  const pattern = new RegExp(`^${name}\\s*[:+]?=\\s*(.*)$`, 'gm');
  return [...text.matchAll(pattern)].flatMap(([, values]) => values!.replace(/#.*/, '').split(/\s+/).filter(Boolean));
}

/** How the tree's Makefile builds a file: with which symbol of the configuration, and together with which others. */
export interface Makes {
  /** `CONFIG_…`, or undefined where the file is always built, or never mentioned. */
  readonly symbol: string | undefined;
  readonly isMentioned: boolean;
  /** The files of the same module, this one among them, in the order of the Makefile; paths in the tree. */
  readonly together: readonly string[];
}

/** What the Makefile beside a file says of it. */
export function makes({ root }: Tree, file: string): Makes {
  const directory = dirname(file);
  const makefile = join(root, directory, 'Makefile');
  const object = `${file.slice(directory.length + 1).replace(/\.c$/, '')}.o`;
  const rules = existsSync(makefile) ? rulesOf(readFileSync(makefile, 'utf8')) : [];
  const composite = rules.find(({ target, objects }) => !target.startsWith('obj-') && objects.includes(object));
  const module = composite === undefined ? object : `${composite.target.replace(/-(y|objs)$/, '')}.o`;
  const rule = rules.find(({ target, objects }) => target.startsWith('obj-') && objects.includes(module));
  const symbol = /\$\((CONFIG_\w+)\)/.exec(rule?.target ?? '')?.[1];
  const together = (composite?.objects ?? [object]).map((name) => join(directory, name.replace(/\.o$/, '.c')));
  const there = together.filter((path) => existsSync(join(root, path)));
  return { symbol, isMentioned: rule !== undefined, together: there };
}

/** Whether Kconfig lets the tree's Makefile build a file as a module; of one that is in no Makefile, nothing says that it does not. */
export function mayBeModule(tree: Tree, file: string): boolean {
  const { symbol: name, isMentioned } = makes(tree, file);
  if (!isMentioned) return true;
  const symbol = name?.replace(/^CONFIG_/, '');
  if (symbol === undefined) return false;
  for (let directory = dirname(file); ; directory = dirname(directory)) {
    const kconfig = join(tree.root, directory, 'Kconfig');
    const text = existsSync(kconfig) ? readFileSync(kconfig, 'utf8') : '';
    const entry = new RegExp(`^config ${symbol}\\n((?:[ \\t].*\\n|\\n)*)`, 'm').exec(text)?.[1];
    if (entry !== undefined) return /^\s+(def_)?tristate\b/m.test(entry);
    if (directory === '.') return false;
  }
}

const rulesOf = (text: string): { target: string; objects: string[] }[] =>
  [...text.replace(/\\\n/g, ' ').matchAll(/^([\w$()-]+)\s*[:+]?=\s*(.*)$/gm)].map(([, target, objects]) => ({
    target: target!,
    objects: objects!.replace(/#.*/, '').split(/\s+/).filter(Boolean),
  }));

/** The files beside a file that the same Makefile builds. */
export function besides({ root }: Tree, file: string): string[] {
  const directory = dirname(file);
  const makefile = join(root, directory, 'Makefile');
  if (!existsSync(makefile)) return [];
  const objects = rulesOf(readFileSync(makefile, 'utf8')).flatMap(({ objects }) => objects);
  return [...new Set(objects)]
    .filter((name) => name.endsWith('.o'))
    .map((name) => join(directory, name.replace(/\.o$/, '.c')))
    .filter((path) => path !== file && existsSync(join(root, path)));
}

/** The path of a file in its tree, or undefined if it lies outside. */
export function inTree({ root }: Tree, path: string): string | undefined {
  const there = relative(root, resolve(path));
  if (!there.startsWith('..')) return there;
  return existsSync(join(root, path)) && statSync(join(root, path)).isFile() ? path : undefined;
}
