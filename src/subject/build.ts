import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { cached } from './cache.ts';
import { cacheDirectory } from './cache-directory.ts';

import { compile, explain, NoSubject, needCompiler } from './compiler.ts';
import { checkText, type Shim } from './foreign.ts';

import { ofTree } from './ground/surroundings.ts';
import { ours, ownC } from './own-c.ts';
import { belongTogether } from './parts.ts';
import { probe, probeHeader } from './probe.ts';
import type { DriverSource } from './source.ts';
import { compileChecked, compileStranger, lookAtShim, preprocess, preprocessing, type Workshop } from './stranger.ts';
import { ofShim } from './surroundings.ts';

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
  /** A kernel tree, with whose headers it is compiled in place of the one of ours. */
  readonly tree?: string;
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
    'own.c',
    'percpu.c',
    'primitives.c',
    'regions.c',
  ],
  ...['registers.c', 'rows.c', 'sanitizers.c', 'signals.c', 'stacks.c', 'states.c', 'text.c', 'view.c', 'words.c'],
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
  const { tree } = options;
  const around = tree === undefined ? ofShim(compiler, options) : ofTree(compiler, tree, source, options, cache);
  const harness = cached(
    cache,
    [compiler.version, ...around.harness, ...ours((name) => /\.[ch]$/.test(name))],
    (directory) => {
      const args = ['-std=gnu11', '-O2', '-fvisibility=hidden', '-rdynamic', ...around.harness];
      compile(
        compiler,
        [...args, '-o', join(directory, 'harness'), ...HARNESS.map((file) => join(ownC(), file)), '-ldl'],
        directory,
      );
      return [];
    },
  );
  const { args } = around;
  const workshop = (directory: string): Workshop => ({
    ...{ compiler, directory },
    harness: join(harness, 'harness'),
    reads: [ownC(), ...around.reads],
  });
  const ofShimAlone = [
    ...[compiler.version, ...args, ...preprocessing(compiler), ...ours((name) => /\.h$|unit\.c$/.test(name))],
    ...around.key,
  ];
  const looked = cached(cache, ['shim', ...ofShimAlone], (directory) => {
    around.write(join(directory, 'include'), NO_DRIVER);
    writeFileSync(join(directory, 'empty.c'), '');
    const known = lookAtShim(workshop(directory), args, 'empty.c');
    writeFileSync(join(directory, 'shim.json'), JSON.stringify(known));
    return known.headers;
  });
  const texts = [source, ...(source.parts ?? [])].flatMap(({ path, text }) => [path, text]);
  const object = cached(cache, [...ofShimAlone, ...LINK, ...texts, ...[...source.headers].flat()], (directory) => {
    for (const [name, text] of [[source.path, source.text] as const, ...source.headers]) checkText(name, text);
    writeFileSync(join(directory, 'driver.c'), source.text);
    around.write(join(directory, 'include'), source);
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
  } catch (error) {
    if (!(error instanceof NoSubject)) throw error;
    return text;
  }
}

/** The driver for a machine: where a register is half of a word, it is configured for RV32. */
export function buildFor(built: Build, { xlen, wordBits }: { xlen: number; wordBits: number }): Build {
  return xlen < wordBits ? build(built.source, { ...built.options, xlen: 32 }) : built;
}
