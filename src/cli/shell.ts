import { homedir } from 'node:os';

/** A word as a shell takes it: in quotes where it has to be. */
export const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

/** A path as a shell takes it, wherever it is typed: below the home directory it begins with `~`. */
export function shellPath(path: string, home = homedir()): string {
  if (home !== '/' && path.startsWith(`${home}/`)) return `~/${shellWord(path.slice(home.length + 1))}`;
  return shellWord(path.startsWith('-') ? `./${path}` : path);
}
