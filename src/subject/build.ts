import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cached } from './cache.ts';
import { cacheDirectory } from './cache-directory.ts';

import { type Compiler, compile, explain, NoSubject, needCompiler } from './compiler.ts';
import { checkText, type Shim } from './foreign.ts';

import { userShim, writeHeaders } from './headers.ts';
import { belongTogether } from './parts.ts';
import { probe, probeHeader } from './probe.ts';
import type { DriverSource } from './source.ts';
import { compileChecked, compileStranger, lookAtShim, preprocess, preprocessing, type Workshop } from './stranger.ts';

export interface BuildOptions {
  /** Headers of the user's own: each shadows the `<linux/…>` of its name, and `kernel.h` is read after the shim. */
  readonly shim?: string;
  /** `NAME` or `NAME=VALUE`, for the preprocessor. */
  readonly defines?: readonly string[];
  /** Names that are not to be defined, also where they are by default. */
  readonly undefines?: readonly string[];
  /** Where builds are kept; by default `hartproof` in the user's cache. */
  readonly cache?: string;
  /** Width of the registers for which it is configured; 64 if it is left out. */
  readonly xlen?: 32 | 64;
}

/** A driver that can be run. @experimental */
export interface Build {
  readonly harness: string;
  readonly object: string;
  /** Of how many units the object was linked. */
  readonly units: number;
  readonly source: DriverSource;
  /** What it was built with: with these, the same driver is built otherwise. */
  readonly options: BuildOptions;
}

const HARNESS = [
  ...['callnames.c', 'confine.c', 'gate.c', 'object.c'],
  ...[
    'arena.c',
    'calls.c',
    'facts.c',
    'growth.c',
    'intern.c',
    'known-states.c',
    'main.c',
    'narrow.c',
    'percpu.c',
    'primitives.c',
    'regions.c',
  ],
  ...['registers.c', 'sanitizers.c', 'signals.c', 'states.c', 'text.c', 'view.c', 'words.c'],
];

/** `RISCV_MAX_COUNTERS` and the like hang on the configuration; this is the one of the base PMU. */
const CONFIG = ['CONFIG_RISCV_BASE_PMU=1', 'CONFIG_PERF_EVENTS=1', 'CONFIG_SMP=1'];

/** What the driver is compiled with. The sanitizers are for what they announce: neither runtime library is linked. */
const flags = (compiler: Compiler): string[] => [
  ...[
    '-std=gnu11',
    '-O1',
    '-gdwarf-4',
    '-fPIC',
    '-fno-strict-aliasing',
    // So that every place is told in the function that it stands in.
    '-fno-inline',
    '-ffile-prefix-map=./=',
  ],
  '-Werror=implicit-function-declaration',
  '-fsanitize=thread',
  `-fsanitize=${/clang/.test(compiler.version) ? 'bounds' : 'bounds-strict'},shift,null,alignment,integer-divide-by-zero`,
];

/**
 * Compiles a driver with the harness, or finds it in the cache, whose key is everything that the build reads.
 * Throws {@link NoSubject} if there is no compiler, or the driver does not compile.
 *
 * @experimental
 */
export function build(source: DriverSource, options: BuildOptions = {}): Build {
  const compiler = needCompiler();
  const cache = resolve(options.cache ?? cacheDirectory());
  const harness = cached(cache, [compiler.version, ...ours((name) => /\.[ch]$/.test(name))], (directory) => {
    const args = ['-std=gnu11', '-O2', '-fvisibility=hidden', '-rdynamic', '-o', join(directory, 'harness')];
    compile(compiler, [...args, ...HARNESS.map((file) => join(ownC(), file)), '-ldl'], directory);
    return [];
  });
  const shim = options.shim === undefined ? [] : userShim(options.shim);
  const user = shim.some(({ name }) => name === 'kernel.h') ? ['-include', 'include/kernel.h'] : [];
  const args = [
    ...flags(compiler),
    ...['-Iinclude', '-I.', `-I${ownC()}`, ...settingsOf(options)],
    ...['-include', 'hartproof_kernel.h', ...user],
  ];
  const workshop = (directory: string): Workshop => ({
    ...{ compiler, directory },
    harness: join(harness, 'harness'),
    reads: [ownC()],
  });
  const ofShim = [
    ...[compiler.version, ...args, ...preprocessing(compiler), ...ours((name) => /\.h$|unit\.c$/.test(name))],
    ...shim.flatMap(({ name, text }) => [name, text]),
  ];
  const looked = cached(cache, ['shim', ...ofShim], (directory) => {
    writeHeaders(join(directory, 'include'), NO_DRIVER, shim);
    writeFileSync(join(directory, 'empty.c'), '');
    const known = lookAtShim(workshop(directory), args, 'empty.c');
    writeFileSync(join(directory, 'shim.json'), JSON.stringify(known));
    return known.headers;
  });
  const texts = [source, ...(source.parts ?? [])].flatMap(({ path, text }) => [path, text]);
  const object = cached(cache, [...ofShim, ...LINK, ...texts, ...[...source.headers].flat()], (directory) => {
    for (const [name, text] of [[source.path, source.text] as const, ...source.headers]) checkText(name, text);
    writeFileSync(join(directory, 'driver.c'), source.text);
    writeHeaders(join(directory, 'include'), source, shim);
    const names = probe(source, (text) => asConfigured(workshop(directory), args, text));
    writeFileSync(join(directory, 'hartproof_probe.h'), probeHeader(names));
    const known = JSON.parse(readFileSync(join(looked, 'shim.json'), 'utf8')) as Shim;
    const { objects, reads } = compileAll(workshop(directory), source, args, known);
    // All of the driver's names are its own, whatever else the process has: only the table is seen from outside.
    writeFileSync(join(directory, 'exports.map'), '{ global: shim_subject; local: *; };\n');
    compileStranger(workshop(directory), [...LINK, '-o', 'subject.so', ...objects]);
    writeFileSync(join(directory, 'units'), String(objects.length));
    return reads;
  });
  const units = Number(readFileSync(join(object, 'units'), 'utf8'));
  return { harness: join(harness, 'harness'), object: join(object, 'subject.so'), units, source, options };
}

