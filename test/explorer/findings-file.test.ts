import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { findingsInJson } from '../../src/explorer/findings-file.ts';

const TEXTS = { id: 'a.b', token: 'hp:123456', property: 'a', statement: 's', severity: 'medium' };
const OF_A_MODEL = {
  ...TEXTS,
  cause: 'b',
  counterexample: { model: 'm', environment: '4.16', facts: [{ type: 'warn' }] },
};
const OF_C = { ...TEXTS, text: 't', scope: 's', steps: ['one'] };
const audit = (finding: unknown): string =>
  JSON.stringify({ schema: 'hartproof.audit/1', driver: 'as-posted', findings: [finding] });

test('findings that an audit wrote are read', () => {
  for (const finding of [OF_A_MODEL]) assert.is(findingsInJson(audit(finding)).findings.length, 1);
  const ground = JSON.stringify({ schema: 'hartproof.ground/1', driver: 'x.c', findings: [OF_C] });
  assert.is(findingsInJson(ground).findings[0]!.scope, 's');
  const changing = { ...OF_C, changes: [['device overflowed: 0x0 → 0x1']] };
  const [finding] = findingsInJson(JSON.stringify({ ...JSON.parse(ground), findings: [changing] })).findings;
  assert.equal(finding!.steps[0]!.changed, ['device overflowed: 0x0 → 0x1']);
});

test('what a finding has not, or of another kind, is named', () => {
  for (const key of Object.keys(OF_A_MODEL).filter((one) => one !== 'counterexample'))
    for (const value of [undefined, null, 7, ['x']])
      assert.throws(
        () => findingsInJson(audit({ ...OF_A_MODEL, [key]: value })),
        new RegExp(`findings\\[0\\]: ${key} is no text`),
      );
  for (const wrong of [
    null,
    7,
    'x',
    {},
    { ...OF_A_MODEL, counterexample: null },
    { ...OF_A_MODEL, counterexample: { model: 'm', environment: 'e', facts: [null] } },
  ])
    assert.throws(() => findingsInJson(audit(wrong)), /findings\[0\]/);
  for (const changes of [7, ['x'], [[7]]])
    assert.throws(() => findingsInJson(audit({ ...OF_C, changes })), /changes is no list of lists of texts/);
  assert.throws(() => findingsInJson(audit({ ...OF_A_MODEL, consequence: 7 })), /consequence is no text/);
  assert.throws(() => findingsInJson(audit({ ...OF_A_MODEL, lines: ['1', '2'] })), /a line is no number/);
  for (const findings of [undefined, 7, {}])
    assert.throws(
      () => findingsInJson(JSON.stringify({ ...JSON.parse(audit(OF_A_MODEL)), findings })),
      /findings is no list/,
    );
});

test.run();
