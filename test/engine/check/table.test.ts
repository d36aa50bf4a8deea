import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DRIVERS } from '../../../machines/drivers.ts';
import { slots } from '../../../machines/slots.ts';
import { compose, MODELS } from '../../../models/index.ts';
import { REFUSED } from '../../../src/engine/check/answers.ts';
import { Product } from '../../../src/engine/check/product.ts';
import { search } from '../../../src/engine/check/search.ts';
import { Table, tableOf } from '../../../src/engine/check/table.ts';
import { snapshotKey, step } from '../../../src/engine/compose/index.ts';
import type { Fact } from '../../../src/facts/index.ts';
import { round } from './fixtures.ts';

const LOCK: Fact = { type: 'mutex.lock', event: 0 };
const UNLOCK: Fact = { type: 'mutex.unlock', event: 0 };

test('a transition is computed once, when it is first asked for', () => {
  const table = new Table(round('mutex.lock', 'mutex.unlock'), undefined);
  assert.is(table.size, 1);
  const [lock, unlock] = [table.symbol(LOCK), table.symbol(UNLOCK)];
  assert.is(table.computed, 0);
  assert.is(table.next(0, lock), 1);
  assert.is(table.next(1, unlock), 0);
  assert.is(table.next(0, lock), 1);
  assert.is(table.computed, 2);
  assert.is(table.size, 2);
});

test('a refusal is an answer, and is kept too', () => {
  const table = new Table(round('mutex.lock', 'mutex.unlock'), undefined);
  const unlock = table.symbol(UNLOCK);
  assert.is(table.next(0, unlock), REFUSED);
  assert.is(table.next(0, unlock), REFUSED);
  assert.is(table.computed, 1);
});

test('a fact is known by its data', () => {
  const table = new Table(round('mutex.lock'), undefined);
  assert.is(table.symbol({ ...LOCK }), table.symbol(LOCK));
  assert.is.not(table.symbol({ ...LOCK, event: 1 } as Fact), table.symbol(LOCK));
});

test('the table of a machine with an input is made once', () => {
  const of = (bits: number) => tableOf(slots, { maxCounters: 2, bits });
  assert.is(of(3), of(3));
  assert.is.not(of(3), of(4));
});

test('a table says what XState says of every local state and fact that a search of a model meets', async () => {
  const tables = new Set<Table>();
  for (const { scope, environments, deep } of MODELS)
    if (!deep)
      for (const environment of environments)
        for (const driver of [DRIVERS['as-posted'], DRIVERS.repaired]) {
          const product = new Product(compose(scope, environment, driver));
          await search(product, [], { limits: { states: 1000 } });
          for (const table of product.tables) tables.add(table);
        }
  let asked = 0;
  for (const table of tables)
    for (const { from, fact, to } of table.known()) {
      const next = step(table.machine, table.input, table.snapshots[from]!, fact);
      const says = to === REFUSED ? null : snapshotKey(table.snapshots[to]!);
      assert.is(says, next && snapshotKey(next), `${table.machine.id}: ${JSON.stringify(fact)}`);
      asked++;
    }
  assert.ok(asked > 5000, `${asked}`);
});

test('the cache of tables holds nothing alive', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const forgotten = (() => {
    const machine = round('mutex.lock');
    const table = tableOf(machine, undefined);
    table.next(0, table.symbol(LOCK));
    return new WeakRef(machine);
  })();
  for (let turn = 0; turn < 10 && forgotten.deref() !== undefined; turn++) {
    await new Promise((resolve) => setTimeout(resolve));
    collect();
  }
  assert.is(forgotten.deref(), undefined);
});

test.run();
