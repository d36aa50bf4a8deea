import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pageOf, type Row, tryDriver } from '../src/subject/ground/table.ts';
import { driversOf, readTree } from '../src/subject/ground/tree.ts';

/**
 * `npm run drivers -- TREE`: tries every file of drivers/perf in a kernel tree, and writes how far each comes to docs/drivers.md.
 * test/subject/ground/judged.test.ts holds that page against what the drivers come to.
 */
const [directory] = process.argv.slice(2);
if (directory === undefined) {
  console.error('usage: npm run drivers -- TREE');
  process.exit(2);
}
const tree = readTree(directory);
const files = driversOf(tree);

const rows: Row[] = [];
for (const file of files) {
  rows.push(await tryDriver(file, tree.root));
  process.stderr.write(`${rows.length} of ${files.length}: ${file}\n`);
  for (const { property, text, place } of rows.at(-1)?.audit?.findings ?? [])
    process.stderr.write(`  ${property.id} in ${place?.function ?? '?'}:${place?.line ?? '?'}: ${text}\n`);
}
writeFileSync(join(dirname(fileURLToPath(import.meta.url)), 'drivers.md'), pageOf(rows, tree.version));
