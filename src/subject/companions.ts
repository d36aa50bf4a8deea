import { dirname, join } from 'node:path';
import type { DriverSource, Part } from './source.ts';

/** The files around a driver: of a tree, or of a patch. Paths are as the driver's. */
export interface Around {
  /** The text of a file, or undefined if there is none. */
  read(path: string): string | undefined;
  /** The `.c` files in a directory. */
  filesIn(directory: string): readonly string[];
}

/** Where a kernel tree has its headers. */
const INCLUDE = ['include', 'arch/riscv/include'];
/** In a whole kernel tree these are the drivers' own; what else it has, the shim stands for. */
export const OWN = /^(linux\/perf\/|asm\/perf_event\.h$)/;
/** The file that only a whole kernel has. */
export const OF_A_KERNEL = 'include/linux/kernel.h';

/** The names that a C text includes, as they stand between <> or "". */
export function includes(text: string): string[] {
  return [...text.matchAll(/^\s*#\s*include\s*[<"]([^>"\n]+)[>"]/gm)].map(([, name]) => name!);
}

/**
 * A driver with the headers of its own that are found around it, and theirs; and the `.c` files beside it that share one of
 * these with it: such a file may be a part of it, which is known once it is compiled.
 */
export function withCompanions(driver: DriverSource, around: Around): DriverSource {
  const isKernel = around.read(OF_A_KERNEL) !== undefined;
  const headers = new Map(driver.headers);
  const gather = ({ path, text }: Part): void => {
    for (const name of includes(text)) {
      if (headers.has(name)) continue;
      const found = headerOf(around, name, path, isKernel);
      if (found === undefined) continue;
      headers.set(name, found.text);
      gather(found);
    }
  };
  gather(driver);
  const shared = new Set(includes(driver.text).filter((name) => headers.has(name)));
  const parts = around.filesIn(dirname(driver.path)).flatMap((path): Part[] => {
    const text = path === driver.path ? undefined : around.read(path);
    return text !== undefined && includes(text).some((name) => shared.has(name)) ? [{ path, text }] : [];
  });
  for (const part of parts) gather(part);
  return { ...driver, headers, ...(parts.length > 0 && { parts }) };
}

function headerOf(around: Around, name: string, from: string, isKernel: boolean): Part | undefined {
  const beside = join(dirname(from), name);
  const candidates = isKernel && !OWN.test(name) ? [beside] : [beside, ...INCLUDE.map((root) => join(root, name))];
  for (const path of candidates) {
    const text = around.read(path);
    if (text !== undefined) return { path, text };
  }
  return undefined;
}
