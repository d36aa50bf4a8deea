import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type DecisionName, REPAIRS } from '../../machines/driver/decisions.ts';
import { DRIVERS, withDecisions } from '../../machines/drivers.ts';
import { compose, type Environment, modelOf, propertyOf } from '../../models/index.ts';
import { Choices } from '../../src/engine/check/choices.ts';
import { check } from '../../src/engine/check/index.ts';
import { Product } from '../../src/engine/check/product.ts';
import { search } from '../../src/engine/check/search.ts';
import type { Outcome } from '../../src/facts/index.ts';
import { choosing, setOf } from '../../src/repair/decided.ts';

/** What an outcome says, without what another search of the same may differ in. */
const said = ({ covered, verdicts }: Outcome) => {
  const { states, transitions, depth, exhaustive } = covered;
  return { states, transitions, depth, exhaustive, verdicts: [...verdicts] };
};

const VARIANTS: readonly (readonly DecisionName[])[] = [
  [],
  ['givesReferenceBack', 'choosesByCounter'],
  REPAIRS,
  [],
  REPAIRS.filter((name) => name !== 'startsFresh' && name !== 'mapsFirst'),
  ['startsFresh'],
];

const SCOPES: readonly (readonly [string, Environment])[] = [
  ['refused-open-raw', '4.16'],
  ['two-threads', 'current'],
  ['group-of-two', '5.10'],
  ['stop-and-start', 'current'],
  ['any-order-event', 'any-order'],
];

for (const [name, environment] of SCOPES)
  test(`in ${name}, a search that goes on from another one finds what a search of its own finds`, async () => {
    const { scope, properties } = modelOf(name);
    const asked = properties.map(propertyOf);
    const choices = new Choices();
    const product = new Product(compose(scope, environment, choosing(DRIVERS['as-posted'], choices)), choices);
    const masks: number[] = [];
    for (const names of VARIANTS) {
      choices.chosen = setOf(names);
      choices.asked = 0;
      const found = await search(product, asked, {});
      masks.push(choices.asked);
      const alone = await check(compose(scope, environment, withDecisions(names)), asked);
      assert.equal(said(found as Outcome), said(alone as Outcome), names.join());
    }
    // What it came to is noted, though all of it was tabulated before.
    assert.ok(masks[0]! > 0);
    assert.is(masks[3], masks[0]);
  });

test('what was asked otherwise before is asked again', async () => {
  const { scope, properties } = modelOf('refused-open-raw');
  const choices = new Choices();
  const product = new Product(compose(scope, '4.16', choosing(DRIVERS['as-posted'], choices)), choices);
  const verdictUnder = async (names: readonly DecisionName[], ids = properties) => {
    choices.chosen = setOf(names);
    const { verdicts } = await search(product, ids.map(propertyOf), {});
    return verdicts.get('references-balance')?.verdict;
  };
  assert.is(await verdictUnder([]), 'violated');
  assert.is(await verdictUnder(['givesReferenceBack']), 'holds');
  assert.is(await verdictUnder([]), 'violated');
  // Other properties: the answers to those of before are of no use.
  assert.is(await verdictUnder(['givesReferenceBack'], ['references-balance']), 'holds');
  assert.is(await verdictUnder([], ['references-balance']), 'violated');
});

test.run();
