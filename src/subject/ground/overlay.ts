import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cached } from '../cache.ts';
import { type Compiler, NoSubject } from '../compiler.ts';
import { ownC, textsOf } from '../own-c.ts';
import { listed, type Tree } from './tree.ts';

/** The architecture of the tree whose headers serve where ours has none of its own. */
export const BASE = 'riscv';

/** What an overlay leans on in every tree. */
const NEEDED = [
  ...['Kbuild', 'include/asm-generic/Kbuild', `arch/${BASE}/include/asm/Kbuild`, `arch/${BASE}/include/asm/csr.h`],
  ...['include/linux/kconfig.h', 'include/linux/compiler_types.h', 'include/asm-generic/io.h'],
  ...['include/asm-generic/barrier.h', 'include/asm-generic/bitops/lock.h', 'include/uapi/asm-generic/Kbuild'],
];

/** Throws a {@link NoSubject} that names the first file which a tree would need and does not have. */
export function checkTree({ headers, version }: Tree): void {
  const missing = NEEDED.find((path) => !existsSync(join(headers, path)));
  if (missing !== undefined)
    throw new NoSubject(
      `${headers} (Linux ${version}) is not a tree that drivers can be compiled with: it has no ${missing}`,
    );
}

/** Headers that every tree has a twin of in `asm-generic`, and ours takes although the base has one of its own. */
const TAKEN = ['percpu.h', 'preempt.h', 'local.h', 'local64.h', 'rwonce.h'];

/**
 * Writes the headers of our architecture for a tree: those of ours, one line for each that the tree's own Kbuild files say
 * is the generic one, and what a build of the kernel would generate, the configuration among it.
 */
function writeOverlay(tree: Tree, directory: string, configuration: string): void {
  cpSync(join(ownC(), 'overlay'), directory, { recursive: true });
  const put = (path: string, text: string): void => {
    const file = join(directory, path);
    if (existsSync(file)) return;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  };
  for (const [generic, arch, kinds] of [
    ['include/asm-generic', `arch/${BASE}/include/asm`, 'asm'],
    ['include/uapi/asm-generic', `arch/${BASE}/include/uapi/asm`, 'uapi/asm'],
  ] as const) {
    const always = [...listed(join(tree.headers, arch, 'Kbuild'), 'generic-y'), ...TAKEN];
    const mandatory = listed(join(tree.headers, generic, 'Kbuild'), 'mandatory-y').filter(
      (name) => !existsSync(join(tree.headers, arch, name)),
    );
    for (const name of [...always, ...mandatory])
      if (existsSync(join(tree.headers, generic, name))) put(join(kinds, name), `#include <asm-generic/${name}>\n`);
  }
  for (const name of ['unistd_32.h', 'unistd_64.h']) put(join('asm', name), '');
  put('generated/autoconf.h', configuration);
  put('generated/asm-offsets.h', '');
  put('generated/utsrelease.h', `#define UTS_RELEASE "${tree.version}.0"\n`);
  put(
    'generated/uapi/linux/version.h',
    `#define LINUX_VERSION_CODE ${(tree.major << 16) + (tree.minor << 8)}\n#define KERNEL_VERSION(a, b, c) (((a) << 16) + ((b) << 8) + ((c) > 255 ? 255 : (c)))\n`,
  );
  arm64(tree, put);
}

/** What arm64 generates for its headers from its list of system registers, with a script of the tree. */
function arm64({ headers }: Tree, put: (path: string, text: string) => void): void {
  const tools = join(headers, 'arch/arm64/tools');
  if (!existsSync(join(tools, 'gen-sysreg.awk'))) return;
  try {
    const text = execFileSync('awk', ['-f', join(tools, 'gen-sysreg.awk'), join(tools, 'sysreg')], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 1 << 26,
    });
    for (const directory of ['asm', 'generated/asm']) put(join('arm64', directory, 'sysreg-defs.h'), text);
  } catch {}
}

/** What an overlay hangs on: a part of the key of all that is compiled with it. */
export const overlayKey = ({ version }: Compiler, tree: Tree, configuration: string): string[] => [
  ...[version, tree.headers, tree.version, tree.digest, configuration],
  ...[...textsOf(join(ownC(), 'overlay')), `${writeOverlay}${arm64}${TAKEN}`],
];

/** The directory in the cache that has the overlay of a tree, in `overlay`. */
export const overlayIn = (cache: string, compiler: Compiler, tree: Tree, configuration: string): string =>
  cached(cache, ['overlay', ...overlayKey(compiler, tree, configuration)], (at) =>
    writeOverlay(tree, join(at, 'overlay'), configuration),
  );
