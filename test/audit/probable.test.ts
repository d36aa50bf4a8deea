import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { modelOf } from '../../models/index.ts';
import { audit } from '../../src/audit/audit.ts';
import { compare } from '../../src/audit/baseline.ts';
import { toJson } from '../../src/audit/json.ts';
import { modelled } from '../../src/audit/modelled.ts';
import { reportOf } from '../../src/audit/report.ts';
import { toHtml } from '../../src/reports/html.ts';
import { toJunit } from '../../src/reports/junit.ts';
import { toMarkdown } from '../../src/reports/markdown.ts';
import { toSarif } from '../../src/reports/sarif.ts';
import { toText } from '../../src/reports/terminal.ts';

/** A driver that keeps its contract, of whose states only signatures were kept. */
async function probable() {
  const target = modelled('repaired');
  const asked = { models: [modelOf('two-threads')], environments: ['4.16'], properties: ['errno-contract'] } as const;
  return { target, findings: [], results: await audit({ target, ...asked, compact: true }) };
}

const MISSED = /The\s+probability\s+that\s+a\s+state\s+was\s+missed\s+is\s+at\s+most\s+\d[\d.e-]*/;

test('every report says that a property is only probable, and with what probability a state was missed', async () => {
  const result = await probable();
  const text = toText(reportOf(result), { all: true });
  assert.match(text, MISSED);
  assert.match(text, /errno-contract.*probable/);
  assert.match(toMarkdown(reportOf(result)), MISSED);
  assert.not.match(toMarkdown(reportOf(result)), /held wherever asked: errno-contract/);
  const page = await toHtml(reportOf(result));
  assert.match(page, MISSED);
  assert.match(page, /<td class="bounded">probable<\/td>/);
  assert.match(JSON.stringify(toSarif(reportOf(result)).runs[0]!.invocations), MISSED);
  assert.match(toJunit(reportOf(result)), /<error type="probable" message="not decided: .*The probability that/);
  const [decided] = toJson(result).results;
  assert.is(decided!.verdict, 'probable');
  assert.is(decided!.exhaustive, false);
  assert.type(decided!.missProbability, 'number');
});

test('a known finding that is only probably gone is not gone', async () => {
  const result = await probable();
  const known = {
    id: 'errno-contract/any',
    models: ['two-threads'],
    environments: ['4.16'] as const,
    property: 'errno-contract',
  };
  const { gone, notAsked } = compare(result, {
    schema: 'hartproof.baseline/1',
    driver: 'repaired',
    findings: [known],
  } as never);
  assert.is(gone.length, 0);
  assert.is(notAsked.length, 1);
});

test.run();
