import { isAbsolute, resolve } from 'node:path';
import type {
  ArtifactLocation,
  Invocation,
  Location,
  Log,
  Message,
  ReportingDescriptor,
  Result,
  ThreadFlowLocation,
} from 'sarif';
import { type Counterexample, type Finding, type Rule, stepText } from '../findings/finding.ts';
import type { Report } from '../findings/report.ts';
import { tokenOf } from '../findings/token.ts';
import type { Place } from '../findings/trace.ts';
import { pathToUri } from '../outside/escape.ts';
import { VERSION } from '../version.ts';

const LEVEL = { high: 'error', medium: 'warning', low: 'note' } as const;

/** The file that source lines without one are counted in, relative to the root of a kernel tree. */
const POSTED_FILE = 'arch/riscv/kernel/perf_event.c';

/**
 * A report as SARIF 2.1.0 (a static analysis log, as GitHub and editors read it): a rule for each property, a result for each
 * finding at its place in the C, and its counterexamples as code flows. What was cut short is a warning of the run.
 *
 * @public
 */
export function toSarif({ command, subject, rules, findings, reservations }: Report): Log {
  const ids = rules.map(({ id }) => id);
  return {
    version: '2.1.0',
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    runs: [
      {
        tool: { driver: { name: 'Hartproof', version: VERSION, rules: rules.map(ruleOf) } },
        automationDetails: { id: `hartproof/${command}/${subject}/` },
        columnKind: 'utf16CodeUnits',
        invocations: [invocationOf(reservations)],
        results: findings.map((finding) => resultOf(finding, ids.indexOf(finding.rule.id), subject)),
      },
    ],
  };
}

/** A message of plain text: what comes from outside in it makes no link (`[text](target)`). */
const messageOf = (text: string): Message => ({ text: text.replaceAll('](', '\\](') });

/** An invocation with a warning for each thing that was not searched to its end. */
const invocationOf = (reservations: readonly string[]): Invocation => ({
  executionSuccessful: true,
  ...(reservations.length > 0 && {
    toolExecutionNotifications: reservations.map((text) => ({ level: 'warning' as const, message: messageOf(text) })),
  }),
});

const ruleOf = ({ id, statement, consequence, severity, source }: Rule): ReportingDescriptor => ({
  id,
  shortDescription: { text: statement },
  fullDescription: { text: consequence },
  help: { text: [`${statement}.`, consequence, ...(source === '' ? [] : [`Source: ${source}.`])].join('\n\n') },
  defaultConfiguration: { level: LEVEL[severity] },
});

function resultOf(finding: Finding, ruleIndex: number, subject: string): Result {
  const { id, rule, cause, where, reach, reachable, remarks, sides = [], instead, again, known, isNote } = finding;
  const flows = finding.counterexamples
    .map((one) => ({ one, flow: flowOf(one) }))
    .filter(({ flow }) => flow.length > 0);
  const text = [
    `${rule.statement}: violated.`,
    `${cause}${where === '' ? '' : ` (${where})`}.`,
    reach,
    rule.consequence,
    ...remarks,
    ...sides.map(([side, value]) => `${side}: ${value}.`),
    ...(instead === undefined ? [] : [`Instead: ${instead}.`]),
    ...(again === undefined ? [] : [`${again}.`]),
  ];
  return {
    ruleId: rule.id,
    ruleIndex,
    level: reachable && isNote === undefined ? LEVEL[rule.severity] : 'note',
    message: messageOf(text.filter((sentence) => sentence !== '').join(' ')),
    // Where no line is to blame, the result stands where the fault shows; where no tool can tell, the file stands for it.
    locations: [
      finding.place
        ? locationOf(finding.place)
        : (flows[0]?.flow.at(-1)?.location ?? locationOf({ file: subject, function: '', lines: [1, 1] })),
    ],
    partialFingerprints: { 'hartproofFinding/v1': id },
    ...(flows.length > 0 && {
      codeFlows: flows.map(({ one: { title, scope }, flow }) => ({
        message: messageOf(`${title}: ${scope}.`),
        threadFlows: [{ locations: flow }],
      })),
    }),
    ...(known !== undefined && { baselineState: known ? ('unchanged' as const) : ('new' as const) }),
    properties: { ...finding.properties, token: tokenOf(id) },
  };
}

/**
 * A counterexample, step by step, along the lines of the C. What happens outside the driver (time, another owner) has no line:
 * it is told with the next step that has one.
 */
function flowOf({ steps, ending }: Counterexample): ThreadFlowLocation[] {
  const flow: ThreadFlowLocation[] = [];
  let before: string[] = [];
  let last: Place | undefined;
  const all = steps('facts');
  for (const [position, step] of all.entries()) {
    const { place, changed, violates } = step;
    const after = changed.length === 0 ? '.' : `; ${changed.join(', ')}.`;
    before.push(`${stepText(step)}${after}${violates ? ` Here: ${ending}` : ''}`);
    last = place ?? last;
    if (last === undefined || (place === undefined && position < all.length - 1)) continue;
    flow.push({
      executionOrder: flow.length,
      importance: violates ? 'essential' : 'important',
      location: { ...locationOf(last), message: messageOf(before.join(' Then ')) },
    });
    before = [];
  }
  return flow;
}

/** A place in the C; its function is left out where it is not known. */
const locationOf = ({ function: name, lines: [startLine, endLine], file = POSTED_FILE }: Place): Location => ({
  physicalLocation: { artifactLocation: artifactOf(file), region: { startLine, endLine } },
  ...(name !== '' && { logicalLocations: [{ name, kind: 'function' }] }),
});

/** A file: under the root of the sources, which is where the tool runs or the tree of a patch, unless it lies elsewhere. */
const artifactOf = (file: string): ArtifactLocation =>
  isAbsolute(file) || file.startsWith('../')
    ? { uri: `file://${pathToUri(resolve(file))}` }
    : { uri: pathToUri(file), uriBaseId: '%SRCROOT%' };
