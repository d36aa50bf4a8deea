import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { VERSION } from '../version.ts';
import { modelledDigests } from './machine-digests.ts';

/** Builds the page from its sources into a directory, which is emptied first. Needs esbuild, which only a checkout has. */
export async function buildPage(root: string, directory: string): Promise<void> {
  const page = join(root, 'src/explorer/page');
  const noNode = join(page, 'no-node.ts');
  await rm(directory, { recursive: true, force: true });
  const { metafile } = await build({
    entryPoints: ['main.tsx', 'search-worker.ts', 'question-worker.ts', 'draw-worker.ts', 'trace-worker.ts'].map(
      (name) => join(page, name),
    ),
    outdir: directory,
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2023',
    minify: true,
    metafile: true,
    logLevel: 'warning',
    chunkNames: '[name]-[hash]',
    define: {
      HARTPROOF_VERSION: JSON.stringify(VERSION),
      'process.env.HARTPROOF_MEMORY': 'undefined',
      'process.availableMemory': 'undefined',
    },
    jsx: 'automatic',
    jsxImportSource: 'preact',
    // A page has no disk, and never asks for it.
    external: ['*/disk/disk-search.ts'],
    alias: Object.fromEntries(['os', 'events', 'util', 'v8', 'worker_threads'].map((name) => [`node:${name}`, noNode])),
  });
  await mkdir(directory, { recursive: true });
  for (const name of ['index.html', 'page.css', 'recording.css']) await cp(join(page, name), join(directory, name));
  await writeFile(join(directory, 'digests.json'), JSON.stringify(modelledDigests()));
  await writeFile(join(directory, 'licences.txt'), await licences(root, Object.keys(metafile.inputs)));
}

/** What the libraries in the page want to be said with them. */
async function licences(root: string, inputs: readonly string[]): Promise<string> {
  const packages = new Set(inputs.flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []));
  const texts = [...packages].sort().map(async (name) => {
    const text = await readFile(join(root, 'node_modules', name, 'LICENSE'), 'utf8').catch(() => 'MIT\n');
    return `${name}\n\n${text}`;
  });
  return (await Promise.all(texts)).join('\n---\n\n');
}
