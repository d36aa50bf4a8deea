import type { Counterexample, Finding, Step } from './finding.ts';
import type { Report } from './report.ts';
import type { Place } from './trace.ts';

/** A counterexample as data: its rows for each detail, without the states that its pictures are drawn from. */
interface KeptLog extends Omit<Counterexample, 'steps' | 'trace' | 'seen' | 'pmu'> {
  readonly callbacks: readonly Step[];
  readonly rows: readonly Step[];
}

interface KeptFinding extends Omit<Finding, 'counterexamples'> {
  readonly counterexamples: readonly KeptLog[];
}

/** A report as data that `show` makes a report of again: what a person reads, not what machines do. */
export interface KeptReport
  extends Omit<Report, 'findings' | 'suites' | 'json' | 'lineAt' | 'textAt' | 'fixes' | 'again'> {
  readonly findings: readonly KeptFinding[];
  /** The lines of the driver's own text that places name: by file and line. */
  readonly lines: Readonly<Record<string, string>>;
}

const keyOf = (file: string | undefined, line: number): string => `${file ?? ''}:${line}`;

/** A report to be kept. */
export function keptOf({
  suites: _suites,
  json: _json,
  again: _again,
  textAt: _textAt,
  fixes: _fixes,
  lineAt,
  ...report
}: Report): KeptReport {
  const lines: Record<string, string> = {};
  const note = (place: Place | undefined): void => {
    const text = place === undefined ? undefined : lineAt?.(place.file, place.lines[0]);
    if (text !== undefined) lines[keyOf(place!.file, place!.lines[0])] = text;
  };
  const findings = report.findings.map((finding): KeptFinding => {
    note(finding.place);
    return { ...finding, counterexamples: finding.counterexamples.map((log) => keptLog(log, note)) };
  });
  return { ...report, findings, lines };
}

function keptLog(
  { steps, trace: _trace, seen: _seen, pmu: _pmu, ...log }: Counterexample,
  note: (place?: Place) => void,
): KeptLog {
  const [callbacks, rows] = [steps('callbacks'), steps('facts')];
  for (const { place } of [...callbacks, ...rows]) note(place);
  return { ...log, callbacks, rows };
}

/** A report that was kept. It makes no test suites and no JSON: those were written when it was made. */
export const reportFrom = ({ lines, findings, ...report }: KeptReport): Report => ({
  ...report,
  findings: findings.map((finding) => ({
    ...finding,
    counterexamples: finding.counterexamples.map(({ callbacks, rows, ...log }) => ({
      ...log,
      steps: (detail) => (detail === 'facts' ? rows : callbacks),
    })),
  })),
  lineAt: (file, line) => lines[keyOf(file, line)],
  suites: () => [],
  json: () => undefined,
});
