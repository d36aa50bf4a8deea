import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The command as users have it: built, and anew where the sources are newer. */
export const MAIN = builtMain();

function builtMain(): string {
  const main = join(ROOT, 'dist/src/cli/main.js');
  const filesIn = (folder: string): string[] =>
    readdirSync(folder, { withFileTypes: true, recursive: true }).flatMap((entry) =>
      entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
    );
  const changed = (file: string): number => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sources = ['src', 'machines', 'models'].flatMap((folder) => filesIn(join(ROOT, folder)));
  if (Math.max(...sources.map(changed)) > changed(main))
    execFileSync('npm', ['run', '--silent', 'prepare'], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
  return main;
}

export interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command in a directory, without colours: the exit status, and what was printed. */
export const hartproof = (directory: string, ...args: string[]): Ran => hartproofWith({}, directory, ...args);

/** The same, with some variables of its environment. */
export function hartproofWith(env: Readonly<Record<string, string>>, directory: string, ...args: string[]): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
    cwd: directory,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, ...env },
  });
  return { status: status ?? -1, stdout, stderr };
}
