import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BuildOptions } from '../build.ts';
import { cached } from '../cache.ts';
import { includes } from '../companions.ts';
import { type Compiler, compile, NoSubject } from '../compiler.ts';
import { writeOwn } from '../headers.ts';
import { ownC } from '../own-c.ts';
import type { DriverSource } from '../source.ts';
import { type Surroundings, settingsOf, WATCHED } from '../surroundings.ts';
import { autoconf } from './configuration.ts';
import { explainIn } from './explain.ts';
import { flags, watched } from './flags.ts';
import { checkTree, overlayIn } from './overlay.ts';
import { readTree } from './tree.ts';

/**
 * The headers of a kernel tree, over which what happens is a call of the harness (`hartproof_tree.h`). Throws
 * {@link NoSubject} if the tree is none that drivers can be compiled with.
 */
export function ofTree(
  compiler: Compiler,
  directory: string,
  source: DriverSource,
  options: BuildOptions,
  cache: string,
): Surroundings {
  if (process.arch !== 'x64') throw new NoSubject('with a kernel tree, drivers are compiled and run on x86-64 only');
  const tree = readTree(directory);
  checkTree(tree);
  const made = overlayIn(cache, compiler, tree, autoconf(options.defines, options.undefines));
  const kernel = flags(tree, join(made, 'overlay'), 'driver', 64);
  const layout = cached(
    cache,
    ['layout', compiler.version, made, ...kernel, readFileSync(join(ownC(), 'layout.c'), 'utf8')],
    (at) => {
      const args = [...kernel, '-S', '-o', 'layout.s', join(ownC(), 'layout.c')];
      compile(compiler, args, at, (complaint) => explainIn(tree, 'what the core has of an event', complaint));
      writeFileSync(join(at, 'layout.h'), layoutOf(readFileSync(join(at, 'layout.s'), 'utf8')));
    },
  );
  const own = [...source.headers.keys()];
  const places = kernel.flatMap((argument) => (argument.startsWith('-I') ? [argument.slice(2)] : []));
  const included = [source, ...(source.parts ?? []), ...[...source.headers.values()].map((text) => ({ text }))]
    .flatMap(({ text }) => includes(text))
    .filter((name) => !own.includes(name) && places.some((place) => existsSync(join(place, name))));
  const text = [...new Set(included)].map((name) => `#include <${name}>\n`).join('');
  return {
    args: [
      ...['-Iinclude', ...kernel, ...WATCHED, ...watched(compiler, tree, 64), '-ffile-prefix-map=./='],
      ...['-I.', `-I${ownC()}`, ...settingsOf(options), `-DSHIM_XLEN=${options.xlen ?? 64}`],
      ...['-DSHIM_KERNEL="hartproof_tree.h"', '-include', 'hartproof_tree.h'],
    ],
    harness: [`-DSHIM_LAYOUT="${join(layout, 'layout.h')}"`],
    reads: [tree.root, made],
    key: [tree.digest, text],
    write: (include, driver) => {
      mkdirSync(include, { recursive: true });
      writeFileSync(join(include, 'hartproof_included.h'), text);
      writeOwn(include, driver);
    },
  };
}

/** The structures of a compiled `layout.c`, each field at its place. */
export function layoutOf(assembly: string): string {
  const structures = new Map<string, string[]>();
  for (const [, type, at, field] of assembly.matchAll(/"->(\w+) (\d+)(?: (.+?))?"/g))
    if (field === undefined) structures.set(type!, [`char whole[${at}] __attribute__((aligned(8)));`]);
    else structures.get(type!)!.push(`struct { char before_${structures.get(type!)!.length}[${at}]; ${field}; };`);
  return [...structures]
    .map(
      ([type, fields]) => `struct ${type} {\n\tunion {\n${fields.map((field) => `\t\t${field}\n`).join('')}\t};\n};\n`,
    )
    .join('');
}
