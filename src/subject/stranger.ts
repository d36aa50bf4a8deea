import { existsSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readsOf } from './cache.ts';
import { type Compiler, explain, run } from './compiler.ts';
import { assemblyIn, checkAssembly, checkRead, type Shim } from './foreign.ts';

/** Who compiles the C of a stranger, and where. */
export interface Workshop {
  readonly compiler: Compiler;
  /** Our own process, which confines the compiler. */
  readonly harness: string;
  /** Where it runs, and may write. */
  readonly directory: string;
  /** What else it may read. */
  readonly reads: readonly string[];
}

/** Where a compiler may have its parts. */
const OF_COMPILERS = [
  ...['/usr', '/lib', '/lib32', '/lib64', '/bin', '/opt', '/nix', '/gnu'],
  ...['/etc/ld.so.cache', '/etc/ld.so.preload'],
];

/**
 * Runs the compiler on C of a stranger: it reads what is ours and its own, writes into the directory, has no environment, and
 * ends soon. Throws `NoSubject` as `compile` does.
 */
export function compileStranger(
  { compiler, harness, directory, reads }: Workshop,
  args: readonly string[],
  tell: (complaint: string) => string = explain,
): void {
  const own = dirname(dirname(realpathSync(pathOf(compiler.command))));
  const readable = [...OF_COMPILERS, ...(own === '/' ? [] : [own]), ...reads];
  const env = { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', TMPDIR: directory };
  run(harness, ['compile', directory, ...readable, '--', compiler.command, ...args], directory, env, tell);
}

/** The file of a command. */
function pathOf(command: string): string {
  const places = command.includes('/') ? [''] : (process.env.PATH ?? '/usr/bin:/bin').split(':');
  return places.map((place) => join(place, command)).find((file) => existsSync(file)) ?? '/usr/bin/cc';
}

/** More errors than a report names; without end they would fill it. */
const ERRORS = '-fmax-errors=100';

/** The first error ends it: what includes itself twice makes no end of them. And no line of another file is shown. */
export const preprocessing = ({ version }: Compiler): string[] => [
  ...['-E', '-MD', '-Wfatal-errors'],
  /clang/.test(version) ? '-fno-caret-diagnostics' : '-fno-diagnostics-show-caret',
];

/** The C of a file after its directives, and what was read for it outside of the directory. */
export function preprocess(
  workshop: Workshop,
  args: readonly string[],
  file: string,
  name: string,
  tell?: (complaint: string) => string,
): { readonly text: string; readonly reads: string[] } {
  const { compiler, directory } = workshop;
  compileStranger(workshop, [...args, ...preprocessing(compiler), '-MF', `${name}.d`, '-o', `${name}.i`, file], tell);
  return {
    text: readFileSync(join(directory, `${name}.i`), 'latin1'),
    reads: readsOf(readFileSync(join(directory, `${name}.d`), 'utf8'), directory),
  };
}

/** What the shim alone reads, and what assembly it has. */
export function lookAtShim(workshop: Workshop, args: readonly string[], file: string): Shim {
  const { text, reads } = preprocess(workshop, args, file, 'shim');
  return { headers: reads, assembly: [...assemblyIn(text)].map(({ template }) => template) };
}

/**
 * Compiles a file of a stranger to `name.o`, once what the preprocessor has read and made is checked: nothing else is read
 * after that. Answers what was read outside of the directory. Throws `NoSubject` for what is refused.
 */
export function compileChecked(
  workshop: Workshop,
  args: readonly string[],
  file: string,
  name: string,
  shim: Shim,
  tell?: (complaint: string) => string,
): string[] {
  const { text, reads } = preprocess(workshop, args, file, name, tell);
  checkRead(reads, workshop.reads, shim);
  checkAssembly(text, shim);
  compileStranger(workshop, [...args, ERRORS, '-c', '-o', `${name}.o`, `${name}.i`], tell);
  rmSync(join(workshop.directory, `${name}.i`));
  return reads;
}
