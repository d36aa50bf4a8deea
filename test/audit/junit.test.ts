import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { AuditResult } from '../../src/audit/audit-result.ts';
import { reportOf } from '../../src/audit/report.ts';
import { byCause } from '../../src/findings/finding.ts';
import { type JunitOptions, toJunit } from '../../src/reports/junit.ts';
import { samples } from './audit-result.ts';

interface TestCase {
  readonly '@_classname': string;
  readonly '@_file'?: string;
  readonly '@_line'?: string;
  readonly '@_name': string;
  readonly failure?: { readonly '#text': string; readonly '@_message': string };
  readonly error?: { readonly '@_message': string };
  readonly skipped?: { readonly '@_message': string };
}
interface TestSuite {
  readonly '@_name': string;
  readonly '@_tests': string;
  readonly '@_failures': string;
  readonly '@_errors': string;
  readonly '@_skipped': string;
  readonly testcase: readonly TestCase[];
}

const parser = new XMLParser({
  ignoreAttributes: false,
  htmlEntities: true,
  isArray: (name) => name === 'testsuite' || name === 'testcase',
});

function rootOf(result: AuditResult, options: JunitOptions) {
  const xml = toJunit(reportOf(result), options);
  assert.is(XMLValidator.validate(xml), true);
  return parser.parse(xml).testsuites;
}

/** The suites with a case for each property. */
const suitesOf = (result: AuditResult): readonly TestSuite[] => rootOf(result, { perProperty: true }).testsuite;

/** The one suite with a case for each cause. */
const causesOf = (result: AuditResult): TestSuite => rootOf(result, {}).testsuite[0];

const casesOf = (result: AuditResult): TestCase[] => suitesOf(result).flatMap(({ testcase }) => testcase);

let various: AuditResult;
let stopped: AuditResult;
let clean: AuditResult;
const junit = suite('JUnit');

junit.before(async () => {
  ({ various, stopped, clean } = await samples());
});

junit('has a test case for each property, environment and model', () => {
  assert.is(casesOf(various).length, various.results.length);
  assert.equal(
    suitesOf(various).map((one) => one['@_name']),
    [...new Set(various.results.map(({ model, environment }) => `${model.name} in ${environment}`))],
  );
});

junit('fails a violated property, with the way to it', () => {
  const race = casesOf(various).find(
    (one) => one['@_name'] === 'busy-is-true' && one['@_classname'] === 'two-threads.4_16',
  );
  assert.match(race!.failure!['@_message'], /^busy-is-true\/countsUnderMutex \(hp:[0-9a-f]{6}\): /);
  assert.match(race!.failure!['#text'], /✗ 10\. task of event 1: event_init\(event 1: cycles\) = -EBUSY/);
  assert.match(race!.failure!['#text'], /atomic_dec_return\(&riscv_active_events\)/);
});

junit('has a test case for each cause, with its file and line, all that it violates, and the way there', () => {
  const { testcase } = causesOf(various);
  assert.is(testcase.length, byCause(reportOf(various).findings).length + 1);
  const race = testcase.find((one) => one['@_name'].startsWith('riscv_active_events changes outside'))!;
  assert.match(race['@_name'], /\(hp:[0-9a-f]{6}\)$/);
  assert.equal([race['@_classname'], race['@_line']], ['as-posted.riscv_event_init', '389']);
  assert.match(race.failure!['@_message'], /: violates .*busy-is-true/);
  assert.match(race.failure!['#text'], /✗ 10\. task of event 1: event_init\(event 1: cycles\) = -EBUSY/);
  assert.is(testcase.at(-1)!['@_name'], 'all other properties');
  assert.is(testcase.at(-1)!.failure, undefined);
  const guard = testcase.filter(({ skipped }) => skipped?.['@_message'].startsWith('only a caller without a contract'));
  assert.ok(guard.length > 0);
});

junit('says of each cause what a baseline knows, and never that what was cut short passed', () => {
  const known = new Set(various.findings.map(({ id }) => id));
  const compared = { known, fresh: 0, freshGuards: 0, gone: [], notAsked: [] };
  assert.not(causesOf({ ...various, compared }).testcase.some(({ failure }) => failure));
  const cases = causesOf(stopped).testcase;
  assert.ok(cases.length > 1);
  assert.ok(cases.every(({ error }) => error?.['@_message'].startsWith('not decided: ')));
  assert.equal(
    causesOf(clean).testcase.filter(({ failure, error }) => failure || error),
    [],
  );
});

junit('has the totals of all suites', () => {
  for (const options of [{}, { perProperty: true }] as const) {
    const root = rootOf(various, options);
    const suites: readonly TestSuite[] = root.testsuite;
    for (const total of ['@_tests', '@_failures', '@_errors', '@_skipped'] as const)
      assert.is(
        Number(root[total]),
        suites.reduce((sum, one) => sum + Number(one[total]), 0),
        total,
      );
    assert.match(root['@_time'], /^\d+\.\d{3}$/);
  }
});

junit('counts what it holds', () => {
  for (const one of suitesOf(various)) {
    assert.is(Number(one['@_tests']), one.testcase.length);
    for (const kind of ['failure', 'error', 'skipped'] as const) {
      const attribute = kind === 'skipped' ? one['@_skipped'] : one[`@_${kind}s`];
      assert.is(Number(attribute), one.testcase.filter((testcase) => testcase[kind] !== undefined).length);
    }
  }
});

junit('skips what only a caller without a contract can break, and says so', () => {
  const guard = casesOf(various).find((one) => one['@_classname'] === 'any-order-event.any-order' && one.skipped);
  assert.match(guard!.skipped!['@_message'], /only a caller without a contract/);
});

junit('makes a search that was cut short an error', () => {
  assert.ok(casesOf(stopped).every(({ error }) => error?.['@_message'].startsWith('not decided: limit of 3 states')));
});

junit('has nothing to say where properties hold', () => {
  assert.ok(casesOf(clean).some(({ failure, error, skipped }) => !failure && !error && skipped === undefined));
  assert.not(casesOf(clean).some(({ failure, error }) => failure || error));
});

junit('skips what the baseline knows', () => {
  const known = new Set(various.findings.map(({ id }) => id));
  const cases = casesOf({ ...various, compared: { known, fresh: 0, freshGuards: 0, gone: [], notAsked: [] } });
  assert.not(cases.some(({ failure }) => failure));
  assert.ok(cases.some(({ skipped }) => skipped?.['@_message'].startsWith('known: ')));
});

junit.run();
