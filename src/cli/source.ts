import type { SourceAudit } from '../subject/index.ts';
import { UsageError } from './exit.ts';
import { say } from './output.ts';

/** How the C of a driver is read and compiled: the options that say so. */
export interface SourceOptions {
  readonly header?: string;
  readonly tree?: string;
  readonly shim?: string;
  readonly define?: string[];
  readonly undefine?: string[];
  /** Every plain access of an open or a close to the driver's data is a scheduling point too. */
  readonly everyAccess?: true;
}

/** Reads and compiles the C of a driver. Throws `NoSubject` or a RangeError where that cannot be: see {@link orNoSubject}. */
export async function buildSource(
  path: string,
  { header, tree, everyAccess, ...settings }: SourceOptions,
): Promise<SourceAudit> {
  const { build, readSource, SourceAudit } = await import('../subject/index.ts');
  const text = await readSource(path, { ...(header !== undefined && { header }), ...(tree !== undefined && { tree }) });
  for (const note of text.notes) say(note);
  return new SourceAudit(build(text, settingsOf(settings)), everyAccess);
}

/** What the compiler is told. */
export const settingsOf = ({ shim, define, undefine }: Pick<SourceOptions, 'shim' | 'define' | 'undefine'>) => ({
  ...(shim !== undefined && { shim }),
  ...(define !== undefined && { defines: define }),
  ...(undefine !== undefined && { undefines: undefine }),
});

/** A driver that cannot be run here is for the user to mend. */
export async function orNoSubject<T>(action: () => Promise<T>): Promise<T> {
  const { NoSubject } = await import('../subject/index.ts');
  try {
    return await action();
  } catch (error) {
    if (error instanceof NoSubject || error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
}