/** What the shim is looked at with. */
const NO_DRIVER: DriverSource = { path: 'empty.c', text: '', headers: new Map(), notes: [] };

const LINK = ['-shared', '-nostartfiles', '-Wl,-z,now', '-Wl,-z,noexecstack', '-Wl,--version-script=exports.map'];

/** The driver's file is read by the unit that has the table; what belongs to it is compiled beside it. */
function compileAll(
  workshop: Workshop,
  { path, parts = [] }: DriverSource,
  args: readonly string[],
  shim: Shim,
): { readonly objects: string[]; readonly reads: string[] } {
  const { directory } = workshop;
  const reads: string[] = [];
  const one = (name: string, file: string): string => {
    reads.push(...compileChecked(workshop, args, file, name, shim, (complaint) => explain(complaint, path)));
    return `${name}.o`;
  };
  const objects = [one('unit', join(ownC(), 'unit.c'))];
  for (const [number, part] of parts.entries()) {
    writeFileSync(join(directory, `part${number}.c`), part.text);
    try {
      checkText(part.path, part.text);
      objects.push(one(`part${number}`, `part${number}.c`));
    } catch (error) {
      // If it is wanted, the driver does not boot, and says for want of what.
      if (!(error instanceof NoSubject)) throw error;
    }
  }
  return { objects: objects.length === 1 ? objects : belongTogether(objects, directory), reads };
}

/**
 * The driver's own lines, headers first, of which `#if` takes none away: macros stay as they are written. All of its text
 * where the compiler has no such mode.
 */
function asConfigured(workshop: Workshop, args: readonly string[], text: string): string {
  try {
    const { text: all } = preprocess(workshop, [...args, '-fdirectives-only'], 'driver.c', 'configured');
    let isOwn = false;
    return all
      .split('\n')
      .filter((line) => {
        const file = /^# \d+ "((?:\\.|[^"])*)"/.exec(line)?.[1];
        if (file !== undefined) isOwn = /^(\.\/)?(driver\.c$|include\/)/.test(file);
        return isOwn && file === undefined;
      })
      .join('\n');
  } catch {
    return text;
  }
}

/** What the preprocessor is told. */
function settingsOf({ xlen = 64, defines = [], undefines = [] }: BuildOptions): string[] {
  const all = [...CONFIG, `CONFIG_${xlen}BIT=1`, `__riscv_xlen=${xlen}`, ...defines];
  return [
    ...all.map((define) => `-D${define}`),
    ...undefines.map((name) => `-U${name}`),
    '-DSUBJECT_SOURCE="driver.c"',
  ];
}

/** The driver for a machine: where a register is half of a word, it is configured for RV32. */
export function buildFor(built: Build, { xlen, wordBits }: { xlen: number; wordBits: number }): Build {
  return xlen < wordBits ? build(built.source, { ...built.options, xlen: 32 }) : built;
}

/** Where our own C lies: beside this file in the sources, and in the package also when this file is in `dist`. */
export function ownC(): string {
  let directory = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(directory, 'package.json'))) directory = dirname(directory);
  return join(directory, 'src', 'subject', 'c');
}

/** The text of those files of our own C beside the driver, and of the shim, whose name fits. */
const ours = (fits: (name: string) => boolean): string[] =>
  ['.', 'shim'].flatMap((directory) =>
    readdirSync(join(ownC(), directory))
      .filter(fits)
      .sort()
      .map((name) => readFileSync(join(ownC(), directory, name), 'utf8')),
  );
