import type { Location, Log, ReportingDescriptor, Result, Run, ThreadFlowLocation } from 'sarif';
import { DRIVERS, type DriverName } from '../../machines/drivers.ts';
import { compose, PROPERTIES } from '../../models/index.ts';
import { type Property, rolesOf } from '../check/index.ts';
import type { Audited } from './audited.ts';
import { sourceOf, statesAlong } from './cause.ts';
import type { Finding } from './finding.ts';
import { narrate, type Row } from './narrate.ts';
import { stoppedText, summaryOf } from './summary.ts';
import { BREAKS, causeSource, causeText, placeText, reachText, toldLog } from './telling.ts';

/** The file that all source lines are counted in, relative to the root of a kernel tree. */
const DRIVER_FILE = 'arch/riscv/kernel/perf_event.c';

const LEVEL = { high: 'error', medium: 'warning', low: 'note' } as const;

type Source = NonNullable<ReturnType<typeof sourceOf>>;

/**
 * The findings as SARIF 2.1.0 (a static analysis log, as GitHub and editors read it): a rule for each promise, a result for each
 * finding at the lines of its cause, and its shortest log as a code flow along the driver's lines.
 */
export function toSarif(audited: Audited): Log {
  const { results, findings, driver, compared } = audited;
  const rules = PROPERTIES.filter(({ id }) => results.some(({ property }) => property === id)).map(ruleOf);
  const stopped = stoppedText(summaryOf(results, findings));
  const run: Run = {
    tool: { driver: { name: 'Hartproof', version: '0.1.0', rules } },
    automationDetails: { id: `hartproof/audit/${driver}/` },
    columnKind: 'utf16CodeUnits',
    invocations: [
      {
        executionSuccessful: true,
        ...(stopped !== undefined && {
          toolExecutionNotifications: [{ level: 'warning' as const, message: { text: stopped } }],
        }),
      },
    ],
    results: findings.map((finding) => ({
      ...resultOf(finding, driver, rules),
      ...(compared && { baselineState: compared.known.has(finding.id) ? ('unchanged' as const) : ('new' as const) }),
    })),
  };
  return { version: '2.1.0', $schema: 'https://json.schemastore.org/sarif-2.1.0.json', runs: [run] };
}

const ruleOf = ({ id, promise, consequence, severity, source }: Property): ReportingDescriptor => ({
  id,
  shortDescription: { text: promise },
  fullDescription: { text: consequence },
  help: { text: `${promise}.\n\n${consequence}\n\nSource: ${source}.` },
  defaultConfiguration: { level: LEVEL[severity] },
});

function resultOf(finding: Finding, driver: DriverName, rules: readonly ReportingDescriptor[]): Result {
  const { id, property, cause, userReachable, environments, models, shownIn } = finding;
  const flow = flowOf(finding, driver);
  const source = causeSource(cause);
  // A guard that is missing has no line: the result stands where its absence shows.
  const location = source ? locationOf(source) : flow.at(-1)!.location!;
  const text = [
    `${property.promise}: broken.`,
    `${causeText(cause)} (${placeText(cause)}).`,
    reachText(finding),
    property.consequence,
    ...(cause.kind === 'decision' ? [`Instead: ${cause.decision.instead}.`] : []),
  ].join(' ');
  return {
    ruleId: property.id,
    ruleIndex: rules.findIndex((rule) => rule.id === property.id),
    level: userReachable ? LEVEL[property.severity] : 'note',
    message: { text },
    locations: [location],
    partialFingerprints: { 'hartproofFinding/v1': id },
    codeFlows: [
      {
        message: { text: `The shortest way: ${shownIn.model.name}, ${shownIn.environment}.` },
        threadFlows: [{ locations: flow }],
      },
    ],
    properties: { findingId: id, userReachable, environments: [...environments], models: [...models] },
  };
}

/**
 * The log, fact by fact, along the lines of the C. What happens outside the driver (time, another owner) has no line:
 * it is told with the next step that has one.
 */
function flowOf(finding: Finding, driver: DriverName): ThreadFlowLocation[] {
  const { counterexample, shownIn, property } = finding;
  const system = compose(shownIn.model.scope, shownIn.environment, DRIVERS[driver]);
  const log = toldLog(finding);
  const states = statesAlong(system, log);
  const rows = narrate(system, log, { detail: 'facts', roles: rolesOf(property) });
  const breaking = counterexample.facts.length - 1;
  const flow: ThreadFlowLocation[] = [];
  let before: string[] = [];
  let last: Source | undefined;
  for (const [position, fact] of log.entries()) {
    before.push(stepText(rows[position]!, position === breaking ? BREAKS[counterexample.breaks] : undefined));
    // A call stands where the function begins: there the driver is after it.
    const source = sourceOf(system, states[position]!, fact) ?? sourceOf(system, states[position + 1]!, fact);
    last = source ?? last;
    const isLast = position === log.length - 1;
    if (source === undefined && !(isLast && last !== undefined)) continue;
    flow.push({
      executionOrder: flow.length,
      importance: position === breaking ? 'essential' : 'important',
      location: { ...locationOf(source ?? last!), message: { text: before.join(' Then ') } },
    });
    before = [];
  }
  return flow;
}

function stepText({ who, what, changed }: Row, broken: string | undefined): string {
  const after = changed.length === 0 ? '.' : `; ${changed.join(', ')}.`;
  return `${who}: ${what}${after}${broken === undefined ? '' : ` Here: ${broken}`}`;
}

function locationOf({ function: name, lines: [startLine, endLine] }: Source): Location {
  return {
    physicalLocation: {
      artifactLocation: { uri: DRIVER_FILE, uriBaseId: '%SRCROOT%' },
      region: { startLine, endLine },
    },
    logicalLocations: [{ name, kind: 'function' }],
  };
}
