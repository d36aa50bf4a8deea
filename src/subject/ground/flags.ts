import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Compiler } from '../compiler.ts';
import { BASE } from './overlay.ts';
import type { Tree } from './tree.ts';

/** Since 6.5 an array at the end of a structure is as long as it says. */
const strictArrays = ({ major, minor }: Tree): boolean => major > 6 || (major === 6 && minor >= 5);

/** Accesses to memory are told: calls that run at once may meet in each. */
const GCC = ['-fsanitize=thread', '-U__SANITIZE_THREAD__', '--param=tsan-instrument-func-entry-exit=0'];
const CLANG = ['-fsanitize=thread', '-mllvm', '-tsan-instrument-func-entry-exit=0'];

/** What the driver's own code is watched for. What kernel code may do (a member of NULL, wrapping) is left out. */
export const watched = (compiler: Compiler, tree: Tree, xlen: Xlen): string[] => [
  // The instrumentation is for 64 bits alone.
  ...(xlen === 32 ? [] : /clang/.test(compiler.version) ? CLANG : GCC),
  `-fsanitize=${/clang/.test(compiler.version) || !strictArrays(tree) ? 'bounds' : 'bounds-strict'},shift,integer-divide-by-zero`,
];

/** As kernels do where the compiler can: what lies on the stack is no part of what a driver does. */
export const zeroed = ({ version }: Compiler): string[] =>
  !/clang/.test(version) && Number(/\) (\d+)\./.exec(version)?.[1]) >= 12 ? ['-ftrivial-auto-var-init=zero'] : [];

/** How many bits a `long` has. */
export type Xlen = 32 | 64;

/**
 * For RV32, the ABI x32: its pointers and longs have 32 bits, and its code runs in a process of 64 bits as it is, wherever all of it
 * lies below 4 GiB (narrow.ts).
 */
const OF_XLEN: Readonly<Record<Xlen, readonly string[]>> = {
  64: ['-fPIC'],
  32: ['-mx32', '-fno-pic', '-mcmodel=small', '-fno-asynchronous-unwind-tables', '-U__ILP32__', '-U_ILP32'],
};

/** What compiles C of the kernel for our architecture, behind an overlay. */
export const flags = ({ headers: root }: Tree, overlay: string, name: string, xlen: Xlen): string[] => [
  ...OF_XLEN[xlen],
  ...['-std=gnu11', '-O1', '-gdwarf-4', '-w', '-Werror=implicit-function-declaration', '-ffreestanding'],
  ...['-fno-strict-aliasing', '-fwrapv', '-fno-delete-null-pointer-checks', '-fshort-wchar', '-fno-stack-protector'],
  ...[
    '-nostdinc',
    ...['__x86_64__', '__x86_64', '__amd64__', 'linux', '__linux__', '__unix__', 'unix'].map((it) => `-U${it}`),
  ],
  ...['-D__riscv', `-D__riscv_xlen=${xlen}`, '-D__riscv_flen=64', '-D__KERNEL__'],
  ...[
    `-DKBUILD_MODNAME="${name}"`,
    `-DKBUILD_BASENAME="${name}"`,
    `-DKBUILD_MODFILE="${name}"`,
    `-D__KBUILD_MODNAME=kmod_${name}`,
  ],
  ...[overlay, join(root, `arch/${BASE}/include`), join(root, 'include')].map((path) => `-I${path}`),
  ...[
    join(overlay, 'uapi'),
    join(overlay, 'generated/uapi'),
    join(root, `arch/${BASE}/include/uapi`),
    join(root, 'include/uapi'),
  ].map((path) => `-I${path}`),
  // Where a driver wants a header of an architecture that is not ours.
  ...[
    `${overlay}/arm64`,
    join(root, 'arch/arm64/include'),
    join(root, 'arch/arm/include'),
    join(root, 'arch/csky/include'),
  ].flatMap((path) => ['-idirafter', path]),
  // The first is there since 5.13.
  ...['compiler-version.h', 'kconfig.h', 'compiler_types.h']
    .map((header) => join(root, 'include/linux', header))
    .filter(existsSync)
    .flatMap((header) => ['-include', header]),
  ...['-include', join(overlay, 'asm/hp-insn.h')],
];
