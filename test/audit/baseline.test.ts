import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { AuditResult } from '../../src/audit/audit-result.ts';
import { type Baseline, baselineOf, compare, comparedText, parseBaselines } from '../../src/audit/baseline.ts';
import { audited, samples } from './audit-result.ts';

let whole: Baseline;
const without = (baseline: Baseline, id: string): Baseline => ({
  ...baseline,
  findings: baseline.findings.filter((known) => known.id !== id),
});
const forget = (from: AuditResult, id: string): AuditResult => ({
  ...from,
  findings: from.findings.filter((finding) => finding.id !== id),
});
const RACE = 'busy-is-true/countsUnderMutex';

let various: AuditResult;
const baseline = suite('baseline');

baseline.before(async () => {
  ({ various } = await samples());
  whole = baselineOf(various);
});

baseline('survives being written and read', () => {
  const read = JSON.parse(JSON.stringify(whole));
  assert.equal(parseBaselines(JSON.stringify(whole)), [read]);
  assert.equal(parseBaselines(JSON.stringify([whole, whole])), [read, read]);
});

baseline('knows all findings of the audit that it was written from', () => {
  const { known, fresh, freshGuards, gone, notAsked } = compare(various, whole);
  assert.is(known.size, various.findings.length);
  assert.equal([fresh, freshGuards, gone, notAsked], [0, 0, [], []]);
});

baseline('counts a finding that it does not have as new', () => {
  const { known, fresh } = compare(various, without(whole, RACE));
  assert.is(fresh, 1);
  assert.not(known.has(RACE));
});

baseline('counts it as new when users can hit what only a caller without a contract could', () => {
  const guarded = {
    ...whole,
    findings: whole.findings.map((known) => ({ ...known, userReachable: known.userReachable && known.id !== RACE })),
  };
  assert.is(compare(various, guarded).fresh, 1);
});

baseline('says of an entry that it is gone only when all was searched in which it once was', async () => {
  assert.equal(
    compare(forget(various, RACE), whole).gone.map(({ id }) => id),
    [RACE],
  );
  const elsewhere = compare(await audited(['refused-open-raw'], { environments: ['4.16'] }), whole);
  assert.equal(elsewhere.gone, []);
  assert.ok(elsewhere.notAsked.some(({ id }) => id === RACE));
  const cutShort = compare(await audited(['two-threads'], { environments: ['4.16'], limits: { states: 3 } }), whole);
  assert.ok(cutShort.notAsked.some(({ id }) => id === RACE));
  assert.match(comparedText(cutShort).at(-1)!, /not looked for everywhere/);
});

baseline('written anew keeps what was not looked for', async () => {
  const part = await audited(['refused-open-raw'], { environments: ['4.16'] });
  const written = baselineOf({ ...part, compared: compare(part, whole) });
  assert.equal(
    written.findings.map(({ id }) => id),
    whole.findings.map(({ id }) => id),
  );
});

baseline('refuses a broken file and says what is wrong', () => {
  const broken: [unknown, RegExp][] = [
    ['{', /not JSON/],
    [[], /no baseline/],
    [{ schema: 'hartproof.audit/1' }, /no baseline/],
    [{ ...whole, findings: 3 }, /findings: a list is missing/],
    [{ ...whole, findings: [{ id: 'a' }] }, /findings\[0\]: userReachable/],
    [
      { ...whole, findings: [{ id: 'a', userReachable: true, models: [1], environments: [] }] },
      /findings\[0\]: models/,
    ],
  ];
  for (const [content, reason] of broken) {
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    assert.throws(
      () => parseBaselines(text),
      (error: Error) => error instanceof RangeError && reason.test(error.message),
    );
  }
});

baseline.run();
