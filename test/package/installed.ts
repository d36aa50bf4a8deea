import { execFileSync, spawnSync } from 'node:child_process';
import { accessSync, chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Ran } from '../cli/run.ts';
import { MAIN } from '../cli/run.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** `nobody`, where the tests run as root; else whoever runs them. */
const OTHER = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

/**
 * The packed package, in an empty folder with a blank in its path, and a folder to work in. `npm install` needs a registry:
 * the tarball is unpacked where it would unpack it, and the dependencies that `package.json` names are copied beside it.
 */
export class Installed {
  readonly #root = mkdtempSync(join(tmpdir(), 'hartproof package '));
  readonly #main = join(this.#root, 'node_modules/hartproof/dist/src/cli/main.js');
  readonly work = join(this.#root, 'work here');

  constructor() {
    // What is packed is what was built.
    accessSync(MAIN);
    const options = { cwd: ROOT, encoding: 'utf8' } as const;
    const [{ filename }] = JSON.parse(
      execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', this.#root], options),
    );
    const home = join(this.#root, 'node_modules/hartproof');
    mkdirSync(home, { recursive: true });
    execFileSync('tar', ['-xzf', join(this.#root, filename), '-C', home, '--strip-components=1']);
    const [, ...dependencies] = execFileSync('npm', ['ls', '--omit=dev', '--all', '--parseable'], options)
      .trim()
      .split('\n');
    for (const directory of dependencies)
      cpSync(directory, join(this.#root, relative(ROOT, directory)), { recursive: true });
    chmodSync(this.#root, 0o755);
    mkdirSync(this.work);
    if (OTHER.uid !== undefined) chownSync(this.work, OTHER.uid, OTHER.gid);
  }

  /** Runs the command there: as somebody else, who has no home, but keeps what is compiled. */
  run(...args: string[]): Ran {
    return this.#run(this.work, args, { XDG_CACHE_HOME: join(this.work, '.cache') });
  }

  /** A folder that has only some files in it. */
  folderWith(files: Readonly<Record<string, string>>): string {
    const folder = mkdtempSync(join(this.#root, 'folder '));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    chmodSync(folder, 0o755);
    return folder;
  }

  /** {@link run}, in another folder, and where nothing is kept. */
  runIn(folder: string, ...args: string[]): Ran {
    return this.#run(folder, args, {});
  }

  #run(folder: string, args: readonly string[], cache: Readonly<Record<string, string>>): Ran {
    const { PATH } = process.env;
    const { status, stdout, stderr } = spawnSync(process.execPath, [this.#main, ...args], {
      ...OTHER,
      cwd: folder,
      encoding: 'utf8',
      env: { PATH, NO_COLOR: '1', ...cache },
      maxBuffer: 1 << 28,
    });
    return { status: status ?? -1, stdout, stderr };
  }

  remove(): void {
    rmSync(this.#root, { recursive: true });
  }
}
