import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DRIVERS } from '../../machines/drivers.ts';
import { modelOf } from '../../models/index.ts';
import { type ConformanceResult, isClean } from '../../src/audit/conformance/conformance-result.ts';
import { reportOf } from '../../src/audit/conformance/report.ts';
import { toHtml } from '../../src/reports/html.ts';
import { toJunit } from '../../src/reports/junit.ts';
import { toMarkdown } from '../../src/reports/markdown.ts';
import { toSarif } from '../../src/reports/sarif.ts';
import { conform, type Difference, SourceAudit, type Tested } from '../../src/subject/index.ts';
import { built, needsCompiler } from '../subject/tiny.ts';
import { isValid } from './sarif-schema.ts';

const covered = { states: 1234, transitions: 5678, depth: 9, exhaustive: true, bytes: 1, milliseconds: 1500 };
const one = { model: modelOf('two-threads'), environment: '4.16', covered } as const;
const cut = { ...one, covered: { ...covered, exhaustive: false, stoppedBy: 'the limit of 9 states' } };

const difference: Difference = {
  facts: [
    { type: 'event_init.call', event: 0, attribute: 'cycles' },
    { type: 'active_events.inc', event: 0, value: 1 },
    { type: 'mutex.lock', event: 0 },
  ],
  places: [undefined, { file: 'pmu.c', line: 10, function: 'init' }, undefined],
  place: { file: 'pmu.c', line: 12, function: 'init' },
  what: 'what happens next',
  model: '<nothing> & "more"',
  c: 'mutex.lock',
  token: 'two-threads:4.16:000',
};

const copy = (line: number, outcome: Tested['outcome']): Tested => ({
  mutant: { does: 'drops an unlock', line, text: '' },
  outcome,
  ...(outcome === 'noticed' && { model: 'foreign-owner' }),
});

const equal: ConformanceResult = {
  ...{ driver: 'as-posted', file: 'pmu.c', seconds: 2, interrupted: false },
  compared: [one],
  tested: [copy(3, 'noticed'), copy(4, 'no mutant')],
};
const missed: ConformanceResult = { ...equal, tested: [copy(3, 'noticed'), copy(7, 'missed')] };
const bounded: ConformanceResult = { ...equal, compared: [one, cut], tested: [] };
const different: ConformanceResult = { ...equal, compared: [one, { ...one, difference }], tested: [] };
const untested: ConformanceResult = { ...equal, tested: [copy(3, 'no mutant')] };
const interrupted: ConformanceResult = { ...equal, interrupted: true };
const ALL = { equal, missed, bounded, different, untested, interrupted };

const suitesOf = (result: ConformanceResult) => {
  const xml = toJunit(reportOf(result));
  assert.is(XMLValidator.validate(xml), true);
  const always = (name: string): boolean => name === 'testsuite' || name === 'testcase';
  const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '', isArray: always });
  return parser.parse(xml).testsuites.testsuite;
};
const troubles = (result: ConformanceResult): number =>
  suitesOf(result).reduce((sum: number, one: Record<string, string>) => sum + +one.failures! + +one.errors!, 0);

const reports = suite('reports of a conformance');

reports('only what is equal to the end, with each broken copy noticed, is clean: in JUnit and SARIF, too', () => {
  for (const [name, result] of Object.entries(ALL)) {
    assert.is(isClean(result), name === 'equal', name);
    assert.is(troubles(result) === 0, name === 'equal', name);
    const { results, invocations } = toSarif(reportOf(result)).runs[0]!;
    const said = results!.length + (invocations![0]!.toolExecutionNotifications?.length ?? 0);
    assert.is(said === 0, name === 'equal', name);
  }
});

reports('SARIF is valid, and has the difference at its line with the way to it', () => {
  for (const result of Object.values(ALL)) {
    const written = JSON.parse(JSON.stringify(toSarif(reportOf(result))));
    assert.ok(isValid(written), JSON.stringify(isValid.errors));
  }
  const [result] = toSarif(reportOf(different)).runs[0]!.results!;
  assert.is(result!.ruleId, 'conforms');
  assert.is(result!.locations![0]!.physicalLocation!.region!.startLine, 12);
  const flow = result!.codeFlows![0]!.threadFlows[0]!.locations;
  assert.equal(
    flow.map(({ location }) => location!.physicalLocation!.region!.startLine),
    [10, 12],
  );
  assert.match(flow[0]!.location!.message!.text!, /event_init\(event 0: cycles\)\. Then /);
  assert.is(flow[1]!.importance, 'essential');
});

