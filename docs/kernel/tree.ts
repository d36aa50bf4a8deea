import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { handlersOf, lifecycleAutomaton, rvOf } from '../../src/diagrams/index.ts';
import type { TracedDriver } from '../../src/trace/setup/index.ts';
import { digestOf, keptOf } from './kept.ts';

const own = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The commands of docs/rv.md, block by block: what a reader runs in the kernel's tree, and last what runs in the booted kernel. */
export function monitorCommands(): { readonly inTree: readonly string[]; readonly booted: string } {
  const blocks = [...readFileSync(own('../rv.md'), 'utf8').matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(
    ([, text]) => text!,
  );
  return { inTree: blocks.slice(0, -1), booted: blocks.at(-1)! };
}

/**
 * Unpacks Debian's `linux-source` into a directory, puts the driver where docs/rv.md says that it is, and follows its commands,
 * unless all that was done before with the same. Files keep their dates, so that a kernel built of them is not built anew for what
 * did not change. Returns what the tree is made of. Throws if a command fails.
 */
export function unpackTree(archive: string, directory: string, text: string, traced: TracedDriver): string {
  const { inTree, booted } = monitorCommands();
  const { size, mtimeMs } = statSync(archive);
  const made = digestOf(archive, `${size} ${mtimeMs}`, text, ...inTree, booted, ...monitorOf(traced));
  keptOf(join(directory, '.made'), made, () => {
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(directory, { recursive: true });
    execFileSync('tar', ['xf', archive, '--strip-components=1', '-C', directory]);
    writeFileSync(join(directory, 'arch/riscv/kernel/perf_event.c'), text);
    recordsInTraps(directory);
    for (const commands of inTree)
      execFileSync(
        'sh',
        [
          '-ec',
          `hartproof() { '${own('../../node_modules/.bin/tsx')}' '${own('../../src/cli/main.ts')}' "$@"; }\n${commands}`,
        ],
        { cwd: directory, stdio: ['ignore', 'ignore', 'inherit'] },
      );
  });
  return made;
}

/** What the commands of docs/rv.md have Hartproof write of the driver. */
function monitorOf({ functions }: TracedDriver): string[] {
  const automaton = lifecycleAutomaton('current');
  return [rvOf(automaton), handlersOf(automaton, functions, '')];
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
