import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UNDONE } from '../test/subject/ground/history/rules.ts';
import { pageOf, type Row, tryFix } from '../test/subject/ground/history/table.ts';
import { UndoingTree } from '../test/subject/ground/history/undo.ts';

/**
 * `npm run history -- TREE [TREE-6.1]`: undoes known fixes of drivers in kernel trees, one after the other, and writes to
 * docs/history.md what is found of each. test/subject/ground/history holds that page against what the drivers come to.
 */
const [tree, older] = process.argv.slice(2);
if (tree === undefined) {
  console.error('usage: npm run history -- TREE [TREE-6.1]');
  process.exit(2);
}
const trees = { '6.12': new UndoingTree(tree), '6.1': older === undefined ? undefined : new UndoingTree(older) };
const rows: Row[] = [];
try {
  for (const fix of UNDONE) {
    const undoing = trees[fix.tree ?? '6.12'];
    if (undoing === undefined) continue;
    rows.push(await tryFix(undoing, fix));
    process.stderr.write(`${rows.length} of ${UNDONE.length}: ${fix.title}\n`);
  }
} finally {
  for (const undoing of Object.values(trees)) undoing?.remove();
}
writeFileSync(join(dirname(fileURLToPath(import.meta.url)), 'history.md'), pageOf(rows));
