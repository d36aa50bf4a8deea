import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { GroundFinding } from '../../../src/subject/ground/audit.ts';
import { rowOf, tryDriver } from '../../../src/subject/ground/table.ts';
import { linuxTree } from './tree.ts';

interface Judgement {
  readonly property: string;
  /** Left out where the compiler tells a line, or nobody can tell. */
  readonly function?: string;
  readonly core?: string;
  /** It is so on RV32 alone. */
  readonly xlen?: 32;
  readonly why: string;
}

const { drivers } = JSON.parse(readFileSync(join(import.meta.dirname, 'judged.json'), 'utf8')) as {
  drivers: Record<string, Judgement[]>;
};
const tree = linuxTree();

const nameOf = ({ property, place, core, isOnRv32 }: GroundFinding): string =>
  [property.id, place?.function || 'nowhere', core, isOnRv32 && 'RV32'].filter(Boolean).join(' ');

/** The rows of docs/drivers.md, but for how many states were searched; why one does not compile hangs on what of a tree is there. */
const page = readFileSync(join(import.meta.dirname, '../../../docs/drivers.md'), 'utf8');
const rows: ReadonlyMap<string, string> = new Map(
  [...page.matchAll(/^\| (.*) \|$/gm)].slice(2).map(([, cells]) => {
    const row = cells!.split(/(?<!\\)\|/).map((cell) => cell.trim());
    return [`drivers/perf/${row[0]}.c`, plain(row)] as const;
  }),
);
function plain(row: readonly string[]): string {
  return row[1] === 'yes' ? row.join(' | ').replace(/\d+ states/, 'states') : `${row[0]} does not compile`;
}

/** Drivers of which no property is left open. */
const DECIDED = ['drivers/perf/riscv_pmu_legacy.c', 'drivers/perf/riscv_pmu_sbi.c'];

if (tree !== undefined) {
  // Those without a finding are asked where there is time.
  const asked = [...new Set([...Object.keys(drivers), ...rows.keys()])].filter(
    (file) => (drivers[file]?.length ?? 0) > 0 || process.env.HARTPROOF_ALL,
  );
  for (const file of asked)
    test(`${file}: it comes to what the table says, and what is found was judged by hand to be there`, async () => {
      const row = await tryDriver(file, tree);
      assert.equal(
        (row.audit?.findings ?? []).map(nameOf).sort(),
        (drivers[file] ?? [])
          .map(({ property, function: name = 'nowhere', core, xlen }) =>
            [property, name, core, xlen && 'RV32'].filter(Boolean).join(' '),
          )
          .sort(),
      );
      const told = rows.get(file);
      if (told !== undefined) assert.is(plain(rowOf(row)), told);
      const open = [...(row.audit?.verdicts ?? [])].filter(([, { verdict }]) => verdict === 'bounded');
      if (DECIDED.includes(file)) assert.equal(open, []);
    });
}

test.run();
