import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DRIVERS, type DriverName } from '../../../machines/drivers.ts';
import { compose, type Environment } from '../../../models/index.ts';
import { check } from '../../../src/engine/index.ts';
import { interpreted } from './interpreted.ts';
import { recorder } from './recorder.ts';
import { OF_ANY_ORDER, OF_CORES } from './scopes.ts';

const CASES: readonly [environment: Environment, driver: DriverName, scopes: readonly string[]][] = [
  ['4.16', 'as-posted', Object.keys(OF_CORES)],
  ['5.10', 'as-posted', ['an open that is asked for twice']],
  ['current', 'as-posted', ['an open that is asked for twice', 'stop and start']],
  ['current', 'repaired', ['two threads', 'another owner', 'time on two harts', 'RV32']],
  ['any-order', 'as-posted', Object.keys(OF_ANY_ORDER)],
];

const SCOPES = { ...OF_CORES, ...OF_ANY_ORDER };

for (const [environment, driver, what] of CASES.flatMap(([environment, driver, scopes]) =>
  scopes.map((what) => [environment, driver, what] as const),
))
  test(`the tables find what XState finds, state for state: ${what}, ${environment}, ${driver}`, async () => {
    const system = compose(SCOPES[what]!, environment, DRIVERS[driver]);
    const expected = interpreted(system);
    const { property, states, facts } = recorder(system);
    const { covered } = await check(system, [property], { reduce: false });
    assert.is(covered.states, expected.states.size);
    assert.is(covered.transitions, expected.transitions);
    assert.is(covered.depth, expected.depth);
    assert.equal([...states].sort(), [...expected.states].sort());
    assert.equal([...facts].sort(), [...expected.facts].sort());
  });

test.run();
