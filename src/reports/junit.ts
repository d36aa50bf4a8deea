import type { Result } from '../audit/audit.ts';
import type { AuditResult } from '../audit/audit-result.ts';
import { propertyOf } from '../audit/property.ts';
import { missText } from '../audit/summary.ts';
import { escapeXml } from '../diagrams/palette.ts';
import { type Finding, toldOf } from '../findings/finding.ts';
import { breaksText, causeText, pathText, placeText, stepsOf } from '../findings/texts.ts';
import { document, element } from './xml.ts';

/**
 * The audit as JUnit XML: a test suite for each model and environment, a test case for each property asked there.
 * A violated property is a failure, unless it is known or only a caller without a contract can break it (skipped, with the reason);
 * a search that was cut short is an error: it is no pass.
 */
export function toJunit(audited: AuditResult): string {
  const suites = new Map<string, Result[]>();
  for (const result of audited.results) {
    const name = `${result.model.name} in ${result.environment}`;
    suites.set(name, [...(suites.get(name) ?? []), result]);
  }
  const cases = [...suites].map(([name, results]) => suite(audited, name, results));
  return document(element('testsuites', { name: `hartproof audit ${audited.target.name}` }, cases));
}

function suite(audited: AuditResult, name: string, results: readonly Result[]): string {
  // All properties of one model in one environment are decided by one search.
  const { model, environment, covered } = results[0]!;
  const outcomes = results.map((result) => outcomeOf(audited, result));
  const count = (kind: string): number => outcomes.filter((outcome) => outcome?.startsWith(`<${kind}`)).length;
  const seconds = (covered.milliseconds / 1000).toFixed(3);
  const attributes = {
    name,
    tests: results.length,
    failures: count('failure'),
    errors: count('error'),
    skipped: count('skipped'),
    time: seconds,
  };
  const properties = element('properties', {}, [
    element('property', { name: 'states', value: covered.states }),
    element('property', { name: 'transitions', value: covered.transitions }),
  ]);
  const cases = results.map(({ property }, number) => {
    const outcome = outcomes[number];
    // One search decides all properties of a suite: its time is the suite's.
    const named = { classname: `${model.name}.${environment.replaceAll('.', '_')}`, name: property, time: 0 };
    return element('testcase', named, outcome === undefined ? [] : [outcome]);
  });
  return element('testsuite', attributes, [properties, ...cases]);
}

/** What a test case holds; nothing when the property is kept. */
function outcomeOf({ target, findings, compared }: AuditResult, result: Result): string | undefined {
  const { verdict, property } = result;
  switch (verdict.verdict) {
    case 'holds':
      return undefined;
    case 'vacuous':
      return element('skipped', { message: `vacuous: ${result.lacking ?? propertyOf(property).vacuousWhen}` });
    case 'bounded':
      return element('error', { type: 'bounded', message: `not decided: ${verdict.reason}` });
    case 'probable':
      return element('error', { type: 'probable', message: `not certain: ${missText(verdict.missProbability)}` });
    case 'violated': {
      const finding = findings.find(({ brokenIn }) => brokenIn.includes(result))!;
      const message = `${finding.id}: ${causeText(finding.cause)}`;
      if (compared?.known.has(finding.id)) return element('skipped', { message: `known: ${message}` });
      if (!finding.userReachable)
        return element('skipped', { message: `only a caller without a contract does this: ${message}` });
      return element('failure', { type: finding.property.severity, message }, [escapeXml(failureText(finding))]);
    }
  }

  function failureText(finding: Finding): string {
    const logs = toldOf(finding.id, result, target).flatMap((log) => [
      `${pathText(log)}:`,
      ...stepsOf(log, 'callbacks').map(
        ({ position, who, what, breaks }) => `${breaks ? '✗' : ' '} ${position}. ${who}: ${what}`,
      ),
      breaksText(log),
    ]);
    return [finding.property.statement, placeText(finding.cause), ...logs, finding.property.consequence].join('\n');
  }
}
