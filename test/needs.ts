import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const said = new Set<string>();

/**
 * Whether what a test needs is there, beyond what npm brings. If it is not, one line says so, once.
 * With `HARTPROOF_ALL=1` in the environment it throws an Error instead: then a missing need is a failure.
 *
 * Call it inside the test, and return when it answers false.
 */
export function needs(what: string, present: boolean): boolean {
  if (present) return true;
  if (process.env.HARTPROOF_ALL === '1') throw new Error(`missing: ${what}`);
  if (!said.has(what)) console.log(`skipped: this needs ${what}`);
  said.add(what);
  return false;
}

/** A path in `shared`, beside the repository: the seed, the kernel traces. */
export const shared = (path: string): string => fileURLToPath(new URL(`../../shared/${path}`, import.meta.url));

/** {@link needs} for a path in `shared`. */
export const needsShared = (path: string): boolean => needs(`../shared/${path}`, existsSync(shared(path)));
