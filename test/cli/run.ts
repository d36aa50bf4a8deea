import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const LOADER = new URL('../../node_modules/tsx/dist/loader.mjs', import.meta.url).href;

/** Runs the command line of this tree in a directory, without colours: the exit status, and what was printed. */
export function hartproof(directory: string, ...args: string[]): { status: number; stdout: string; stderr: string } {
  const command = ['--import', LOADER, join(ROOT, 'src/cli/main.ts'), ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    cwd: directory,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
  });
  return { status: status ?? -1, stdout, stderr };
}
