import { type Build, build } from './build.ts';
import { NoSubject } from './compiler.ts';

/** What only C that is for RV32 too has a use for: a choice between the widths, or the upper half of a counter. */
export const OF_BOTH = new RegExp(
  [
    String.raw`\b(CONFIG_(64BIT|32BIT|ARCH_RV(32|64)I)|__riscv_xlen)\b`,
    String.raw`\bBITS_PER_LONG\s*[=!<>]`,
    String.raw`\b(CSR_)?(M?CYCLE|M?INSTRET|M?HPMCOUNTER\d+)H\b`,
    String.raw`\b0x[bc][89][0-9a-f]\b`,
  ].join('|'),
  'i',
);
/** What no compiler for RV32 takes, though ours does, whose `long` has 64 bits. */
const OF_64_BITS =
  /\b(BUILD_BUG_ON\w*|static_assert|_Static_assert)\s*\([^;]*(\bsizeof\s*\(\s*(unsigned\s+)?(long|size_t|void\s*\*)\s*\)|\bBITS_PER_LONG\b)/;

/**
 * Whether a driver is for RV32 too, as far as its C says: it has a branch for it, or belongs to the code of the architecture,
 * which is built for both; and it compiles for RV32. What Kconfig says is not known.
 */
export function isForRv32({ source, options }: Build): boolean {
  const parts = [source, ...(source.parts ?? [])];
  const text = [...source.headers.values(), ...parts.map((part) => part.text)].join('\n').replace(COMMENTS, ' ');
  const isOfArchitecture =
    /(^|\/)arch\/riscv\//.test(source.path) || [...source.headers.keys()].some((name) => name.startsWith('asm/'));
  if (OF_64_BITS.test(text) || !(isOfArchitecture || OF_BOTH.test(text))) return false;
  try {
    build(source, { ...options, xlen: 32 });
    return true;
  } catch (error) {
    if (error instanceof NoSubject) return false;
    throw error;
  }
}

const COMMENTS = /\/\*[\s\S]*?\*\/|\/\/.*$/gm;
