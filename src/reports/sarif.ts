import type { Log, ReportingDescriptor, Result, Run, ThreadFlowLocation } from 'sarif';
import type { AuditResult } from '../audit/audit-result.ts';
import { propertyOf } from '../audit/property.ts';
import { reservations, summaryOf } from '../audit/summary.ts';
import { rolesOf } from '../engine/check/index.ts';
import type { Property } from '../facts/index.ts';
import type { Counterexample, Finding } from '../findings/finding.ts';
import { type Row, rowsOf } from '../findings/rows.ts';
import {
  breaksText,
  causeSource,
  causeText,
  logsOf,
  pathText,
  placeText,
  reachText,
  worthText,
} from '../findings/texts.ts';
import type { Place } from '../findings/trace.ts';
import { invocationsOf, locationOf, logOf, toolOf } from './sarif-log.ts';

const LEVEL = { high: 'error', medium: 'warning', low: 'note' } as const;

/**
 * The findings as SARIF 2.1.0 (a static analysis log, as GitHub and editors read it): a rule for each property, a result for each
 * finding at the lines of its cause, and its shortest log as a code flow along the driver's lines.
 */
export function toSarif(audited: AuditResult): Log {
  const { results, findings, target, compared } = audited;
  const rules = [...new Set(results.map(({ property }) => property))].map((id) => ruleOf(propertyOf(id)));
  const run: Run = {
    tool: toolOf(rules),
    automationDetails: { id: `hartproof/audit/${target.name}/` },
    columnKind: 'utf16CodeUnits',
    invocations: invocationsOf(reservations(summaryOf(results, findings))),
    results: findings.map((finding) => ({
      ...resultOf(finding, rules),
      ...(compared && { baselineState: compared.known.has(finding.id) ? ('unchanged' as const) : ('new' as const) }),
    })),
  };
  return logOf(run);
}

const ruleOf = ({ id, statement, consequence, severity, source }: Property): ReportingDescriptor => ({
  id,
  shortDescription: { text: statement },
  fullDescription: { text: consequence },
  help: { text: `${statement}.\n\n${consequence}\n\nSource: ${source}.` },
  defaultConfiguration: { level: LEVEL[severity] },
});

function resultOf(finding: Finding, rules: readonly ReportingDescriptor[]): Result {
  const { id, property, cause, userReachable, environments, models } = finding;
  const flows = logsOf(finding).map(flowOf);
  const source = causeSource(cause);
  // A guard that is missing has no line: the result stands where its absence shows.
  const location = source ? locationOf(source) : flows[0]!.at(-1)!.location!;
  const text = [
    `${property.statement}: broken.`,
    `${causeText(cause)} (${placeText(cause)}).`,
    reachText(finding),
    property.consequence,
    ...worthText(finding),
    ...(cause.kind === 'decision' ? [`Instead: ${cause.decision.instead}.`] : []),
  ].join(' ');
  return {
    ruleId: property.id,
    ruleIndex: rules.findIndex((rule) => rule.id === property.id),
    level: userReachable ? LEVEL[property.severity] : 'note',
    message: { text },
    locations: [location],
    partialFingerprints: { 'hartproofFinding/v1': id },
    codeFlows: logsOf(finding).map((log, number) => ({
      message: { text: `${pathText(log)}: ${log.shownIn.model.name}, ${log.shownIn.environment}.` },
      threadFlows: [{ locations: flows[number]! }],
    })),
    properties: { findingId: id, userReachable, environments: [...environments], models: [...models] },
  };
}

/**
 * The log, fact by fact, along the lines of the C. What happens outside the driver (time, another owner) has no line:
 * it is told with the next step that has one.
 */
function flowOf(told: Counterexample): ThreadFlowLocation[] {
  const { counterexample, property, trace } = told;
  const { log, places } = trace;
  const rows = rowsOf(trace, { detail: 'facts', roles: rolesOf(property) });
  const breaking = counterexample.facts.length - 1;
  const flow: ThreadFlowLocation[] = [];
  let before: string[] = [];
  let last: Place | undefined;
  for (const [position, fact] of log.entries()) {
    before.push(stepText(rows[position]!, position === breaking ? breaksText(told) : undefined));
    // A call stands where the function begins: at the first step of its callback.
    const place = places[position] ?? (fact.type.endsWith('.call') ? places[position + 1] : undefined);
    last = place ?? last;
    const isLast = position === log.length - 1;
    if (place === undefined && !(isLast && last !== undefined)) continue;
    flow.push({
      executionOrder: flow.length,
      importance: position === breaking ? 'essential' : 'important',
      location: { ...locationOf(place ?? last!), message: { text: before.join(' Then ') } },
    });
    before = [];
  }
  return flow;
}

function stepText({ who, what, changed }: Row, broken: string | undefined): string {
  const after = changed.length === 0 ? '.' : `; ${changed.join(', ')}.`;
  return `${who}: ${what}${after}${broken === undefined ? '' : ` Here: ${broken}`}`;
}
