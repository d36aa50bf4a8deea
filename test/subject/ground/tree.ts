import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findCompiler } from '../../../src/subject/compiler.ts';

const PARTS = [
  'Makefile',
  'Kbuild',
  'include',
  'arch/riscv',
  'arch/arm64/include',
  'arch/arm64/tools',
  'arch/arm/include',
];
const MORE = ['arch/csky', 'arch/x86/include', 'drivers/perf', 'drivers/cxl', 'drivers/iommu/arm'];

/**
 * The directory of a 6.12 tree: the one that HARTPROOF_TREE names, or Debian's linux-source-6.12, unpacked once as far as it is
 * needed. Undefined, with a line that says so, where there is none, or nothing to compile with.
 */
export function linuxTree(): string | undefined {
  const named = process.env.HARTPROOF_TREE;
  if (process.arch !== 'x64' || findCompiler() === null) return skip('there is no compiler for x86-64');
  if (named !== undefined) return named;
  const archive = '/usr/src/linux-source-6.12.tar.xz';
  if (!existsSync(archive)) return skip('linux-source-6.12 is not installed, and HARTPROOF_TREE not set');
  const directory = join(tmpdir(), 'hartproof-linux-6.12');
  if (!existsSync(directory)) {
    const unfinished = `${directory}-${process.pid}`;
    mkdirSync(unfinished);
    const parts = [...PARTS, ...MORE].map((part) => `linux-source-6.12/${part}`);
    execFileSync('tar', ['xf', archive, '--strip-components=1', '-C', unfinished, ...parts]);
    renameSync(unfinished, directory);
  }
  return directory;
}

function skip(why: string): undefined {
  console.log(`skipped: ${why}`);
}
