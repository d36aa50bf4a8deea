import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { linuxTree } from '../tree.ts';
import { UNDONE, type UndoneFix } from './rules.ts';
import { cellsOf, tryFix } from './table.ts';
import { UndoingTree } from './undo.ts';

/** Each known fix, undone in the text of the driver: the property that was named beforehand is violated. */
const page = readFileSync(join(import.meta.dirname, '../../../../docs/history.md'), 'utf8');
const untimed = (row: string): string => row.replace(/\s+/g, ' ').replace(/ \d+ \|$/, '');
const rows = new Set(page.split('\n').map(untimed));

for (const version of ['6.12', '6.1'] as const) {
  // That what is missed still is takes whole searches: it is asked only where there is time (`HARTPROOF_LONG=1`).
  const isAsked = ({ missed }: UndoneFix): boolean => missed === undefined || process.env.HARTPROOF_LONG === '1';
  const fixes = UNDONE.filter((fix) => (fix.tree ?? '6.12') === version && isAsked(fix));
  const tree = linuxTree(version);
  if (tree === undefined) continue;
  const undoing = new UndoingTree(tree);
  process.on('exit', () => undoing.remove());
  for (const fix of fixes)
    test(`${fix.file}: ${fix.title}`, async () => {
      const row = await tryFix(undoing, fix);
      assert.is(row.finding === undefined, fix.missed !== undefined, `${fix.property} is not violated`);
      const line = untimed(`| ${cellsOf(row).join(' | ')} |`);
      assert.ok(rows.has(line), `docs/history.md has no row ${line}`);
    });
}

test.run();
