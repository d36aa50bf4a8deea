import { escapeXml } from '../diagrams/palette.ts';
import type { Case, CaseOutcome, Report, Suite } from '../findings/report.ts';
import { causeSuite } from './junit/causes.ts';
import { document, element } from './xml.ts';

export interface JunitOptions {
  /** Of an audit: a test case for each property, model and environment that was asked; else for each cause. */
  readonly perProperty?: true;
}

/**
 * A report as JUnit XML, for whoever runs tests. Of an audit, each cause of findings is a test case that failed, and all that was
 * decided otherwise is one more. What was cut short is an error, not a pass.
 *
 * @public
 */
export function toJunit(report: Report, { perProperty }: JunitOptions = {}): string {
  const suites = report.command === 'audit' && !perProperty ? [causeSuite(report)] : report.suites();
  const name = `hartproof ${report.command} ${report.subject}`;
  return document(element('testsuites', { name, ...totals(suites) }, suites.map(suiteElement)));
}

/** How many test cases there are, what they came to, and how many seconds they took. */
function totals(suites: readonly Suite[]) {
  const cases = suites.flatMap((suite) => suite.cases);
  const count = (kind: CaseOutcome['kind']): number => cases.filter(({ outcome }) => outcome?.kind === kind).length;
  const time = suites.reduce((sum, { seconds }) => sum + seconds, 0).toFixed(3);
  return { tests: cases.length, failures: count('failure'), errors: count('error'), skipped: count('skipped'), time };
}

function suiteElement(suite: Suite): string {
  const { name, properties, cases } = suite;
  const values = Object.entries(properties).map(([key, value]) => element('property', { name: key, value }));
  return element('testsuite', { name, ...totals([suite]) }, [
    ...(values.length === 0 ? [] : [element('properties', {}, values)]),
    ...cases.map(caseElement),
  ]);
}

const caseElement = ({ classname, name, file, line, seconds = 0, outcome, output }: Case): string =>
  element(
    'testcase',
    {
      ...{ classname, name },
      ...(file !== undefined && { file }),
      ...(line !== undefined && { line }),
      time: seconds === 0 ? 0 : seconds.toFixed(3),
    },
    [
      ...(outcome === undefined ? [] : [outcomeElement(outcome)]),
      ...(output === undefined ? [] : [element('system-out', {}, [escapeXml(output)])]),
    ],
  );

const outcomeElement = ({ kind, type, message, text }: CaseOutcome): string =>
  element(kind, { ...(type !== undefined && { type }), message }, text === undefined ? [] : [escapeXml(text)]);
