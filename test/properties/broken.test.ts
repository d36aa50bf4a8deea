import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DRIVERS, type DriverMachine } from '../../machines/drivers.ts';
import { compose, modelOf, PROPERTIES, propertyOf } from '../../models/index.ts';
import { check, fold } from '../../src/engine/index.ts';
import type { Property } from '../../src/facts/index.ts';
import { BROKEN } from './broken.ts';

const { repaired } = DRIVERS;

for (const { property: id, clause, but, model, environment, driver, unbroken = repaired } of BROKEN) {
  const asked = propertyOf(id);
  const property: Property = clause === undefined ? asked : { ...asked, clauses: [asked.clauses[clause]!] };
  const { scope } = modelOf(model);

  const verdictOf = async (machine: DriverMachine) => {
    // What a broken driver counts wrong may have no bound.
    const { verdicts } = await check(compose(scope, environment, machine), [property], { limits: { states: 20_000 } });
    return verdicts.get(id)!;
  };

  test(`${id} is broken when ${but} (${model}, ${environment})`, async () => {
    const verdict = await verdictOf(driver);
    assert.is(verdict.verdict, 'violated');
    // The log of it is one of the broken driver.
    if (verdict.verdict === 'violated') fold(compose(scope, environment, driver), verdict.counterexample.facts);
  });

  test(`${id} holds without that mistake (${model}, ${environment})`, async () => {
    assert.equal(await verdictOf(unbroken), { verdict: 'holds' });
  });
}

test('every property is violated by one of these drivers', () => {
  const broken = new Set(BROKEN.map(({ property }) => property));
  assert.equal(
    PROPERTIES.map(({ id }) => id).filter((id) => !broken.has(id)),
    [],
  );
});

test('every clause of a property is violated by one of these drivers', () => {
  for (const { id, clauses } of PROPERTIES as readonly Property[])
    if (clauses.length > 1)
      assert.equal(
        BROKEN.filter(({ property }) => property === id).map(({ clause }) => clause),
        [...clauses.keys()],
      );
});

test.run();
