// What tsc leaves to be done: the code, as few files; files that are no TypeScript; and the page of the explorer.
import { chmodSync, copyFileSync, mkdirSync } from 'node:fs';
import { bundle } from './bundle.ts';
import { pageDirectory } from './explorer/files.ts';
import { packageRoot } from './outside/package-root.ts';

const root = packageRoot();
await bundle(root);
mkdirSync('dist/src/reports/html', { recursive: true });
for (const file of ['page.css', 'script.js']) copyFileSync(`src/reports/html/${file}`, `dist/src/reports/html/${file}`);
chmodSync('dist/src/cli/main.js', 0o755);
// As built: the page says by which machines a log was made, and their digest is of the text of their code.
const { buildPage }: typeof import('./explorer/build.ts') = await import(`${root}/dist/src/explorer/build.js`);
await buildPage(root, pageDirectory());
