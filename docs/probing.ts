import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Probing, probeUnderFailure, probingPage } from '../src/subject/ground/probing.ts';
import { driversOf, readTree } from '../src/subject/ground/tree.ts';

/**
 * `npm run probing -- TREE`: fails each call of init and probe of every driver that registers, and writes what is left then to
 * docs/probing.md. test/subject/ground/probing.test.ts holds that page against what the drivers do.
 */
const [directory] = process.argv.slice(2);
if (directory === undefined) {
  console.error('usage: npm run probing -- TREE');
  process.exit(2);
}
const tree = readTree(directory);
const all: Probing[] = [];
for (const file of [...driversOf(tree), 'arch/csky/kernel/perf_event.c']) {
  const probing = await probeUnderFailure(file, tree.root);
  process.stderr.write(`${file}: ${probing === undefined ? 'is not bound' : `${probing.failed} calls`}\n`);
  if (probing !== undefined) all.push(probing);
}
writeFileSync(join(dirname(fileURLToPath(import.meta.url)), 'probing.md'), probingPage(all, tree.version));
