import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where our own C lies: beside this file in the sources, and in the package also when this file is in `dist`. */
export function ownC(): string {
  let directory = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(directory, 'package.json'))) directory = dirname(directory);
  return join(directory, 'src', 'subject', 'c');
}

/** The text of those files of our own C beside the driver, and of the shim, whose name fits. */
export const ours = (fits: (name: string) => boolean): string[] =>
  ['.', 'shim'].flatMap((directory) =>
    readdirSync(join(ownC(), directory))
      .filter(fits)
      .sort()
      .map((name) => readFileSync(join(ownC(), directory, name), 'utf8')),
  );

/** The names and texts of the C in a directory, and below it. */
export const textsOf = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(c|h|ld)$/.test(name))
    .sort()
    .flatMap((name) => [name, readFileSync(join(directory, name), 'utf8')]);
