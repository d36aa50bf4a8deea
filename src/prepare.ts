// What tsc leaves to be done: files that are no TypeScript, and the page of the explorer.
import { chmodSync, copyFileSync } from 'node:fs';
import { buildPage } from './explorer/build.ts';
import { pageDirectory } from './explorer/files.ts';
import { packageRoot } from './outside/package-root.ts';

for (const file of ['page.css', 'script.js']) copyFileSync(`src/reports/html/${file}`, `dist/src/reports/html/${file}`);
chmodSync('dist/src/cli/main.js', 0o755);
await buildPage(packageRoot(), pageDirectory());
