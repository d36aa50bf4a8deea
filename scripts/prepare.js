// What tsc leaves to be done: files that are no TypeScript, and the page of the explorer.
import { chmodSync, copyFileSync } from 'node:fs';
import { buildPage } from '../dist/src/explorer/build.js';
import { packageRoot, pageDirectory } from '../dist/src/explorer/files.js';

for (const file of ['page.css', 'page.js']) copyFileSync(`src/audit/html/${file}`, `dist/src/audit/html/${file}`);
chmodSync('dist/src/cli/main.js', 0o755);
await buildPage(packageRoot(), pageDirectory());
