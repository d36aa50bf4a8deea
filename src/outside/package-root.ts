import { fileURLToPath } from 'node:url';

/** The root of this package, from its sources or from what is built of them. */
export function packageRoot(): string {
  const root = new URL('../../', import.meta.url);
  return fileURLToPath(root.pathname.endsWith('/dist/') ? new URL('../', root) : root);
}
