import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DriverSource } from '../../src/subject/index.ts';
import { BASES } from '../../src/trace/setup/fields.ts';
import type { TracedDriver } from '../../src/trace/setup/index.ts';
import { digestOf, keptOf } from './kept.ts';
import { moduleText } from './module-text.ts';
import { unpackTree } from './tree.ts';

const own = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const CROSS = ['ARCH=riscv', 'CROSS_COMPILE=riscv64-linux-gnu-'];
/** Runs a command, of whose output only the errors are shown. Throws if it fails. */
export const run = (command: string, args: readonly string[], cwd: string): void => {
  execFileSync(command, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
};

/**
 * Builds a small RISC-V kernel in `directory` from Debian's `linux-source` alone, with the monitor of a driver in it, unless that
 * very one was built there; what another run began is gone on with. Takes minutes to an hour. Throws if it
 * does not build, or if a line of `config` does not get into its configuration.
 */
export function buildKernel(archive: string, directory: string, text: string, traced: TracedDriver): void {
  mkdirSync(directory, { recursive: true });
  const tree = join(directory, 'linux');
  const config = readFileSync(own('config'), 'utf8');
  const made = digestOf(unpackTree(archive, tree, text, traced), config);
  keptOf(join(directory, 'built'), made, () => {
    const began = Date.now();
    run(
      'make',
      ['-C', tree, `O=${directory}`, ...CROSS, `KCONFIG_ALLCONFIG=${own('config')}`, 'allnoconfig'],
      directory,
    );
    const configuration = readFileSync(join(directory, '.config'), 'utf8').split('\n');
    const missing = config.split('\n').filter((line) => !configuration.includes(line));
    if (missing.length > 0) throw new Error(`the kernel's configuration does not take ${missing.join(', ')}`);
    console.log(`building the kernel in ${directory}: it takes up to an hour, and can be interrupted and gone on with`);
    run('nice', ['make', ...CROSS, '-j2', 'Image', 'modules_prepare'], directory);
    console.log(`the kernel was built in ${Math.round((Date.now() - began) / 60_000)} minutes`);
  });
}

/** A driver with suites at its end, as a module, kept as long as text and kernel are the same. Returns its path. Throws if it does not compile. */
export function buildModule(
  kernel: string,
  directory: string,
  source: DriverSource,
  suites: readonly string[],
): string {
  mkdirSync(directory, { recursive: true });
  const text = moduleText(source, suites);
  keptOf(join(directory, 'made'), digestOf(readFileSync(join(kernel, 'built'), 'utf8'), text), () => {
    writeFileSync(join(directory, 'pmu.c'), text);
    writeFileSync(join(directory, 'Kbuild'), 'obj-m := pmu.o\nccflags-y := -w\n');
    copyFileSync(join(kernel, 'vmlinux.symvers'), join(kernel, 'Module.symvers'));
    run('make', ['-C', kernel, `M=${directory}`, ...CROSS, 'modules'], directory);
  });
  return join(directory, 'pmu.ko');
}

/** Compiles a program of user space, unless one of the same text is kept. Returns its path. Throws if it does not compile. */
export function buildProgram(directory: string, text: string): string {
  mkdirSync(directory, { recursive: true });
  const name = createHash('sha256').update(text).digest('hex').slice(0, 16);
  const [file, program] = [join(directory, `${name}.c`), join(directory, name)];
  if (existsSync(program)) return program;
  writeFileSync(file, text);
  run('riscv64-linux-gnu-gcc', ['-static', '-O1', '-o', program, file], directory);
  return program;
}

/** Where the fields of `struct perf_event` are in a kernel, as `trace setup --offsets` reads it. */
export function offsetsOf(kernel: string, directory: string): string {
  mkdirSync(directory, { recursive: true });
  const fields = BASES.map((name) => `asm("->${name} %0" :: "i" (offsetof(struct perf_event, ${name})));`);
  const text = ['#include <linux/perf_event.h>', 'void offsets(void) {', ...fields, '}'].join('\n');
  writeFileSync(join(directory, 'offsets.c'), text);
  writeFileSync(join(directory, 'Kbuild'), 'obj-m := offsets.o\nccflags-y := -w\n');
  run('make', ['-C', kernel, `M=${directory}`, ...CROSS, 'offsets.s'], directory);
  const assembly = readFileSync(join(directory, 'offsets.s'), 'utf8');
  return [...assembly.matchAll(/->([\w.]+) (\d+)/g)].map(([, name, bytes]) => `${name}=${bytes}`).join(',');
}
