import { NoSubject } from '../compiler.ts';
import { auditOnGround, type GroundAudit } from './audit.ts';
import { buildOnGround } from './build.ts';

/** How far one driver comes on its ground, and what was found. */
export interface Row {
  readonly file: string;
  /** Undefined: it does not compile. */
  readonly audit: GroundAudit | undefined;
  /** Why it does not compile. */
  readonly why: string | undefined;
}

/** The table says what there is, and not how busy the machine was. */
const PATIENCE = 600_000;

/** Tries one driver of a tree as far as it comes. */
export async function tryDriver(file: string, tree: string): Promise<Row> {
  try {
    const build = await buildOnGround(`${tree}/${file}`, tree);
    return { file, audit: await auditOnGround(build, { milliseconds: PATIENCE }), why: undefined };
  } catch (error) {
    if (!(error instanceof NoSubject)) throw error;
    return { file, audit: undefined, why: error.message };
  }
}

/** Whether any event of a driver was added, so that there was something to search: more than one alone, and its binding. */
const isSearched = ({ audit }: Row): boolean => audit !== undefined && audit.searched.length > 2;

const HEAD = ['file', 'compiles', 'registers', 'searched', 'violated'];

/** What a driver comes to, as the cells of its row. */
export function rowOf(row: Row): string[] {
  const { file, audit, why } = row;
  const name = file.replace('drivers/perf/', '').replace(/\.c$/, '');
  if (audit === undefined) return [name, cell(why!.replace(/^.*does not compile with [\d.]+: /, '')), '', '', ''];
  if (audit.pmu === undefined) return [name, 'yes', cell(audit.unbound!), '', ''];
  const states = audit.searched.reduce((sum, one) => sum + one.states, 0);
  const found = audit.findings.map(
    ({ property, core, isOnRv32 }) =>
      `${property.id}${core === undefined ? '' : ` (${core}+)`}${isOnRv32 ? ' (RV32)' : ''}`,
  );
  const search = isSearched(row) ? `${states} states` : 'it accepts no event of a device that nobody described';
  return [name, 'yes', cell(audit.pmu.name), search, [...new Set(found)].join(', ') || 'none'];
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replace(/\s+/g, ' ');

/** A table in Markdown, its columns as wide as they need be: the first row is the head. Returns its lines. */
export function markdownTable(rows: readonly (readonly string[])[]): string[] {
  const [head = [], ...others] = rows;
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((text, column) => text.padEnd(widths[column]!)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...others.map(line)];
}

/** The page of all drivers of a tree (docs/drivers.md). */
export function pageOf(all: readonly Row[], version: string): string {
  const compiled = all.filter(({ audit }) => audit !== undefined).length;
  const bound = all.filter(({ audit }) => audit?.pmu !== undefined).length;
  const searched = all.filter(isSearched).length;
  return [
    '# The drivers of Linux, on their ground',
    '',
    `What \`hartproof audit --source drivers/perf/NAME.c --tree LINUX\` comes to for each file of drivers/perf in`,
    `Linux ${version}, with nothing written for any of them. Of ${all.length} files ${compiled} compile, ${bound} register a PMU, and ${searched}`,
    'are searched. `npm run drivers -- LINUX` writes this page.',
    '',
    'What each finding is, and that it was checked by hand, is in `test/subject/ground/judged.json`.',
    '',
    ...markdownTable([HEAD, ...all.map(rowOf)]),
    '',
  ].join('\n');
}
