import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What is in the booted kernel's only file system, beside its first process. */
export interface Guest {
  /** The paths of a static busybox, of the driver's module, and of the programs, by name. */
  readonly busybox: string;
  readonly module: string;
  readonly programs: ReadonlyMap<string, string>;
  /** Scripts: what records, and what switches the monitor on and shows what it said. */
  readonly record: string;
  readonly monitor: string;
}

/** Boots a kernel in QEMU. `soak`: how often each program runs under load, and nothing else. Returns what stands on its console. */
export function boot(kernel: string, directory: string, guest: Guest, soak?: number): string {
  const scripts = ['record', 'monitor'] as const;
  for (const name of scripts) writeFileSync(join(directory, `${name}.sh`), guest[name]);
  const list = [
    ...['/dev', '/proc', '/sys', '/programs'].map((name) => `dir ${name} 755 0 0`),
    'nod /dev/console 600 0 0 c 5 1',
    'nod /dev/null 666 0 0 c 1 3',
    `file /init ${fileURLToPath(new URL('init', import.meta.url))} 755 0 0`,
    `file /busybox ${guest.busybox} 755 0 0`,
    `file /pmu.ko ${guest.module} 644 0 0`,
    ...scripts.map((name) => `file /${name}.sh ${join(directory, `${name}.sh`)} 644 0 0`),
    ...[...guest.programs].map(([name, path]) => `file /programs/${name} ${path} 755 0 0`),
  ];
  writeFileSync(join(directory, 'list'), `${list.join('\n')}\n`);
  const archive = execFileSync(join(kernel, 'usr/gen_init_cpio'), [join(directory, 'list')], { maxBuffer: 2 ** 30 });
  writeFileSync(join(directory, 'initramfs.cpio'), archive);
  const command = 'console=ttyS0 riscv_isa_fallback kunit.enable=1 panic=-1';
  const args = [
    ...['-M', 'virt', '-smp', '2', '-m', '512M', '-nographic', '-no-reboot'],
    ...['-kernel', join(kernel, 'arch/riscv/boot/Image'), '-initrd', join(directory, 'initramfs.cpio')],
    ...['-append', soak === undefined ? command : `${command} soak=${soak}`],
  ];
  const { stdout, error } = spawnSync('qemu-system-riscv64', args, {
    encoding: 'utf8',
    timeout: (soak === undefined ? 30 : 180) * 60_000,
    maxBuffer: 2 ** 28,
    input: '',
  });
  const said = stdout.replaceAll('\r', '');
  writeFileSync(join(directory, soak === undefined ? 'console.txt' : 'soak.txt'), said);
  if (error !== undefined) throw error;
  return said;
}

/** The lines between two that stand alone on the console. Throws if it never came so far. */
export function between(said: string, first: string, last: string): string {
  const [, text] = said.split(`${first}\n`);
  if (text === undefined || !text.includes(`${last}\n`)) throw new Error(`the kernel did not come to "${last}"`);
  return text.slice(0, text.indexOf(`${last}\n`));
}

/** What a boot with `soak` came to, in a sentence. Throws if it did not come to its end. */
export function soaked(said: string, programs: number, times: number): string {
  const end = /^SOAKED (.*)$/m.exec(said)?.[1];
  if (end === undefined) throw new Error('the kernel did not come to the end of the programs under load');
  const accused = [...said.matchAll(/^ACCUSED (.*)$/gm)].map(([, what]) => what!);
  const none = `in ${programs * times} runs none accused it`;
  const what = accused.length === 0 ? none : `it was accused ${accused.length} times, first by ${accused[0]}`;
  return `Under load (eight loops on two harts), each of the ${programs} programs ran ${times} times with the repaired driver (${end}): ${what}.`;
}
