import { test } from 'uvu';
import * as assert from 'uvu/assert';
import six from '../../docs/examples/six-general.ts';
import { withDecisions } from '../../machines/drivers.ts';
import { compose, type Environment, PROPERTIES, type Scope } from '../../models/index.ts';
import { SMALLEST } from '../../models/scope.ts';
import { check } from '../../src/engine/index.ts';
import type { Property } from '../../src/facts/index.ts';
import { inShort } from '../engine/check/in-short.ts';
import { naive } from '../engine/check/naive.ts';

/** The six-general PMU with counters of one bit, so that each tick overflows. */
const pmu = { ...six.pmu, wordBits: 2, counterBits: 1, counterWidth: 1, xlen: 2 };
const one: Scope = { ...SMALLEST, harts: 1, pmu, ticks: ['cycle'], reopens: false };
const CASES: readonly [what: string, scope: Scope, environment: Environment][] = [
  ['an overflow on one hart', one, '4.16'],
  ['an overflow of a stopped event', { ...one, events: [['sampling']], group: 1 }, 'current'],
  ['two events that want a counter', { ...one, events: [['stalled-cycles'], ['stalled-cycles']], ticks: [] }, '4.16'],
];

for (const [what, scope, environment] of CASES)
  test(`every verdict is what the plainest search says: ${what}`, async () => {
    const system = compose(scope, environment, withDecisions(six.decisions));
    const properties: readonly Property[] = PROPERTIES;
    const { verdicts } = await check(system, properties);
    assert.equal(
      [...verdicts].map(([id, verdict]) => [id, inShort(verdict)]),
      [...naive(system, properties)],
    );
  });

test.run();
