import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { auditOnGround, type GroundFinding } from '../../../../src/subject/ground/audit.ts';
import { buildOnGround } from '../../../../src/subject/ground/build.ts';
import { GROUND_PROPERTIES } from '../../../../src/subject/ground/properties/index.ts';
import { markdownTable } from '../../../../src/subject/ground/table.ts';
import type { UndoneFix } from './rules.ts';
import { DRIVERS, type UndoingTree } from './undo.ts';

/** What a driver comes to in which a fix is undone. */
export interface Row {
  readonly fix: UndoneFix;
  /** A finding of the property that the driver as it is does not have; undefined if there is none. */
  readonly finding: GroundFinding | undefined;
  readonly seconds: number;
}

interface Judgement {
  readonly property: string;
  readonly function?: string;
  readonly core?: string;
  /** It is so on RV32 alone, which is searched only where nothing is found on RV64. */
  readonly xlen?: 32;
}
const judged = JSON.parse(readFileSync(join(import.meta.dirname, '../judged.json'), 'utf8')) as {
  drivers: Record<string, Judgement[]>;
};
/** How many findings of a property a driver of 6.12 has in a function as it is, under one core: judged.test.ts holds that. */
const knownIn = (file: string, one: GroundFinding): number =>
  (judged.drivers[`${DRIVERS}/${file}`] ?? []).filter(
    ({ property, function: where, core, xlen }) =>
      property === one.property.id && where === placeOf(one) && core === one.core && xlen === undefined,
  ).length;

/** Audits a driver with a fix undone, for the property that was named, until something is found that the driver as it is does not have. */
export async function tryFix(tree: UndoingTree, fix: UndoneFix): Promise<Row> {
  const started = performance.now();
  const found: GroundFinding[] = [];
  const stop = new AbortController();
  await tree.while(fix, async (file) =>
    auditOnGround(await buildOnGround(file, tree.root), {
      properties: GROUND_PROPERTIES.filter(({ id }) => id === fix.property),
      milliseconds: 600_000,
      signal: stop.signal,
      ...(fix.device && { device: fix.device }),
      onFinding: (finding) => {
        found.push(finding);
        if (isNew(fix, found, finding)) stop.abort();
      },
    }),
  );
  return { fix, finding: found.find((one) => isNew(fix, found, one)), seconds: (performance.now() - started) / 1000 };
}

const placeOf = ({ place }: GroundFinding): string | undefined => place?.function || undefined;
const isNew = ({ file, known }: UndoneFix, found: readonly GroundFinding[], one: GroundFinding): boolean =>
  found.filter((other) => placeOf(other) === placeOf(one) && other.core === one.core).length >
  (known ?? knownIn(file, one));

const HEAD = ['fix', 'commit', 'kind', 'driver', 'property', 'calls', 'seconds'];

/** The cells of a row; the last, how long it took, is of one machine. */
export function cellsOf({ fix, finding, seconds }: Row): string[] {
  const { title, commit = '', kind, file, property } = fix;
  const calls = finding === undefined ? `not found: ${fix.missed}` : `${finding.steps.length}`;
  return [title, commit, kind, file.replace(/\.c$/, ''), property, calls, seconds.toFixed(0)].map((cell) =>
    cell.replaceAll('|', '\\|').replaceAll('*', '\\*'),
  );
}

/** The page of all of them (docs/history.md). */
export function pageOf(rows: readonly Row[]): string {
  const found = rows.filter(({ finding }) => finding !== undefined).length;
  return [
    '# Fixes of drivers, undone',
    '',
    `${rows.length} fixes of PMU drivers that are part of Linux 6.12, each undone in the text of its driver, with the property that`,
    `was named beforehand: ${found} are found, and none of the texts as they are is accused of it.`,
    'What is replaced is in `test/subject/ground/history/rules.ts`, a few words of each text.',
    '',
    'Calls: how many lead to the violation, from a device that is bound (or the initcalls themselves). Seconds: from the file to the',
    'finding, with the compiler, on two busy cores. `npm run history -- LINUX [LINUX-6.1]` writes this page.',
    '',
    ...markdownTable([HEAD, ...rows.map(cellsOf)]),
    '',
  ].join('\n');
}
