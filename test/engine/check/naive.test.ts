import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DRIVERS } from '../../../machines/drivers.ts';
import { compose, type Environment, PROPERTIES } from '../../../models/index.ts';
import { check } from '../../../src/engine/index.ts';
import type { Property } from '../../../src/facts/index.ts';
import { inShort } from './in-short.ts';
import { naive } from './naive.ts';
import { OF_ANY_ORDER, OF_CORES } from './scopes.ts';

const CASES: readonly [scope: string, Environment][] = [
  ['two threads', '4.16'],
  ['an open that is asked for twice', 'current'],
  ['another owner', '5.10'],
  ['time on one hart', '4.16'],
  ['stop and start', 'current'],
  ['two events of one kind', '4.16'],
  ['an event and another owner', 'any-order'],
];

for (const [what, environment] of CASES)
  test(`every verdict, and the length of its shortest log, is what the plainest search says: ${what}, ${environment}`, async () => {
    const system = compose({ ...OF_CORES, ...OF_ANY_ORDER }[what]!, environment, DRIVERS['as-posted']);
    const properties: readonly Property[] = PROPERTIES;
    const expected = naive(system, properties);
    const { verdicts } = await check(system, properties);
    assert.equal(
      [...verdicts].map(([id, verdict]) => [id, inShort(verdict)]),
      [...expected],
    );
  });

test.run();
