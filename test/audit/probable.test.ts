import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { modelOf } from '../../models/index.ts';
import { audit } from '../../src/audit/audit.ts';
import { compare } from '../../src/audit/baseline.ts';
import { toHtml } from '../../src/audit/html/index.ts';
import { toJson } from '../../src/audit/json.ts';
import { toJunit } from '../../src/audit/junit.ts';
import { toMarkdown } from '../../src/audit/markdown.ts';
import { modelled } from '../../src/audit/modelled.ts';
import { report } from '../../src/audit/report.ts';
import { toSarif } from '../../src/audit/sarif.ts';

/** A driver that keeps its contract, of whose states only signatures were kept. */
async function probable() {
  const auditee = modelled('repaired');
  const asked = { models: [modelOf('two-threads')], environments: ['4.16'], properties: ['errno-contract'] } as const;
  return { auditee, findings: [], results: await audit({ auditee, ...asked, compact: true }) };
}

const ODDS = /The probability of a miss that a state was missed\s+are at most \d[\d.e-]*/;

test('every report says that a property is only probable, and with what probability a state was missed', async () => {
  const audited = await probable();
  const text = report(audited, 'callbacks');
  assert.match(text, ODDS);
  assert.match(text, /errno-contract.*probable/);
  assert.match(toMarkdown(audited), ODDS);
  assert.not.match(toMarkdown(audited), /held wherever asked: errno-contract/);
  const page = await toHtml(audited);
  assert.match(page, ODDS);
  assert.match(page, /<td class="probable">probable<\/td>/);
  assert.match(JSON.stringify(toSarif(audited).runs[0]!.invocations), ODDS);
  assert.match(toJunit(audited), /<error type="probable" message="not certain: The probability of a miss/);
  const [result] = toJson(audited).results;
  assert.is(result!.verdict, 'probable');
  assert.is(result!.exhaustive, false);
  assert.type(result!.missProbability, 'number');
});

test('a known finding that is only probably gone is not gone', async () => {
  const audited = await probable();
  const known = {
    id: 'errno-contract/any',
    models: ['two-threads'],
    environments: ['4.16'] as const,
    property: 'errno-contract',
  };
  const { gone, notAsked } = compare(audited, {
    schema: 'hartproof.baseline/1',
    driver: 'repaired',
    findings: [known],
  } as never);
  assert.is(gone.length, 0);
  assert.is(notAsked.length, 1);
});

test.run();