reports('SARIF has a missed copy at the line that it breaks', () => {
  const [result] = toSarif(reportOf(missed)).runs[0]!.results!;
  assert.is(result!.ruleId, 'self-test');
  assert.is(result!.locations![0]!.physicalLocation!.region!.startLine, 7);
});

reports('JUnit has a test case for each comparison and each broken copy', () => {
  const [compared, selfTest] = suitesOf(missed);
  assert.equal([compared.name, compared.tests, compared.failures], ['pmu.c against the model as-posted', '1', '0']);
  assert.match(compared.testcase[0]['system-out'], '1,234 states, 5,678 transitions');
  assert.equal([selfTest.tests, selfTest.failures], ['2', '1']);
  assert.is(selfTest.testcase[1].name, 'line 7: drops an unlock');
  assert.is(suitesOf(equal)[1].skipped, '1');
  assert.match(suitesOf(different)[0].testcase[1].failure['#text'], /3\. task of event 0: mutex_lock/);
});

reports('Markdown is narrow ASCII, and says both values, the place and the way', () => {
  const mail = toMarkdown(reportOf(different));
  assert.match(mail, /model: <nothing> & "more"\n {7}C: {5}mutex\.lock/);
  assert.match(mail, /pmu\.c:12 init/);
  assert.match(mail, /^ {7}\* +mutex_lock/m);
  assert.match(toMarkdown(reportOf(missed)), /- line 7: drops an unlock: MISSED/);
  for (const result of Object.values(ALL))
    for (const line of toMarkdown(reportOf(result)).split('\n')) {
      assert.match(line, /^[ -~]*$/);
      assert.ok(line.length <= 72, line);
    }
});

reports('what comes from outside makes no link in SARIF or Markdown, and no code', () => {
  const reason = 'the driver says [click](http://example.org) and `rm`';
  const covered = { ...ALL.equal.compared[0]!.covered, exhaustive: false, stoppedBy: reason };
  const cut = { ...ALL.equal, compared: [{ ...ALL.equal.compared[0]!, covered }] };
  const { invocations } = toSarif(reportOf(cut)).runs[0]!;
  assert.match(invocations![0]!.toolExecutionNotifications![0]!.message.text!, /\[click\\\]\(http/);
  const mail = toMarkdown(reportOf(cut)).replace(/\n */g, ' ');
  assert.match(mail, /\\\[click\\\]\(http/);
  assert.match(mail, /\\`rm\\`/);
});

reports('HTML is one page, and escapes what it is told', async () => {
  const pages = await Promise.all(Object.values(ALL).map((one) => toHtml(reportOf(one))));
  for (const page of pages) assert.not.match(page, /(src|href)="http|>undefined[:<]/);
  const page = await toHtml(reportOf(different));
  assert.match(page, '&lt;nothing&gt; &amp; &quot;more&quot;');
  assert.match(page, /<td class="violated">different<\/td>/);
  // What the C changes is not told: no column stands empty.
  assert.not.match(page, /<th scope="col">changed/);
  assert.match(await toHtml(reportOf(missed)), /<td class="violated">MISSED<\/td>/);
  assert.match(await toHtml(reportOf(bounded)), /class="alarm">two-threads, 4\.16: not searched to its end/);
});

reports('a difference of real C has its places', async () => {
  if (!needsCompiler()) return;
  const audit = new SourceAudit(built('tiny'));
  const found = await conform(audit, one.model, '4.16', DRIVERS['as-posted']);
  audit.close();
  const { places, place } = found.difference!;
  assert.is(places.length, found.difference!.facts.length);
  assert.equal(places.at(-1), place);
  const log = toSarif(reportOf({ ...equal, compared: [{ ...one, ...found }] }));
  assert.ok(isValid(JSON.parse(JSON.stringify(log))));
  const [result] = log.runs[0]!.results!;
  assert.match(result!.locations![0]!.physicalLocation!.artifactLocation!.uri!, /tiny\.c$/);
  assert.is(result!.codeFlows![0]!.threadFlows[0]!.locations.at(-1)!.importance, 'essential');
});

reports.run();
