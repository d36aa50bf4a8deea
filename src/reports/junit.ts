import { escapeXml } from '../diagrams/palette.ts';
import type { Case, CaseOutcome, Report, Suite } from '../findings/report.ts';
import { document, element } from './xml.ts';

/** A report as JUnit XML, for whoever runs tests. What was cut short is an error, not a pass. @public */
export const toJunit = (report: Report): string =>
  document(
    element('testsuites', { name: `hartproof ${report.command} ${report.subject}` }, report.suites().map(suiteElement)),
  );

function suiteElement({ name, seconds, properties, cases }: Suite): string {
  const count = (kind: CaseOutcome['kind']): number => cases.filter(({ outcome }) => outcome?.kind === kind).length;
  const counts = { failures: count('failure'), errors: count('error'), skipped: count('skipped') };
  const values = Object.entries(properties).map(([key, value]) => element('property', { name: key, value }));
  return element('testsuite', { name, tests: cases.length, ...counts, time: seconds.toFixed(3) }, [
    ...(values.length === 0 ? [] : [element('properties', {}, values)]),
    ...cases.map(caseElement),
  ]);
}

const caseElement = ({ classname, name, seconds = 0, outcome, output }: Case): string =>
  element('testcase', { classname, name, time: seconds === 0 ? 0 : seconds.toFixed(3) }, [
    ...(outcome === undefined ? [] : [outcomeElement(outcome)]),
    ...(output === undefined ? [] : [element('system-out', {}, [escapeXml(output)])]),
  ]);

const outcomeElement = ({ kind, type, message, text }: CaseOutcome): string =>
  element(kind, { ...(type !== undefined && { type }), message }, text === undefined ? [] : [escapeXml(text)]);
