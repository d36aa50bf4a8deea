import type { TraceReport } from './check.ts';

/** The machine-readable outcome of a trace. Fields are only ever added to a version. */
export interface TraceJson extends TraceReport {
  readonly schema: 'hartproof.trace/1';
  readonly file: string;
  /** Whether the last line was cut off, and left out. */
  readonly torn: boolean;
}

export const toJson = (file: string, torn: boolean, report: TraceReport): TraceJson => ({
  schema: 'hartproof.trace/1',
  file,
  torn,
  ...report,
});
