import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { byCause } from '../findings/finding.ts';
import { type KeptReport, keptOf, reportFrom } from '../findings/kept.ts';
import type { Report } from '../findings/report.ts';
import { type Named, namedIn, tokenOf } from '../findings/token.ts';
import { makeDirectory } from '../outside/make-directory.ts';
import { didYouMean } from '../outside/no-such.ts';
import { writeFileAtomically } from '../outside/write-file.ts';
import { UsageError } from './exit.ts';
import { say } from './output.ts';

const SCHEMA = 'hartproof.report/1';

const fileIn = (directory: string): string => join(directory, 'report.json');

/** Where this command has kept its reports. */
const kept = new Set<string>();

/** Whether this command's own reports are those that `show 1` and `explore 1` speak of. */
export const isKept = (directory: string): boolean => kept.has(directory);

/** Keeps the reports of a command, as those that `show` speaks of. What cannot be kept is no reason to lose a report: it is said, and no older one stays. */
export function keepReports(reports: readonly Report[], directory: string): void {
  try {
    makeDirectory(directory);
    const text = JSON.stringify({ schema: SCHEMA, reports: reports.map(keptOf) });
    writeFileAtomically(fileIn(directory), [text]);
    kept.add(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    say(`the report is not kept for hartproof show: ${(error as Error).message}${forget(directory)}`);
  }
}

/** Removes the report of an earlier command, which would be taken for the last; says so if it stays. */
function forget(directory: string): string {
  try {
    rmSync(fileIn(directory), { force: true });
    return '';
  } catch {
    return `; ${fileIn(directory)} is of an earlier command`;
  }
}

/** The reports of the last command that kept some; undefined if there are none. Throws a UsageError if they cannot be read. */
export function lastReports(directory: string): Report[] | undefined {
  const file = fileIn(directory);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new UsageError(`cannot read ${file}: ${(error as Error).message}`);
  }
  try {
    const { schema, reports } = JSON.parse(text) as { schema?: unknown; reports: readonly KeptReport[] };
    if (schema === SCHEMA) return reports.map(reportFrom);
  } catch {}
  throw new UsageError(`${file} is no report of this version: audit again`);
}

/** A finding that a person named, and the report that it is of. */
export interface NamedFinding extends Named {
  readonly report: Report;
}

/**
 * The one cause that a name means, in the reports that were kept last. Throws a UsageError if there is none, with a name like
 * it, or if there are several.
 */
export function findingNamed(name: string, directory: string): NamedFinding {
  const reports = lastReports(directory);
  if (reports === undefined)
    throw new UsageError(
      `there is no finding ${name}: no report is kept in ${directory} yet (hartproof audit keeps its own)`,
    );
  const found = reports.flatMap((report) =>
    namedIn(byCause(report.findings), name).map((named) => ({ ...named, report })),
  );
  const [first, ...others] = found;
  if (first === undefined) {
    const known = reports.flatMap(({ findings }) => findings.flatMap(({ id, rule }) => [id, rule.id]));
    if (known.length === 0) throw new UsageError(`there is no finding ${name}: the last report has none`);
    const like = didYouMean(name, [...known.map(tokenOf), ...known]);
    throw new UsageError(`there is no finding ${name}${like} in the last report: hartproof show lists them`);
  }
  if (others.length > 0)
    throw new UsageError(
      `${name} is the beginning of several: ${found.map(({ findings }) => `${tokenOf(findings[0]!.id)} (${findings[0]!.id})`).join(', ')}`,
    );
  return first;
}
