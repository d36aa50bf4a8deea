import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { AnyMachineSnapshot } from 'xstate';
import { driver, driverAuthors } from '../../machines/driver/index.ts';
import { DRIVERS } from '../../machines/drivers.ts';
import { compose, modelOf, propertyOf } from '../../models/index.ts';
import type { Present } from '../../src/engine/index.ts';
import { StateSpace } from '../../src/export/state-space.ts';

/** A context that tells when somebody looks at its ghost variables. */
const watched = (context: object): object =>
  new Proxy(context, {
    get: (target, field) => {
      if (field === 'ghost') throw new Error('it reads a ghost variable');
      return Reflect.get(target, field);
    },
  });

test('no guard reads a ghost variable, and no fact is written from one', () => {
  const { scope } = modelOf('foreign-owner-two-threads');
  const space = new StateSpace(compose(scope, 'current', DRIVERS['as-posted']));
  const [part] = space.system.ofRole('driver');
  const snapshots: AnyMachineSnapshot[] = space.product.tables[part!]!.snapshots;
  [...space.transitions()];
  const guards = Object.entries(driver.implementations.guards).filter(([, guard]) => typeof guard === 'function');
  let asked = 0;
  for (const { context, value } of snapshots)
    for (const fact of space.product.facts) {
      const seen = { context: watched(context), event: fact, value } as never;
      for (const [name, guard] of guards) {
        assert.not.throws(() => attempt(() => (guard as unknown as (seen: never) => boolean)(seen)), /ghost/, name);
        asked++;
      }
      const write = driverAuthors[fact.type] as ((present: Present, fact: never) => object) | undefined;
      assert.not.throws(() => attempt(() => write?.(seen, fact as never)), /ghost/, fact.type);
    }
  assert.ok(asked > 10_000, `${asked} asked`);
});

/** A guard of another fact finds nothing to look at: that is no concern here. */
function attempt(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    if (error instanceof Error && error.message.includes('ghost')) throw error;
  }
}

test('a driver that writes over its own handler displaces nobody, and one that writes over another does', async () => {
  const { check } = await import('../../src/engine/index.ts');
  for (const [name, verdict] of [
    ['two-threads', 'holds'],
    ['foreign-owner', 'violated'],
  ] as const) {
    const system = compose(modelOf(name).scope, '4.16', DRIVERS['as-posted']);
    const { verdicts } = await check(system, [propertyOf('init-all-or-nothing')]);
    assert.is(verdicts.get('init-all-or-nothing')!.verdict, verdict, name);
  }
});

test.run();
