import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DRIVERS } from '../../machines/drivers.ts';
import { MODELS } from '../../models/index.ts';
import { CountExplainer, type Explained } from '../../src/counts/explain.ts';
import type { Given } from '../../src/counts/given.ts';
import { readCount } from '../../src/counts/number.ts';
import { findingsOf } from '../../src/counts/own-log.ts';
import { powersOf } from '../../src/counts/powers.ts';
import { arithmeticText, formulaText } from '../../src/counts/texts.ts';
import { RISCV_BASE_PMU } from '../../src/facts/index.ts';

const test = suite('what makes a count');

const common = { models: MODELS, pmu: RISCV_BASE_PMU, environments: ['current', '5.10', '4.16'] } as const;
/** All tests share its searches. */
const explainer = new CountExplainer({ ...common, machine: DRIVERS['as-posted'], known: false });
const explain = (count: string, more: Given = {}) => explainer.explain({ value: readCount(count)!.value, ...more });
const names = ({ explanations }: Explained) => explanations.map(({ defect }) => defect.name);

test('2^63 and a little more is one negative difference in a mask of 63 bits: startsFresh, on a task that moves', async () => {
  const told = await explain('9223372036859012345');
  const [best] = told.explanations;
  assert.is(best!.defect.name, 'startsFresh');
  assert.is(best!.defect.model.name, 'migration');
  assert.is(arithmeticText(best!, told.given), '2^63 + 4,236,537');
  assert.match(formulaText(best!), /^count = what ran \+ \(the counter of hart 1 now - that of hart 0 .*\) \+ 2\^63$/);
  assert.is(best!.jump!.situation.kind, 'behind');
  // What is subtracted the wrong way leaves less than 2^63.
  assert.not(names(told).includes('subtracts-the-wrong-way'));
});

test('what is known rules a defect out', async () => {
  for (const more of [{ moves: 0 }, { switches: 0 }, { cpuWide: true }] as const) {
    const told = await explain('9223372036859012345', more);
    assert.not(names(told).includes('startsFresh'), JSON.stringify(more));
    assert.ok(told.ruledOut.some(({ defect, why }) => defect.name === 'startsFresh' && /hart|switched/.test(why)));
    assert.is(told.explanations[0]!.defect.name, 'set-back');
  }
});

test('neighbours: below zero, halves of a counter, boards of other widths, the wrong way round, nothing', async () => {
  for (const [count, first, more] of [
    ['18446744073705315079', 'startsFresh'],
    ['-4236537', 'startsFresh'],
    ['4294967396', 'startsFresh'],
    ['281474976710999', 'startsFresh'],
    ['9223372032559808600', 'readsBothHalves', { xlen: 32 }],
    ['9223090561878066152', 'wide-mask', { widths: [48] }],
    ['705032704', 'readsBothHalves', { expected: 5_000_000_000n }],
    ['9223372036850539271', 'subtracts-the-wrong-way', { moves: 0, expected: 4_236_537n }],
    ['4000000', 'adds-twice', { expected: 2_000_000n }],
    ['1000000', 'updatesAtEachStop', { expected: 2_000_000n }],
  ] as [string, string, Given?][])
    assert.is(names(await explain(count, more))[0], first, count);
  assert.equal(names(await explain('0')).toSorted(), ['never-adds', 'updatesAtEachStop']);
});

test('twenty times too much is what the counter did meanwhile: all of it, where the clock says so', async () => {
  const told = await explain('20000000', { expected: 1_000_000n, seconds: 0.02, clock: 1e9, moves: 0 });
  assert.is(names(told)[0], 'startsFresh');
  assert.is(told.explanations[0]!.defect.model.name, 'context-switch');
  const tooMuch = await explain('90000000', { expected: 1_000_000n, seconds: 0.02, clock: 1e9, moves: 0 });
  assert.not(names(tooMuch).includes('startsFresh'));
  const factor = await explainer.explain({ factor: 20 });
  assert.ok(names(factor).includes('startsFresh'));
});

test('a plausible number is said to be plausible, and one that nothing makes is said to be so', async () => {
  for (const [count, more] of [
    ['5000000', {}],
    ['5000000', { seconds: 0.01, clock: 1e9 }],
    ['1020000', { expected: 1_000_000n }],
    ['3204611', { event: 'instructions', seconds: 0.0041 }],
  ] as [string, Given][]) {
    const told = await explain(count, more);
    assert.ok(told.plausible, count);
    assert.equal(names(told), []);
  }
  const nothing = await explain('123456789012345678');
  assert.equal([nothing.plausible, names(nothing)], [false, []]);
});

test('of a driver that takes a fresh prev_count at each start, startsFresh is no explanation', async () => {
  const merged = new CountExplainer({ ...common, machine: DRIVERS['merged-4.18'], known: true });
  const told = await merged.explain({ value: readCount('9223372036859012345')!.value });
  assert.not(names(told).includes('startsFresh'));
});

test('the log is a counterexample of the driver itself, with the id that its audit gives', async () => {
  const { explanations } = await explain('9223372036859012345');
  const { findings } = await findingsOf([explanations[0]!.defect], {
    name: 'as-posted',
    machine: DRIVERS['as-posted'],
  });
  assert.equal(
    findings.map(({ id, shownIn }) => [id, shownIn.model.name]),
    [['count-exact/startsFresh', 'migration']],
  );
});

test('powers of two are named', () => {
  assert.is(powersOf(2n ** 63n), '2^63');
  assert.is(powersOf(2n ** 63n - 2n ** 32n), '2^63 - 2^32');
  assert.is(powersOf(-(2n ** 32n)), '-2^32');
  assert.is(powersOf(5n), undefined);
});

test.run();
