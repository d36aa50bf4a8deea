import { EXIT, orUsage, positive, UsageError } from './exit.ts';
import { FORMATS, filesAsked, type ReportAsked, reportOutputs, writeAll } from './formats.ts';
import { interruptible } from './interrupt.ts';
import { orNoSubject } from './source.ts';
import { statusLine } from './status.ts';

/** The options of an audit that mean something for any driver's C. */
export interface GroundAsked extends ReportAsked, Partial<Record<keyof typeof FORMATS, string>> {
  readonly source?: string;
  readonly tree?: string;
  readonly shim?: string;
  readonly define?: string[];
  readonly undefine?: string[];
  readonly property?: string[];
  readonly limit?: string;
}

/** The first tree whose headers serve; a source of an older one is compiled with the header of ours. */
const SINCE = [5, 10] as const;

/** The kernel tree with whose headers a source is to be compiled: the one that is given, or in which it lies. */
export async function treeFor({ source, tree, shim }: GroundAsked): Promise<string | undefined> {
  if (source === undefined || !source.endsWith('.c') || shim !== undefined) return undefined;
  const { readTree, treeAround } = await import('../subject/ground/tree.ts');
  const found = tree === undefined ? treeAround(source) : orUsage(() => readTree(tree));
  if (found === undefined) return undefined;
  const { major, minor, root } = found;
  return major > SINCE[0] || (major === SINCE[0] && minor >= SINCE[1]) ? root : undefined;
}

/** Audits any driver's C with the headers of a kernel tree, and reports. Returns the exit status. */
export async function runGround(tree: string, options: GroundAsked): Promise<number> {
  const { buildOnGround } = await import('../subject/ground/build.ts');
  const { auditOnGround } = await import('../subject/ground/audit.ts');
  const { GROUND_PROPERTIES } = await import('../subject/ground/properties/index.ts');
  const properties = options.property?.map((id) => {
    const found = GROUND_PROPERTIES.find((one) => one.id === id);
    if (found === undefined)
      throw new UsageError(
        `there is no property ${id} of any driver: ${GROUND_PROPERTIES.map((one) => one.id).join(', ')}`,
      );
    return found;
  });
  const states = options.limit === undefined ? undefined : positive('limit', options.limit);
  const files = await filesAsked(FORMATS, options);
  const status = statusLine();
  return await interruptible(async (signal) => {
    const audit = await orNoSubject(async () => {
      status.show(() => 'compiling');
      const build = buildOnGround(options.source!, tree, { defines: options.define ?? [] });
      return auditOnGround(build, {
        ...(properties && { properties }),
        ...(states !== undefined && { states }),
        signal,
        onProgress: (scope, found) => status.show(() => `${scope}: ${found.toLocaleString('en')} states`),
      });
    });
    status.clear();
    const open = [...audit.verdicts.values()].some(({ verdict }) => verdict === 'bounded');
    const isPass = audit.findings.length === 0 && !open;
    const { reportOf } = await import('../audit/ground/report.ts');
    return await writeAll(
      [...reportOutputs(options), ...files],
      [reportOf(audit)],
      isPass ? EXIT.clean : EXIT.findings,
    );
  });
}
