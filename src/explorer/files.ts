import { readdir, readFile, rm } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { makeDirectory } from '../outside/make-directory.ts';
import { packageRoot } from '../outside/package-root.ts';
import { writeFileAtomically } from '../outside/write-file.ts';

/** Where the page lies once it is built. */
export const pageDirectory = (): string => join(packageRoot(), 'dist', 'explorer');

const PAGE = 'index.html';

/** A file of the page, as a server hands it out. */
export interface Served {
  readonly type: string;
  readonly body: string | Buffer;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.jsonl': 'application/x-ndjson; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
};

export const typeOf = (name: string): string => TYPES[extname(name)] ?? 'application/octet-stream';

/** The files of a built page by name. Throws an Error if it was not built. */
export async function readPage(directory = pageDirectory()): Promise<Map<string, Served>> {
  const names = await namesIn(directory);
  const files = names.map(
    async (name) => [name, { type: typeOf(name), body: await readFile(join(directory, name)) }] as const,
  );
  return new Map(await Promise.all(files));
}

/** Copies a built page to another directory, which is made if it is not there: the page itself last, so that where it is, all is. */
export async function copyPage(to: string, from = pageDirectory()): Promise<void> {
  const names = await namesIn(from);
  const page = await readFile(join(from, PAGE));
  makeDirectory(to);
  // An older page would find newer files beside it.
  await rm(join(to, PAGE), { force: true });
  for (const name of names.filter((one) => one !== PAGE))
    writeFileAtomically(join(to, name), await readFile(join(from, name)));
  writeFileAtomically(join(to, PAGE), page);
}

async function namesIn(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch((): string[] => []);
  if (!names.includes(PAGE)) throw new Error(`the page is not built: there is no ${join(directory, PAGE)}`);
  return names;
}
