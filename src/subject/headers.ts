import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { includes } from './companions.ts';
import type { DriverSource } from './source.ts';

export interface Header {
  readonly name: string;
  readonly text: string;
}

/** The headers of the user's own directory. Throws a RangeError if there is none. */
export function userShim(directory: string): Header[] {
  if (!existsSync(directory)) throw new RangeError(`--shim: there is no directory ${directory}`);
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.h'))
    .map((name) => ({ name, text: readFileSync(resolve(directory, name), 'utf8') }));
}

/** Names of files that are ours, wherever a driver includes them from. */
const OURS = /^(\.\/)*(hartproof_\w*\.h|driver\.c|unit\.c)$/;

/** The driver's own headers and the user's; every other kernel header that is included anywhere is the shim. */
export function writeHeaders(root: string, source: DriverSource, shim: readonly Header[]): void {
  const own = [...[...source.headers].map(([name, text]) => ({ name, text })), ...shim];
  const texts = [source, ...(source.parts ?? []), ...own].map(({ text }) => text);
  for (const name of new Set(texts.flatMap(includes)))
    if (/^(linux|asm|asm-generic|uapi|clocksource|soc|vdso)\//.test(name))
      put(root, { name, text: '#include "hartproof_kernel.h"\n' });
  for (const header of own) put(root, header);
}

/** The driver's own headers alone: where those of the kernel are the tree's. */
export function writeOwn(root: string, { headers }: DriverSource): void {
  for (const [name, text] of headers) put(root, { name, text });
}

function put(root: string, { name, text }: Header): void {
  const file = resolve(root, name);
  if (!file.startsWith(`${resolve(root)}/`))
    throw new RangeError(`a header called ${JSON.stringify(name)} leads out of the tree`);
  if (OURS.test(name)) throw new RangeError(`a header may not be called ${JSON.stringify(name)}: that is one of ours`);
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  } catch (error) {
    // A name that is too long, or of a file and a directory at once: a full disk is no fault of the name.
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!['ENAMETOOLONG', 'EEXIST', 'ENOTDIR', 'EISDIR'].includes(code)) throw error;
    throw new RangeError(`there can be no header called ${JSON.stringify(name.slice(0, 80))} (${code})`);
  }
}
