import type { ImportReport } from './import.ts';

/** The machine-readable outcome of a recording. Fields are only ever added to a version. */
export interface ImportJson extends ImportReport {
  readonly schema: 'hartproof.trace-import/1';
  readonly file: string;
}

export const toJson = (file: string, report: ImportReport): ImportJson => ({
  schema: 'hartproof.trace-import/1',
  file,
  ...report,
});
