import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type DecisionName, REPAIRS } from '../../machines/driver/decisions.ts';
import { DRIVERS, withDecisions } from '../../machines/drivers.ts';
import { ENVIRONMENTS, MODELS, modelOf } from '../../models/index.ts';
import { audit } from '../../src/audit/audit.ts';
import { modelled } from '../../src/audit/modelled.ts';
import { Asker, type ScopeOfSearch } from '../../src/repair/ask.ts';
import { setOf } from '../../src/repair/decided.ts';
import { firstBroken, repair } from '../../src/repair/repair.ts';

const driver = DRIVERS['as-posted'];
const models = (...names: string[]) => names.map(modelOf);

test('the repaired driver keeps every property, to every caller', async () => {
  const results = await audit({
    target: modelled('repaired'),
    models: MODELS.filter(({ deep }) => !deep),
    environments: ENVIRONMENTS,
  });
  for (const { model, environment, property, verdict } of results)
    assert.ok(['holds', 'vacuous'].includes(verdict.verdict), `${property} in ${model.name}, ${environment}`);
  // And none of it only because nothing happened.
  for (const property of new Set(results.map((result) => result.property)))
    assert.ok(
      results.some((result) => result.property === property && result.verdict.verdict === 'holds'),
      property,
    );
});

test('it needs each of its changes', async () => {
  const asker = new Asker(driver);
  const scopes: ScopeOfSearch[][] = MODELS.filter(({ deep }) => !deep)
    // Where a break is found soonest.
    .sort((a, b) => a.scope.events.length - b.scope.events.length)
    .map((model) => model.environments.map((environment) => ({ model, environment })));
  for (const name of REPAIRS) {
    const without = setOf(REPAIRS.filter((other) => other !== name));
    assert.ok((await firstBroken(asker, scopes, without)).length > 0, `nothing breaks without ${name}`);
  }
});

test('one change repairs the slots under a core that keeps its contract', async () => {
  const { broken, smallest, leftOut, alone } = await repair({
    driver,
    models: models('two-of-a-kind'),
    environments: ['4.16'],
  });
  assert.ok(broken);
  assert.equal(smallest, [['choosesByCounter']]);
  assert.ok(alone.some(({ change, kind }) => change === 'choosesByCounter' && kind === 'mends'));
  assert.equal(new Set(leftOut.map(({ kind }) => kind)), new Set(['breaks']));
});

test('all smallest sets are found, where there are several', async () => {
  const { smallest } = await repair({
    driver,
    models: models('refused-open-raw'),
    environments: ['5.10'],
  });
  assert.equal(new Set(smallest.map(String)), new Set(['givesReferenceBack', 'mapsFirst']));
});

test('a change that makes things worse by itself is named', async () => {
  const { alone } = await repair({ driver, models: models('refused-open-cache'), environments: ['5.10'] });
  const worse = alone.filter(({ kind }) => kind === 'breaks');
  assert.equal([...new Set(worse.map(({ change }) => change))], ['opensOnce']);
  assert.ok(worse.some(({ property }) => property === 'errno-contract'));
});

test('a driver without a known repair is said to have none', async () => {
  const useless: readonly DecisionName[] = REPAIRS;
  const { broken, smallest } = await repair({
    driver: withDecisions([...useless, 'givesReferenceBack', 'setsDestroyLast']),
    // An event that was never opened takes a slot: no change that is known stops that.
    models: models('any-order-pair'),
    environments: ['any-order'],
  });
  assert.ok(broken);
  assert.equal(smallest, []);
});

test('a driver that breaks nothing needs nothing', async () => {
  const found = await repair({ driver: DRIVERS.repaired, models: models('two-threads'), environments: ['4.16'] });
  assert.not.ok(found.broken);
  assert.equal(found.smallest, [[]]);
});

test('a search that is stopped is no repair', async () => {
  const stop = new AbortController();
  stop.abort();
  try {
    await repair({ driver, models: models('three-on-two'), environments: ['4.16'], signal: stop.signal });
    assert.unreachable();
  } catch (error) {
    assert.match((error as Error).message, 'the search was stopped');
  }
});

test.run();
