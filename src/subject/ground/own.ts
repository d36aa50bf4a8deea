import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { includes, OF_A_KERNEL, OWN } from '../companions.ts';
import { type DriverSource, fileSource } from '../source.ts';

/** Levels above a file on which it may have an include directory. */
const LEVELS = 4;

/**
 * The include directories above a file that lies in no tree, in which headers are that it brings along
 * (`arch/riscv/include/asm/perf_event.h`). They stand before those of the tree; a whole kernel's do not.
 */
export function ownIncludes(path: string, text: string): string[] {
  const brought = includes(text).filter((name) => OWN.test(name));
  const found: string[] = [];
  let above = dirname(resolve(path));
  for (let level = 0; level < LEVELS; level++, above = dirname(above))
    for (const name of ['include', 'arch/riscv/include']) {
      const directory = join(above, name);
      const isKernel = existsSync(join(above, OF_A_KERNEL));
      if (!isKernel && brought.some((header) => existsSync(join(directory, header)))) found.push(directory);
    }
  return [...new Set(found)];
}

/** A `.c` file that is compiled with a tree, with the headers that it brings along. Throws a RangeError that names what is missing. */
export function sourceInTree(path: string): DriverSource {
  const source = fileSource(path);
  const headers = new Map(source.headers);
  for (const directory of ownIncludes(path, source.text))
    for (const name of includes(source.text)) {
      const file = join(directory, name);
      if (!headers.has(name) && existsSync(file)) headers.set(name, readFileSync(file, 'utf8'));
    }
  return { ...source, headers };
}

/** Until 5.2, C named CSRs in `csr_read()` as the assembler does, and no number stood behind the name. */
export const namesOfCsrs = (text: string, overlay: string): string[] =>
  /\bcsr_(read|write|set|clear|swap)\(/.test(text) && /\(\s*(cycleh?|instreth?|hpmcounter\d+h?)\s*[),]/.test(text)
    ? ['-include', join(overlay, 'asm/hp-csr-names.h')]
    : [];
