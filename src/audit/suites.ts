import { stepText } from '../findings/finding.ts';
import type { Case, CaseOutcome, Suite } from '../findings/report.ts';
import { tokenOf } from '../findings/token.ts';
import type { Result } from './audit.ts';
import type { AuditResult } from './audit-result.ts';
import { propertyOf } from './property.ts';
import { missText } from './summary.ts';
import { breaksText, causeSource, causeText, pathText, placeText, stepsOf } from './texts.ts';
import { logsIn, type Violation } from './violation.ts';

/**
 * The audit as test suites: one for each model and environment, a test case for each property asked there.
 * A violated property is a failure, unless it is known or only a caller without a contract can violate it (skipped, with the
 * reason); a search that was cut short is an error: it is no pass.
 */
export function suitesOf(audit: AuditResult): Suite[] {
  const suites = new Map<string, Result[]>();
  for (const result of audit.results) {
    const name = `${result.model.name} in ${result.environment}`;
    suites.set(name, [...(suites.get(name) ?? []), result]);
  }
  return [...suites].map(([name, results]) => {
    // All properties of one model in one environment are decided by one search: its time is the suite's.
    const { model, environment, covered } = results[0]!;
    return {
      name,
      seconds: covered.milliseconds / 1000,
      properties: { states: covered.states, transitions: covered.transitions },
      cases: results.map((result) => {
        const outcome = outcomeOf(audit, result);
        const classname = `${model.name}.${environment.replaceAll('.', '_')}`;
        return { classname, name: result.property, ...placeIn(audit, result), ...(outcome && { outcome }) };
      }),
    };
  });
}

/** The file and the line of what violates a property; nothing where none is known. */
function placeIn({ findings }: AuditResult, result: Result): Pick<Case, 'file' | 'line'> {
  const found = findings.find(({ brokenIn }) => brokenIn.includes(result));
  const place = found && causeSource(found.cause);
  return place === undefined ? {} : { ...(place.file !== undefined && { file: place.file }), line: place.lines[0] };
}

/** What a test case came to; nothing when the property holds. */
function outcomeOf({ target, findings, compared }: AuditResult, result: Result): CaseOutcome | undefined {
  const { verdict, property } = result;
  switch (verdict.verdict) {
    case 'holds':
      return undefined;
    case 'vacuous':
      return { kind: 'skipped', message: `vacuous: ${result.lacking ?? propertyOf(property).vacuousWhen}` };
    case 'bounded':
      return { kind: 'error', type: 'bounded', message: `not decided: ${verdict.reason}` };
    case 'probable':
      return { kind: 'error', type: 'probable', message: `not certain: ${missText(verdict.missProbability)}` };
    case 'violated': {
      const finding = findings.find(({ brokenIn }) => brokenIn.includes(result))!;
      const message = `${finding.id} (${tokenOf(finding.id)}): ${causeText(finding.cause)}`;
      if (compared?.known.has(finding.id)) return { kind: 'skipped', message: `known: ${message}` };
      if (!finding.userReachable)
        return { kind: 'skipped', message: `only a caller without a contract does this: ${message}` };
      return { kind: 'failure', type: finding.property.severity, message, text: failureText(finding) };
    }
  }

  function failureText(finding: Violation): string {
    const logs = logsIn(finding.id, result, target).flatMap((log) => [
      `${pathText(log)}:`,
      ...stepsOf(log, 'callbacks').map((step) => `${step.violates ? '✗' : ' '} ${step.position}. ${stepText(step)}`),
      breaksText(log),
    ]);
    return [finding.property.statement, placeText(finding.cause), ...logs, finding.property.consequence].join('\n');
  }
}
