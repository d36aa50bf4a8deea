import type { Report } from '../findings/report.ts';
import type { Detail } from '../findings/rows.ts';
import { summaryText } from './terminal/summary.ts';
import { columns } from './terminal/table.ts';
import { wholeText } from './terminal/whole.ts';

export interface TextOptions {
  /** How finely counterexamples are shown; default `callbacks`. */
  readonly detail?: Detail;
  /** Every finding whole, with its counterexamples, and every table; default: a line for each cause, if there are several. */
  readonly all?: boolean;
  /** Columns of the terminal; default: as many as standard output has, else 80. */
  readonly width?: number;
}

/** A report for a terminal: what was found in a line each, and what every property came to; or all of it. @public */
export function toText(
  report: Report,
  { detail = 'callbacks', all = false, width = columns() }: TextOptions = {},
): string {
  const causes = new Set(report.findings.map(({ cause }) => cause)).size;
  return all || causes < 2 ? wholeText(report, detail, width) : summaryText(report, width);
}
