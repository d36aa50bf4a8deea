import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DriverSource } from '../../src/subject/index.ts';

const own = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const CROSS = ['ARCH=riscv', 'CROSS_COMPILE=riscv64-linux-gnu-'];
const run = (command: string, args: readonly string[], cwd: string): void => {
  execFileSync(command, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
};

/** Builds a small RISC-V kernel of the tree `linux` in `directory`, unless there is one. Takes minutes. Throws if it does not build. */
export function buildKernel(linux: string, directory: string): void {
  if (existsSync(join(directory, 'arch/riscv/boot/Image'))) return;
  mkdirSync(directory, { recursive: true });
  run(
    'make',
    ['-C', linux, `O=${directory}`, ...CROSS, `KCONFIG_ALLCONFIG=${own('config')}`, 'allnoconfig'],
    directory,
  );
  run('nice', ['make', ...CROSS, '-j2', 'Image', 'modules_prepare'], directory);
}

/** A driver with suites at its end, as a module. Returns the path of the module. Throws if it does not compile. */
export function buildModule(
  kernel: string,
  directory: string,
  source: DriverSource,
  suites: readonly string[],
): string {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  // The kernel's header of that name is another one now: the driver's own is read beside it.
  const header = [...source.headers.values()].join('\n').replaceAll('_ASM_RISCV_PERF_EVENT_H', 'PERF_EVENT_2018_H');
  writeFileSync(join(directory, 'perf_event_2018.h'), header);
  const before = ['#define CONFIG_RISCV_BASE_PMU 1', '#include <linux/module.h>', '#include "perf_event_2018.h"'];
  writeFileSync(join(directory, 'pmu.c'), [...before, source.text, 'MODULE_LICENSE("GPL");', ...suites].join('\n'));
  writeFileSync(join(directory, 'Kbuild'), 'obj-m := pmu.o\nccflags-y := -w\n');
  copyFileSync(join(kernel, 'vmlinux.symvers'), join(kernel, 'Module.symvers'));
  run('make', ['-C', kernel, `M=${directory}`, ...CROSS, 'modules'], directory);
  return join(directory, 'pmu.ko');
}

/** Compiles a program of user space. Returns its path. */
export function buildProgram(directory: string, name: string, text: string): string {
  const file = join(directory, name);
  writeFileSync(`${file}.c`, text);
  run('riscv64-linux-gnu-gcc', ['-static', '-O1', '-o', file, `${file}.c`], directory);
  return file;
}

/** Boots the kernel with a module and programs. Returns what it wrote on its console. */
export function boot(kernel: string, directory: string, module: string, programs: ReadonlyMap<string, string>): string {
  run('riscv64-linux-gnu-gcc', ['-static', '-O1', '-o', join(directory, 'init'), own('init.c')], directory);
  const list = [
    ...['/dev', '/proc', '/sys', '/programs'].map((name) => `dir ${name} 755 0 0`),
    'nod /dev/console 600 0 0 c 5 1',
    `file /init ${join(directory, 'init')} 755 0 0`,
    `file /pmu.ko ${module} 644 0 0`,
    ...[...programs].map(([name, path]) => `file /programs/${name} ${path} 755 0 0`),
  ];
  writeFileSync(join(directory, 'list'), `${list.join('\n')}\n`);
  const archive = execFileSync(join(kernel, 'usr/gen_init_cpio'), [join(directory, 'list')], { maxBuffer: 2 ** 30 });
  writeFileSync(join(directory, 'initramfs.cpio'), archive);
  const args = [
    ...['-M', 'virt', '-smp', '2', '-m', '256M', '-nographic', '-no-reboot'],
    ...['-kernel', join(kernel, 'arch/riscv/boot/Image'), '-initrd', join(directory, 'initramfs.cpio')],
    ...['-append', 'console=ttyS0 riscv_isa_fallback kunit.enable=1 panic=-1'],
  ];
  const { stdout, error } = spawnSync('qemu-system-riscv64', args, {
    encoding: 'utf8',
    timeout: 600_000,
    maxBuffer: 2 ** 28,
    input: '',
  });
  if (error !== undefined) throw error;
  return stdout.replaceAll('\r', '');
}
