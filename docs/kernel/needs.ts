import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the script runs or reads, and the package of Debian that has it. */
const NEEDS: readonly (readonly [what: string, of: string])[] = [
  ...['gcc', 'make', 'flex', 'bison', 'bc', 'python3', 'perl', 'tar'].map((name) => [name, name] as const),
  ['xz', 'xz-utils'],
  ['/usr/include/stdio.h', 'libc6-dev'],
  ['riscv64-linux-gnu-gcc', 'gcc-riscv64-linux-gnu'],
  ['/usr/riscv64-linux-gnu/include/stdio.h', 'libc6-dev-riscv64-cross'],
  ['qemu-system-riscv64', 'qemu-system-misc'],
];

/** What is missing to build and boot a kernel, a line for each, with the package to install. `directory`: where it is built. */
export function missing(archive: string, busybox: string, directory: string): string[] {
  const lines = NEEDS.filter(([what]) => !found(what)).map(([what, of]) => `${what} is missing: apt-get install ${of}`);
  if (/[\s:]/.test(directory))
    lines.push(`${directory}: the kernel does not build where there are spaces or colons: name another --build`);
  if (!existsSync(archive))
    lines.push(`${archive} is missing: apt-get install linux-source-6.12, or name the archive with --linux`);
  const wrong = existsSync(busybox)
    ? isStaticOfRiscv(readFileSync(busybox))
      ? undefined
      : 'no static program of riscv64'
    : 'missing';
  if (wrong !== undefined)
    lines.push(
      `${busybox} is ${wrong}: dpkg -x the file that "apt-get download busybox-static:riscv64" fetches of Debian 13; it is usr/bin/busybox`,
    );
  return lines;
}

function found(what: string): boolean {
  const places = what.startsWith('/') ? [''] : (process.env.PATH ?? '').split(':');
  return places.some((place) => existsSync(join(place, what)));
}

/** Whether it is an ELF of RISC-V (243) with 64 bits that names no interpreter (a program header of type 3). */
export function isStaticOfRiscv(file: Buffer): boolean {
  if (file.length < 64 || file.readUInt32BE(0) !== 0x7f454c46 || file[4] !== 2 || file.readUInt16LE(18) !== 243)
    return false;
  const [at, size, count] = [Number(file.readBigUInt64LE(32)), file.readUInt16LE(54), file.readUInt16LE(56)];
  if (at + size * count > file.length) return false;
  return !Array.from({ length: count }, (_, header) => file.readUInt32LE(at + header * size)).includes(3);
}
