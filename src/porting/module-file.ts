import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * The default export of a user's file in TypeScript or JavaScript, where `hartproof` is what describes things, wherever this
 * library is installed. `hint` says how to come by such a file. Throws a RangeError that names the file if it does not run.
 */
export async function readModule(file: string, hint: string): Promise<unknown> {
  const path = resolve(file);
  if (!existsSync(path)) throw new RangeError(`there is no file ${file} (${hint})`);
  const { createJiti } = await import('jiti');
  const jiti = createJiti(pathToFileURL(path).href, {
    virtualModules: { hartproof: await import('./describe.ts') },
    moduleCache: false,
    fsCache: false,
  });
  try {
    return await jiti.import(path, { default: true });
  } catch (error) {
    throw new RangeError(`${file}: ${(error as Error).message}`);
  }
}
