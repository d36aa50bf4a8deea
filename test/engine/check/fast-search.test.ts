import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DRIVERS } from '../../../machines/drivers.ts';
import { compose, type Environment, MODELS, type Model, modelOf, propertyOf } from '../../../models/index.ts';
import { BfsSearch } from '../../../src/engine/check/bfs-search.ts';
import { check, ProductSystem, plainSearch, type SearchOptions } from '../../../src/engine/check/index.ts';
import { Product } from '../../../src/engine/check/product.ts';
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

test('also where the words of all states are kept from some level on, or once the transitions were given up', async () => {
  const model = modelOf('three-threads');
  const system = compose(model.scope, model.environments[0]!, DRIVERS['as-posted']);
  const clauses = model.properties
    .map(propertyOf)
    .flatMap(({ id, clauses }, property) => clauses.map((clause) => ({ property, id, clause })));
  const searches = await Promise.all(
    [Infinity, 5, 12, 0].map(async (level) => {
      const search = new BfsSearch(new Product(system), clauses, { workers: 0, largeFrom: 200 });
      const { limit } = search;
      search.limit = () => {
        if (search.store.levels.length > level) search.keepAll();
        if (level === 0) search.reach!.drop();
        return limit.call(search);
      };
      assert.is(await search.run(), undefined);
      const { first } = search.engine.monitor.breaks;
      const ways = search.waysTo(first.filter((found) => found !== null)).map((path) => path.length);
      return [search.states, search.transitions, search.depth, first.map((found) => found?.fact), ways];
    }),
  );
  for (const found of searches) assert.equal(found, searches[0]);
});

test.run();
