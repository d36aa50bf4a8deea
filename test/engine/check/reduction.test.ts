import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { CoreName } from '../../../machines/cores.ts';
import { DRIVERS, type DriverName } from '../../../machines/drivers.ts';
import { compose, MODELS, propertyOf } from '../../../models/index.ts';
import { OF_SLOTS } from '../../../models/model.ts';
import { check, fold } from '../../../src/engine/index.ts';
import type { Outcome, System } from '../../../src/facts/index.ts';
import { inShort } from './in-short.ts';
import { recorder } from './recorder.ts';
import { OF_ANY_ORDER, UNOPENED_PAIR } from './scopes.ts';

/** Models of more states are left to the audit. */
const SMALL = 20_000;

interface Searched {
  readonly outcome: Outcome;
  /** Every fact that happened, with its data: what can be seen of the system. */
  readonly facts: readonly string[];
}

async function search(system: System, ids: readonly string[], reduce: boolean, states: number): Promise<Searched> {
  const { property, facts } = recorder(system);
  const properties = [...ids.map(propertyOf), { ...property, clauses: [] }];
  const outcome = await check(system, properties, { reduce, limits: { states } });
  return { outcome, facts: [...facts].sort() };
}

const verdicts = ({ verdicts }: Outcome): [string, string][] =>
  [...verdicts].map(([id, verdict]) => [id, inShort(verdict)]);

/** Compares both searches; answers how many transitions the reduction saved, or null where the scope is too large. */
async function compare(system: System, ids: readonly string[], states = SMALL): Promise<number | null> {
  const reduced = await search(system, ids, true, states);
  if (!reduced.outcome.covered.exhaustive) return null;
  const full = await search(system, ids, false, 10 * states);
  assert.ok(full.outcome.covered.exhaustive);
  assert.equal(verdicts(reduced.outcome), verdicts(full.outcome));
  assert.equal(reduced.facts, full.facts);
  for (const { outcome } of [reduced, full])
    for (const verdict of outcome.verdicts.values())
      if (verdict.verdict === 'violated') fold(system, verdict.counterexample.facts);
  return full.outcome.covered.transitions - reduced.outcome.covered.transitions;
}

const CASES: readonly (readonly [CoreName, DriverName, atLeast: number])[] = [
  ['4.16', 'as-posted', 24],
  ['5.10', 'as-posted', 20],
  ['current', 'as-posted', 20],
  ['current', 'repaired', 20],
];

for (const [core, driver, atLeast] of CASES)
  test(`the reduction changes no verdict and hides no fact: ${driver} in ${core}`, async () => {
    const models = MODELS.filter(({ deep, environments }) => !deep && environments.includes(core));
    const saved: number[] = [];
    for (const { scope, properties } of models) {
      const transitions = await compare(compose(scope, core, DRIVERS[driver]), properties);
      if (transitions !== null) saved.push(transitions);
    }
    assert.ok(saved.length >= atLeast, `${saved.length} models compared`);
    assert.ok(saved.every((transitions) => transitions >= 0));
    assert.ok(saved.some((transitions) => transitions > 0));
  });

test('the reduction changes no verdict and hides no fact: callbacks in any order', async () => {
  for (const scope of Object.values(OF_ANY_ORDER))
    assert.is.not(await compare(compose(scope, 'any-order', DRIVERS['as-posted']), OF_SLOTS), null);
  const pair = compose(UNOPENED_PAIR, 'any-order', DRIVERS['as-posted']);
  assert.ok(((await compare(pair, OF_SLOTS, 200_000)) ?? 0) > 0);
});

test.run();
