import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { toJson } from '../../src/audit/json.ts';
import { reportOf } from '../../src/audit/report.ts';
import { toHtml } from '../../src/reports/html.ts';
import { toJunit } from '../../src/reports/junit.ts';
import { toMarkdown } from '../../src/reports/markdown.ts';
import { toSarif } from '../../src/reports/sarif.ts';
import { toText } from '../../src/reports/terminal.ts';
import { audited } from './audit-result.ts';

const lasting = suite('a break while a call is in flight, and one that lasts');
const made = audited(['two-threads'], { environments: ['4.16'] });
const finding = async () => (await made).findings.find(({ property }) => property.id === 'reserved-while-live')!;

lasting('are one finding: the shortest log, and a shortest one whose break lasts', async () => {
  const { counterexample, lasts, isShortest, onlyInFlight, lasting } = await finding();
  assert.equal([counterexample.facts.length, lasts, isShortest, onlyInFlight], [5, false, true, false]);
  assert.equal([lasting!.counterexample.facts.length, lasting!.lasts, lasting!.isShortest], [26, true, false]);
});

lasting('every report tells both, and says which is which', async () => {
  const all = await made;
  const property = 'reserved-while-live';
  const results = all.results.filter((result) => result.property === property);
  const shown = { ...all, results, findings: [await finding()] };
  const [way, beside] = [/Shortest path: 5 facts/, /Shortest path to a violation that lasts: 26 facts/];
  for (const text of [
    toText(reportOf(shown), { all: true, detail: 'facts' }),
    (await toHtml(reportOf(shown))).replace(/<[^>]*>/g, ''),
  ]) {
    assert.match(text, way);
    assert.match(text, beside);
    assert.match(text, /violated first while a call is in flight; a later violation lasts/);
    assert.match(text, /the property is violated, while a call is in flight\./);
  }
  for (const text of [toMarkdown(reportOf(shown)), toJunit(reportOf(shown))])
    assert.match(text, /Shortest path to a violation that lasts(?::| \(26 facts\):)/);
  assert.equal(
    toSarif(reportOf(shown)).runs[0]!.results![0]!.codeFlows!.map(({ message }) => message!.text),
    [
      'Shortest path (reserved-while-live): two-threads, 4.16.',
      'Shortest path to a violation that lasts (reserved-while-live): two-threads, 4.16.',
    ],
  );
  const [json] = toJson(shown).findings;
  assert.equal([json!.counterexample.facts.length, json!.counterexample.lasting!.facts.length], [5, 26]);
  const [result] = toJson(shown).results;
  assert.equal([result!.counterexample!.facts.length, result!.counterexample!.lasting!.facts.length], [5, 26]);
});

lasting('a break that lasts at once has one log', async () => {
  const busy = (await made).findings.find(({ property }) => property.id === 'busy-is-true')!;
  assert.equal([busy.lasts, busy.isShortest, busy.lasting], [true, true, undefined]);
});

lasting.run();
