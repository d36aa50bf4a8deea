import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

/** What something is made of, as one line. */
export const digestOf = (...of: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(of)).digest('hex');

/** Makes something, unless `file` says that it was made of the same. What does not come to its end is made again the next time. */
export function keptOf(file: string, of: string, make: () => void): void {
  if (existsSync(file) && readFileSync(file, 'utf8') === of) return;
  rmSync(file, { force: true });
  make();
  writeFileSync(file, of);
}
