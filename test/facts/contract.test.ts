import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  ATTRIBUTES,
  type Attribute,
  answersOn,
  attributeKind,
  countersOf,
  isImpossible,
  type Pmu,
  RISCV_BASE_PMU,
} from '../../src/facts/index.ts';

const kinds = Object.keys(ATTRIBUTES) as Attribute[];
/** A PMU that can sample and filter, and that maps cache misses to its second counter. */
const RICH: Pmu = { ...RISCV_BASE_PMU, interrupt: true, filters: true, hwEvents: [0, 1, 'EOPNOTSUPP', 1] };

test('on the base PMU each kind has its own counter and its own answers', () => {
  for (const kind of kinds) {
    const { counter, answers } = attributeKind(kind);
    assert.equal(countersOf(RISCV_BASE_PMU, kind), counter === undefined ? [] : [counter]);
    assert.equal(answersOn(RISCV_BASE_PMU, kind), answers);
  }
});

test('sampling and filters are impossible exactly where the PMU has neither interrupt nor filters', () => {
  const impossible = (pmu: Pmu): Attribute[] => kinds.filter((kind) => isImpossible(pmu, kind));
  assert.equal(impossible(RISCV_BASE_PMU), ['sampling', 'sampling-instructions', 'exclude-kernel', 'exclude-idle']);
  assert.equal(impossible({ ...RISCV_BASE_PMU, interrupt: true }), ['exclude-kernel', 'exclude-idle']);
  assert.equal(impossible({ ...RISCV_BASE_PMU, filters: true }), ['sampling', 'sampling-instructions']);
  assert.equal(impossible(RICH), []);
});

test('what a PMU maps and can do, it must accept', () => {
  for (const kind of ['cycles', 'instructions', 'cache-misses', 'sampling', 'exclude-idle'] as const)
    assert.equal(answersOn(RICH, kind), [0]);
  assert.equal(countersOf(RICH, 'cache-misses'), ['instret']);
  assert.equal(answersOn(RICH, 'software'), ['ENOENT']);
  assert.equal(answersOn({ ...RICH, hwEvents: [0] }, 'stalled-cycles'), ['EOPNOTSUPP', 'ENOENT']);
});

test.run();
