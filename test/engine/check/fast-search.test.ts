import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DRIVERS } from '../../../machines/drivers.ts';
import { compose, type Environment, MODELS, type Model, modelOf, propertyOf } from '../../../models/index.ts';
import { check, ProductSystem, plainSearch, type SearchOptions } from '../../../src/engine/check/index.ts';
import { fold } from '../../../src/engine/compose/index.ts';
import type { Outcome } from '../../../src/facts/index.ts';
import { lengthsOf } from './in-short.ts';

/** All of an outcome that does not depend on the machine it ran on, or on which of the shortest paths was found. */
function essence({ covered, verdicts }: Outcome) {
  const { states, transitions, depth, exhaustive } = covered;
  return {
    ...{ states, transitions, depth, exhaustive },
    verdicts: [...verdicts].map(([id, verdict]) => {
      if (verdict.verdict !== 'violated') return [id, verdict];
      const { breaks, lasting } = verdict.counterexample;
      return [id, lengthsOf(verdict.counterexample), breaks, lasting?.breaks];
    }),
  };
}

async function agree(model: Model, environment: Environment, driver: keyof typeof DRIVERS, options: SearchOptions) {
  const system = compose(model.scope, environment, DRIVERS[driver]);
  const properties = model.properties.map(propertyOf);
  const fast = await check(system, properties, options);
  const simple = await plainSearch(new ProductSystem(system, options.reduce !== false), properties);
  assert.equal(essence(fast), essence(simple), `${model.name}, ${environment}, ${driver}`);
  for (const verdict of fast.verdicts.values())
    if (verdict.verdict === 'violated') fold(system, verdict.counterexample.facts);
}

/** All but the deep ones, and one of those that differ only in what is refused. */
const small = MODELS.filter(
  ({ name, deep }) => !deep && (name === 'refused-open-raw' || !name.startsWith('refused-open')),
);

test('finds the states, verdicts and shortest lengths that a simple search finds, in every model', async () => {
  for (const model of small)
    for (const environment of model.environments) await agree(model, environment, 'as-posted', {});
});

test('also of the repaired driver, and with every callback interleaved', async () => {
  for (const model of small) {
    const environment = model.environments.at(-1)!;
    await agree(model, environment, 'repaired', {});
    if (model.scope.harts > 0) await agree(model, environment, 'as-posted', { reduce: false });
  }
});

test('also sorted, by one thread and by two workers', async () => {
  for (const name of ['three-threads', 'group-that-cannot-fit', 'context-switch']) {
    const model = modelOf(name);
    await agree(model, model.environments[0]!, 'as-posted', { workers: 2, largeFrom: 200 });
    await agree(model, model.environments[0]!, 'as-posted', { workers: 0, largeFrom: 200 });
  }
});

test.run();
