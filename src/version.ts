import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from './outside/package-root.ts';

/** The version of this package, which only its `package.json` says. */
export const VERSION = (
  JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { readonly version: string }
).version;
