import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const own = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The commands of docs/rv.md, block by block: what a reader runs in the kernel's tree, and last what runs in the booted kernel. */
export function monitorCommands(): { readonly inTree: readonly string[]; readonly booted: string } {
  const blocks = [...readFileSync(own('../rv.md'), 'utf8').matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(
    ([, text]) => text!,
  );
  return { inTree: blocks.slice(0, -1), booted: blocks.at(-1)! };
}

/**
 * Unpacks Debian's `linux-source` into a directory, once, puts the driver where docs/rv.md says that it is, and follows its commands.
 * Throws if a command fails.
 */
export function unpackTree(archive: string, directory: string, driver: string): void {
  if (existsSync(directory)) return;
  const unfinished = `${directory}-unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  execFileSync('tar', ['xf', archive, '--strip-components=1', '-C', unfinished]);
  writeFileSync(join(unfinished, 'arch/riscv/kernel/perf_event.c'), driver);
  recordsInTraps(unfinished);
  for (const commands of monitorCommands().inTree)
    execFileSync(
      'sh',
      [
        '-ec',
        `hartproof() { '${own('../../node_modules/.bin/tsx')}' '${own('../../src/cli/main.ts')}' "$@"; }\n${commands}`,
      ],
      {
        cwd: unfinished,
        stdio: ['ignore', 'ignore', 'inherit'],
      },
    );
  renameSync(unfinished, directory);
}

/**
 * A probe at the entry of a function is a trap, which the kernel takes for an NMI, where its trace buffer takes nothing unless the
 * architecture says that a cmpxchg is safe there. RISC-V's is, and 6.12 does not say so.
 */
function recordsInTraps(tree: string): void {
  const path = join(tree, 'arch/riscv/Kconfig');
  const text = readFileSync(path, 'utf8');
  const said = text.replace(/^config RISCV\n\tdef_bool y\n/m, '$&\tselect ARCH_HAVE_NMI_SAFE_CMPXCHG\n');
  if (said === text) throw new Error(`${path} has no "config RISCV" where it was`);
  writeFileSync(path, said);
}
