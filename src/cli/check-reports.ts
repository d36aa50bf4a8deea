import type { Report } from '../findings/report.ts';
import type { Checked } from './checker.ts';

/** Where no driver is touched: what tools can read, with nothing in it. */
const NOTHING: Report = {
  ...{
    command: 'check',
    subject: 'no driver',
    title: 'no driver',
    summary: [],
    reservations: [],
    notes: [],
    legend: [],
  },
  ...{ rules: [], findings: [], tables: [], closing: [], suites: () => [], json: () => undefined },
};

/**
 * A report on each driver as the last of some commits leaves it. A finding is known, as in a baseline, unless one of the commits
 * brought it.
 */
export function reportsOf(done: readonly Checked[]): Report[] {
  const fresh = new Map<string, Set<string>>();
  const last = new Map<string, Report>();
  for (const { compared, text, report } of done.flatMap(({ drivers }) => drivers)) {
    const { path, findings } = compared;
    const brought = fresh.get(path) ?? new Set();
    for (const { finding, state } of findings) if (state === 'new') brought.add(finding.id);
    fresh.set(path, brought);
    const textAt = (name: string | undefined): string | undefined => (name === path ? text : undefined);
    if (text === undefined) last.delete(path);
    else last.set(path, { ...report, command: 'audit', subject: path, textAt });
  }
  const reports = [...last].map(([path, report]) => ({
    ...report,
    findings: report.findings.map((finding) => ({ ...finding, known: !fresh.get(path)!.has(finding.id) })),
  }));
  return reports.length === 0 ? [NOTHING] : reports;
}
