import type { BuildOptions } from './build.ts';
import type { Compiler } from './compiler.ts';
import { type Header, userShim, writeHeaders } from './headers.ts';
import { ownC } from './own-c.ts';
import type { DriverSource } from './source.ts';

/** The headers that a driver is compiled with: the one of ours, or those of a kernel tree. */
export interface Surroundings {
  /** What the compiler of the driver is told. */
  readonly args: readonly string[];
  /** The same for our own process, whose structures are laid out as the driver's. */
  readonly harness: readonly string[];
  /** Directories that the compiler of the driver may read. */
  readonly reads: readonly string[];
  /** What of them is no file of ours, nor an argument: a part of the key of the cache. */
  readonly key: readonly string[];
  /** Writes the headers that the driver finds first, into `include`. */
  write(include: string, source: DriverSource): void;
}

/** What the driver is watched for. The sanitizers are for what they announce: neither runtime library is linked. */
export const WATCHED = ['-fno-inline', '-fsanitize=thread'] as const;

/** `RISCV_MAX_COUNTERS` and the like of the family of 2018 hang on the configuration; this is the one of the base PMU. */
export const BASE_PMU = 'CONFIG_RISCV_BASE_PMU=1';
const CONFIG = [BASE_PMU, 'CONFIG_PERF_EVENTS=1', 'CONFIG_SMP=1'];

/** What every driver is compiled with. */
const flags = (compiler: Compiler): string[] => [
  ...['-std=gnu11', '-O1', '-gdwarf-4', '-fPIC', '-fno-strict-aliasing', '-ffile-prefix-map=./='],
  // So that every place is told in the function that it stands in.
  ...WATCHED,
  '-Werror=implicit-function-declaration',
  `-fsanitize=${/clang/.test(compiler.version) ? 'bounds' : 'bounds-strict'},shift,null,alignment,integer-divide-by-zero`,
];

/** What the preprocessor is told in either case. */
export const settingsOf = ({ defines = [], undefines = [] }: BuildOptions): string[] => [
  ...[...CONFIG, ...defines].map((define) => `-D${define}`),
  ...undefines.map((name) => `-U${name}`),
  '-DSUBJECT_SOURCE="driver.c"',
];

/** The one header of ours, which stands for every header of the kernel, and those of the user. */
export function ofShim(compiler: Compiler, options: BuildOptions): Surroundings {
  const { xlen = 64, shim: directory } = options;
  const shim: readonly Header[] = directory === undefined ? [] : userShim(directory);
  const user = shim.some(({ name }) => name === 'kernel.h') ? ['-include', 'include/kernel.h'] : [];
  return {
    args: [
      ...flags(compiler),
      ...['-Iinclude', '-I.', `-I${ownC()}`, `-DCONFIG_${xlen}BIT=1`, `-D__riscv_xlen=${xlen}`, ...settingsOf(options)],
      ...['-DSHIM_KERNEL="hartproof_kernel.h"', '-include', 'hartproof_kernel.h', ...user],
    ],
    harness: [],
    reads: [],
    key: shim.flatMap(({ name, text }) => [name, text]),
    write: (include, source) => writeHeaders(include, source, shim),
  };
}
