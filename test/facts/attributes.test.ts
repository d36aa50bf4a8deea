import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ATTRIBUTES, type Attribute, attributeKind, PERF_TYPE, RISCV_BASE_PMU } from '../../src/facts/index.ts';

const kinds = (Object.keys(ATTRIBUTES) as Attribute[]).map(attributeKind);

test('every kind has an answer that keeps the contract, and a valid one has no other', () => {
  for (const { answers } of kinds) {
    assert.ok(answers.length > 0);
    if (answers.includes(0)) assert.equal(answers, [0]);
  }
});

test('exactly the plain events of a counter are valid', () => {
  for (const { answers, counter, sampling, modifier } of kinds)
    assert.is(answers.includes(0), counter !== undefined && !sampling && !modifier);
});

test('the counter of a kind is the one that the seed’s map gives its config', () => {
  for (const { type, config, counter } of kinds) {
    const entry = type === PERF_TYPE.HARDWARE ? RISCV_BASE_PMU.hwEvents[config] : undefined;
    assert.is(counter, typeof entry === 'number' ? ['cycle', 'instret'][entry] : undefined);
  }
});

test('an event of another PMU may only be left to it', () => {
  const { HARDWARE, HW_CACHE, RAW } = PERF_TYPE;
  for (const { type, answers } of kinds)
    if (![HARDWARE, HW_CACHE, RAW].some((own) => own === type)) assert.equal(answers, ['ENOENT']);
});

test('every type of the interface is offered, and one that nobody knows', () => {
  const types = new Set(kinds.map(({ type }) => type));
  for (const type of Object.values(PERF_TYPE)) assert.ok(types.has(type));
  assert.ok(types.has(9999));
});

test.run();
