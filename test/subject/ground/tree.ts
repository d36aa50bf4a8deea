import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findCompiler } from '../../../src/subject/compiler.ts';
import type { GroundBuild } from '../../../src/subject/ground/build.ts';

const PARTS = [
  'Makefile',
  'Kbuild',
  'include',
  'arch/riscv',
  'arch/arm64/include',
  'arch/arm64/tools',
  'arch/arm/include',
  'tools/testing/kunit',
  'tools/verification',
  'scripts/checkpatch.pl',
  'scripts/spelling.txt',
];
const MORE = ['arch/csky', 'arch/x86/include', 'drivers/perf', 'drivers/cxl', 'drivers/iommu/arm'];

/**
 * The directory of a tree of Linux: the one that HARTPROOF_TREE (for 6.1: HARTPROOF_TREE_6_1) names, or Debian's linux-source,
 * unpacked once as far as it is needed. Undefined, with a line that says so, where there is none, or nothing to compile with.
 */
export function linuxTree(version: '6.12' | '6.1' = '6.12'): string | undefined {
  const variable = version === '6.12' ? 'HARTPROOF_TREE' : 'HARTPROOF_TREE_6_1';
  const named = process.env[variable];
  if (process.arch !== 'x64' || findCompiler() === null) return skip('there is no compiler for x86-64');
  if (named !== undefined) return named;
  const archive = `/usr/src/linux-source-${version}.tar.xz`;
  if (!existsSync(archive)) return skip(`linux-source-${version} is not installed, and ${variable} not set`);
  // CXL's PMU is newer than 6.1.
  const wanted = [...PARTS, ...MORE].filter((part) => version !== '6.1' || part !== 'drivers/cxl');
  // What was unpacked for an older list of parts has not all of them.
  const list = createHash('sha256').update(wanted.join()).digest('hex').slice(0, 8);
  const directory = join(tmpdir(), `hartproof-linux-${version}-${list}`);
  if (!existsSync(directory)) {
    const unfinished = `${directory}-${process.pid}`;
    mkdirSync(unfinished);
    const parts = wanted.map((part) => `linux-source-${version}/${part}`);
    execFileSync('tar', ['xf', archive, '--strip-components=1', '-C', unfinished, ...parts]);
    try {
      renameSync(unfinished, directory);
    } catch (error) {
      // Another run of tests was first.
      if (!existsSync(directory)) throw error;
      rmSync(unfinished, { recursive: true });
    }
  }
  return directory;
}

function skip(why: string): undefined {
  console.log(`skipped: ${why}`);
}

/** Options of an audit in a test: on a machine that is busy, what takes long is not cut short. */
export const PATIENT = { milliseconds: 600_000 } as const;

/** A driver on RV64 alone: what it comes to on RV32 takes as long again, where nothing is asked of it. */
export const onRv64 = ({ onRv32: _, ...build }: GroundBuild): GroundBuild => build;
