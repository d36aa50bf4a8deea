import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Compiler, compile, needCompiler } from './compiler.ts';
import { probe, probeHeader } from './probe.ts';
import { type DriverSource, includes } from './source.ts';

export interface BuildOptions {
  /** Headers of the user's own: each shadows the `<linux/…>` of its name, and `kernel.h` is read after the shim. */
  readonly shim?: string;
  /** `NAME` or `NAME=VALUE`, for the preprocessor. */
  readonly defines?: readonly string[];
  /** Where builds are kept; by default `hartproof` in the user's cache. */
  readonly cache?: string;
  /** Width of the registers for which it is configured; 64 if it is left out. */
  readonly xlen?: 32 | 64;
}

/** A driver that can be run. */
export interface Build {
  readonly harness: string;
  readonly object: string;
  readonly source: DriverSource;
  /** What it was built with: with these, the same driver is built otherwise. */
  readonly options: BuildOptions;
}

const KERNEL = ['atomic', 'binding', 'bits', 'csr', 'list', 'locks', 'percpu'].map((name) => `kernel/${name}.h`);
const UNIT = ['unit.c', 'hartproof_kernel.h', 'shim.h', 'types.h', ...KERNEL];
const HARNESS = [
  ...['arena.c', 'calls.c', 'facts.c', 'main.c', 'percpu.c', 'primitives.c', 'regions.c'],
  ...['registers.c', 'sanitizers.c', 'states.c', 'text.c', 'view.c', 'words.c'],
];
const HARNESS_HEADERS = ['harness.h', 'shim.h', 'types.h'];

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
 */
export function build(source: DriverSource, options: BuildOptions = {}): Build {
  const compiler = needCompiler();
  const cache = options.cache ?? defaultCache();
  const harness = cached(cache, [compiler.version, ...read([...HARNESS, ...HARNESS_HEADERS])], (directory) => {
    const args = ['-std=gnu11', '-O2', '-fvisibility=hidden', '-rdynamic', '-o', join(directory, 'harness')];
    compile(compiler, [...args, ...HARNESS.map((file) => join(ownC(), file)), '-ldl'], directory);
  });
  const names = probeHeader(probe(source));
  const { xlen = 64 } = options;
  const defines = [...CONFIG, `CONFIG_${xlen}BIT=1`, `__riscv_xlen=${xlen}`, ...(options.defines ?? [])];
  const shim = options.shim === undefined ? [] : userShim(options.shim);
  const key = [compiler.version, ...flags(compiler), ...read(UNIT), names, ...defines, source.path, source.text];
  const object = cached(
    cache,
    [...key, ...[...source.headers].flat(), ...shim.flatMap(({ name, text }) => [name, text])],
    (directory) => {
      const driver = 'driver.c';
      writeFileSync(join(directory, driver), source.text);
      writeFileSync(join(directory, 'probe.h'), names);
      writeHeaders(join(directory, 'include'), source, shim);
      compile(
        compiler,
        [
          ...flags(compiler),
          ...[
            '-Iinclude',
            '-I.',
            `-I${ownC()}`,
            ...defines.map((define) => `-D${define}`),
            `-DSUBJECT_SOURCE="${driver}"`,
          ],
          ...(shim.some(({ name }) => name === 'kernel.h')
            ? ['-include', 'hartproof_kernel.h', '-include', 'include/kernel.h']
            : []),
          ...['-c', '-o', 'unit.o', join(ownC(), 'unit.c')],
        ],
        directory,
      );
      // All of the driver's names are its own, whatever else the process has: only the table is seen from outside.
      writeFileSync(join(directory, 'exports.map'), '{ global: shim_subject; local: *; };\n');
      const link = ['-shared', '-Wl,-z,now', '-Wl,--version-script=exports.map', '-o', 'subject.so', 'unit.o'];
      compile(compiler, link, directory);
    },
  );
  return { harness: join(harness, 'harness'), object: join(object, 'subject.so'), source, options };
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

const read = (files: readonly string[]): string[] => files.map((file) => readFileSync(join(ownC(), file), 'utf8'));

/** Where builds are kept unless somebody says otherwise. */
export function defaultCache(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'hartproof');
}

/** The directory that `make` fills, under a name that says what went into it; made at once or not at all. */
export function cached(cache: string, key: readonly string[], make: (directory: string) => void): string {
  const directory = join(cache, createHash('sha256').update(JSON.stringify(key)).digest('hex').slice(0, 32));
  if (existsSync(directory)) return directory;
  mkdirSync(cache, { recursive: true });
  const unfinished = mkdtempSync(join(cache, 'unfinished-'));
  try {
    make(unfinished);
    renameSync(unfinished, directory);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    // Another process may have been faster.
    if (!existsSync(directory)) throw error;
  }
  return directory;
}

interface Header {
  readonly name: string;
  readonly text: string;
}

function userShim(directory: string): Header[] {
  if (!existsSync(directory)) throw new RangeError(`--shim: there is no directory ${directory}`);
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.h'))
    .map((name) => ({ name, text: readFileSync(resolve(directory, name), 'utf8') }));
}

/** The driver's own headers and the user's; every other kernel header that is included anywhere is the shim. */
function writeHeaders(root: string, source: DriverSource, shim: readonly Header[]): void {
  const own = [...[...source.headers].map(([name, text]) => ({ name, text })), ...shim];
  const named = new Set([source.text, ...own.map(({ text }) => text)].flatMap(includes));
  for (const name of named)
    if (/^(linux|asm|asm-generic|uapi|clocksource)\//.test(name)) put(name, '#include "hartproof_kernel.h"\n');
  for (const { name, text } of own) put(name, text);

  function put(name: string, text: string): void {
    const file = resolve(root, name);
    if (!file.startsWith(`${resolve(root)}/`))
      throw new RangeError(`a header called ${JSON.stringify(name)} leads out of the tree`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}
