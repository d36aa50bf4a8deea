import { existsSync, readFileSync } from 'node:fs';
import { findingsInJson, findingsOf, linesOf } from '../explorer/findings-file.ts';
import type { CodeFile } from '../explorer/session/code.ts';
import { FINDINGS_FILE, type FindingsFile, type Found, findingNamed } from '../explorer/session/found.ts';
import { byCause } from '../findings/finding.ts';
import type { Report } from '../findings/report.ts';
import { namedIn } from '../findings/token.ts';
import { didYouMean } from '../outside/no-such.ts';
import { readText as readWhole } from '../outside/read-file.ts';
import { UsageError } from './exit.ts';
import { lastReports, findingNamed as namedInReports } from './last-report.ts';
import { say } from './output.ts';

/** What the page starts with: the end of its address, and files beside it. */
export interface Start {
  readonly link: string;
  readonly files: readonly (readonly [name: string, text: string])[];
}

interface Options {
  readonly store: string;
  readonly build?: string;
  readonly source?: string;
  readonly withLines?: true;
}

/** A finding of the last report; undefined if none has that name. Throws a UsageError if several have. */
export function startWithFinding(name: string, options: Options): Start | undefined {
  const reports = lastReports(options.store) ?? [];
  if (reports.every(({ findings }) => namedIn(byCause(findings), name).length === 0)) return undefined;
  const { findings, report } = namedInReports(name, options.store);
  const file = findingsOf(report);
  const { id } = findings[0]!;
  return startOf(file, file.findings.find((one) => one.id === id)!, codeOf(report, options));
}

/** A finding of a file that `hartproof audit --json` wrote: `audit.json#hp:1c3cdf`, or the number of its cause; without a name, its first. */
export async function startWithJson(what: string, options: Options): Promise<Start> {
  const [path = '', name = ''] = what.split(/#(.*)/s);
  let file: FindingsFile;
  try {
    file = findingsInJson(readWhole(path));
  } catch (error) {
    throw new UsageError(`cannot open the findings of ${path}: ${(error as Error).message}`);
  }
  if (file.findings.length === 0)
    throw new UsageError(`${path} has no finding to open: nothing was found to be violated`);
  const numbered = /^\d{1,3}$/.test(name) ? byCause(file.findings)[Number(name) - 1]?.[0] : undefined;
  const finding = numbered ?? findingNamed(file, name);
  if (finding === undefined) {
    const like = didYouMean(
      name,
      file.findings.flatMap(({ token, id }) => [token, id]),
    );
    throw new UsageError(
      `there is no finding ${name} in ${path}${like}: it has ${file.findings.map(({ token }) => token).join(', ')}`,
    );
  }
  if (options.withLines)
    say(`${path} has no lines of the C in it: hartproof explore N --with-lines takes them from the last report`);
  const code = options.build === undefined && options.source === undefined ? await textOfDriver(file.driver) : [];
  return startOf(file, finding, code);
}

const startOf = (file: FindingsFile, { token }: Found, code: readonly CodeFile[]): Start => ({
  link: `#finding=${token}`,
  files: [[FINDINGS_FILE, JSON.stringify({ ...file, ...(code.length > 0 && { code }) })]],
});

/** The C that a page may show: served, the file as it is now, where the lines that the report names are still its own. */
function codeOf(report: Report, { build, source, withLines }: Options): CodeFile[] {
  if (source !== undefined) return [];
  const lines = linesOf(report);
  if (build !== undefined) return withLines ? lines : [];
  return lines.map((file) => {
    const text = readText(file.path);
    const now = text?.split('\n');
    const isSame = Object.entries(file.lines ?? {}).every(([number, line]) => now?.[Number(number) - 1] === line);
    return text !== undefined && isSame ? { path: file.path, text } : file;
  });
}

/** The driver of a report as it is now, where its name is that of a file. */
const textOfDriver = async (driver: string): Promise<CodeFile[]> =>
  driver.endsWith('.c') && existsSync(driver) ? codeIn(driver) : [];

/** The C that a user names: a file, or what a patch or a tree has of a driver. Throws a UsageError where there is none. */
export async function codeIn(path: string): Promise<CodeFile[]> {
  const text = path.endsWith('.c') ? readText(path) : undefined;
  if (text !== undefined) return [{ path, text }];
  const { readSource } = await import('../subject/source.ts');
  try {
    const { parts = [], ...main } = await readSource(path);
    return [main, ...parts].map(({ path: file, text: whole }) => ({ path: file, text: whole }));
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
