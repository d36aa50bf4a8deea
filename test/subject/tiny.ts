import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Build, type BuildOptions, build, fileSource, findCompiler } from '../../src/subject/index.ts';
import { needs } from '../needs.ts';

export const needsCompiler = (): boolean =>
  needs('a C compiler, on Linux', process.platform === 'linux' && findCompiler() !== null);

/** Where the tests and the commands that they run build, as XDG_CACHE_HOME: what HARTPROOF_BUILDS names, or gone when they end. */
export const CACHE_HOME = process.env.HARTPROOF_BUILDS || ownCacheHome();
/** The builds in it. */
export const CACHE = join(CACHE_HOME, 'hartproof');

function ownCacheHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'hartproof-cache-'));
  process.on('exit', () => rmSync(home, { recursive: true, force: true }));
  return home;
}

export const driverFile = (name: string): string => fileURLToPath(new URL(`drivers/${name}.c`, import.meta.url));

/** A driver of `drivers/`, with what its mistakes are called. */
export const built = (name: string, defines: readonly string[] = [], options: BuildOptions = {}): Build =>
  build(fileSource(driverFile(name)), { cache: CACHE, defines, ...options });
