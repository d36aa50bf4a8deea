import type { Environment, Model } from '../../models/index.ts';
import type { Result } from '../audit/audit.ts';
import type { Report } from '../findings/report.ts';
import type { Build, DriverSource, SourceAudit } from '../subject/index.ts';
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
  /** The kernel tree with whose headers it is compiled; without, with the one of ours. */
  readonly kernel?: string;
}

/** Reads and compiles the C of a driver. Throws `NoSubject` or a RangeError where that cannot be: see {@link orNoSubject}. */
export async function buildSource(path: string, options: SourceOptions): Promise<SourceAudit> {
  const { readSource } = await import('../subject/index.ts');
  return await compileSource(await readSource(path, whereOf(options)), options);
}

/** The same of all drivers of a source, of which a patch may have several. One that does not compile leaves none. */
export async function buildSources(path: string, options: SourceOptions): Promise<SourceAudit[]> {
  const { readSources } = await import('../subject/index.ts');
  const { sourceInTree } = await import('../subject/ground/own.ts');
  const built: SourceAudit[] = [];
  const sources = options.kernel === undefined ? await readSources(path, whereOf(options)) : [sourceInTree(path)];
  for (const source of sources) built.push(await compileSource(source, options));
  return built;
}

const whereOf = ({ header, tree }: SourceOptions) => ({
  ...(header !== undefined && { header }),
  ...(tree !== undefined && { tree }),
});

async function compileSource(
  source: DriverSource,
  { everyAccess, kernel, ...settings }: SourceOptions,
): Promise<SourceAudit> {
  const { build, SourceAudit } = await import('../subject/index.ts');
  for (const note of source.notes) say(note);
  try {
    return new SourceAudit(build(source, { ...settingsOf(settings), ...(kernel && { tree: kernel }) }), everyAccess);
  } catch (error) {
    throw await ofAnotherFamily(error, source, kernel, settings.tree);
  }
}

/** What ends a build; of a driver in a tree of today, or with one, what can be asked of it. */
async function ofAnotherFamily(
  error: unknown,
  { path }: DriverSource,
  kernel: string | undefined,
  named: string | undefined,
): Promise<unknown> {
  const { NoSubject } = await import('../subject/compiler.ts');
  const { serves, servingTree, treeAround } = await import('../subject/ground/tree.ts');
  if (!(error instanceof NoSubject) || kernel !== undefined) return error;
  const around = treeAround(path);
  const tree = around ?? (named === undefined ? undefined : servingTree(named));
  if (tree === undefined || !serves(tree)) return error;
  const where = around === undefined ? ` --tree ${named}` : '';
  // Of a driver of that family, what is wrong with it.
  const [why] = error.message.split(';');
  return new NoSubject(
    `${path}: this command asks the driver family of 2018 alone; any other driver is asked by hartproof audit --source ${path}${where}, or check, diff and mail (as one of that family: ${why})`,
  );
}

/** The audit of a compiled driver: what it came to, and as a report. Throws `NoSubject` if it does not boot; what `signal` cuts short is no pass. `onProgress`: how many searches are done, of how many. */
export async function auditOfSource(
  build: Build,
  models: readonly Model[],
  environments: readonly Environment[],
  signal: AbortSignal,
  onProgress: (done: number, all: number) => void = () => {},
): Promise<{ readonly results: readonly Result[]; readonly report: Report }> {
  const { SourceAudit } = await import('../subject/index.ts');
  const { compiled } = await import('../audit/compiled.ts');
  const { audit } = await import('../audit/audit.ts');
  const { violationsOf } = await import('../audit/violation.ts');
  const { reportOf } = await import('../audit/report.ts');
  const { withThreads } = await import('../subject/search-thread.ts');
  const subject = new SourceAudit(build);
  try {
    return await withThreads(async (threads) => {
      const target = compiled(subject, threads);
      const results = await audit({
        ...{ target, models, environments, signal },
        onProgress: (_model, _environment, _progress, done, all) => onProgress(done, all),
      });
      const report = reportOf({ target, results, findings: await violationsOf(results, target) });
      return { results, report };
    });
  } finally {
    subject.close();
  }
}

/** What the compiler is told. */
export const settingsOf = ({ shim, define, undefine }: Pick<SourceOptions, 'shim' | 'define' | 'undefine'>) => ({
  ...(shim !== undefined && { shim }),
  ...(define !== undefined && { defines: define }),
  ...(undefine !== undefined && { undefines: undefine }),
});

/** A driver that cannot be run here is for the user to mend. */
export async function orNoSubject<T>(action: () => Promise<T>): Promise<T> {
  const { NoSubject } = await import('../subject/compiler.ts');
  try {
    return await action();
  } catch (error) {
    if (error instanceof NoSubject || error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
}
