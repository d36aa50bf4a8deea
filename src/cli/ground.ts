import { severalRuns } from '../reports/several.ts';
import type { GroundAudit } from '../subject/ground/audit.ts';
import { EXIT, orUsage, positive, UsageError } from './exit.ts';
import { filesAsked, type Output, writeAll } from './formats.ts';
import { interruptible } from './interrupt.ts';
import { write } from './output.ts';
import { orNoSubject } from './source.ts';
import { statusLine } from './status.ts';

/** The options of an audit that mean something for any driver's C. */
export interface GroundAsked {
  readonly source?: string;
  readonly tree?: string;
  readonly shim?: string;
  readonly define?: string[];
  readonly undefine?: string[];
  readonly property?: string[];
  readonly limit?: string;
  readonly json?: string | true;
  readonly sarif?: string;
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

const GROUND_FORMATS = {
  sarif: {
    describe: 'write SARIF 2.1.0',
    load: async () => {
      const { toGroundSarif } = await import('../audit/ground/sarif.ts');
      return (audit: GroundAudit) => `${JSON.stringify(toGroundSarif(audit), null, 2)}\n`;
    },
    several: severalRuns,
  },
} as const;

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
  const files = await filesAsked(GROUND_FORMATS, options);
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
    return await writeAll([...reports(options), ...files], [audit], isPass ? EXIT.clean : EXIT.findings);
  });
}

/** The report on standard output, and the JSON. */
function reports({ json }: GroundAsked): Output<GroundAudit>[] {
  const outputs: Output<GroundAudit>[] = [];
  if (json !== true)
    outputs.push(async ([audit]) => {
      const { groundReport } = await import('../audit/ground/report.ts');
      await write(undefined, groundReport(audit!));
    });
  if (json !== undefined)
    outputs.push(async ([audit]) => {
      const { toGroundJson } = await import('../audit/ground/json.ts');
      await write(json === true ? undefined : json, `${JSON.stringify(toGroundJson(audit!), null, 2)}\n`);
    });
  return outputs;
}
