import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createMachine } from 'xstate';
import { DRIVERS, type DriverName } from '../../../machines/drivers.ts';
import { compose, propertyOf } from '../../../models/index.ts';
import { after, inverse, permutations } from '../../../src/engine/check/permutation.ts';
import { check, fold } from '../../../src/engine/index.ts';
import type { Fact, Outcome, Property, System } from '../../../src/facts/index.ts';
import { DEFAULT, searched } from '../../models/searched.ts';
import { atomic, part, round, systemOf } from './fixtures.ts';
import { inShort } from './in-short.ts';
import { property } from './property.ts';

const counter = round('active_events.inc', 'active_events.dec');
const locker = round('mutex.lock', 'mutex.unlock');
const users = (machine: typeof counter, count: number) =>
  Array.from({ length: count }, (_, event) => part('driver', event, machine));

const without = property([{ kind: 'no deadlock' }]);
const both = async (system: System, property: Property): Promise<[Outcome, Outcome]> => [
  await check(system, [property], { symmetry: true }),
  await check(system, [property]),
];
const sizes = async (system: System, property = without): Promise<[number, number | undefined, number]> => {
  const [merged, all] = await both(system, property);
  return [merged.covered.states, merged.covered.permutations, all.covered.states];
};

test('permutations are a group', () => {
  const group = permutations({ event: [0, 0, 0, 3], hart: [0, 0] });
  assert.is(group.length, 12);
  assert.equal(group[0], { event: [0, 1, 2, 3], hart: [0, 1] });
  for (const one of group) {
    assert.equal(after(one, inverse(one)), group[0]);
    for (const other of group)
      assert.ok(group.some((known) => JSON.stringify(known) === JSON.stringify(after(one, other))));
  }
});

test('of states that are the same but for the numbers of events, one is kept', async () => {
  // How many of the events are counted in, of so many.
  assert.equal(await sizes(systemOf(...users(counter, 3), atomic(3))), [4, 6, 8]);
  assert.equal(await sizes(systemOf(...users(counter, 5), atomic(3))), [6, 120, 32]);
});

/** A lock with an owner, which keeps a number. */
const lock = createMachine({
  context: { owner: null },
  initial: 'free',
  states: { free: { on: { 'mutex.lock': 'held' } }, held: { on: { 'mutex.unlock': 'free' } } },
} as never);

test('a machine that all of them share is renamed too', async () => {
  const system = systemOf(...users(locker, 4), part('reservation', 0, lock));
  assert.equal(await sizes(system), [2, 24, 5]);
});

test('who is of another kind keeps its number', async () => {
  const other = round('active_events.inc', 'warn', 'active_events.dec');
  const system = systemOf(...users(counter, 2), part('driver', 2, other), atomic(3));
  assert.equal(await sizes(system), [3 * 3, 2, 4 * 3]);
});

test('a machine that makes a difference between numbers is found out, and all states are searched', async () => {
  const firstOnly = createMachine({
    initial: 'free',
    states: {
      free: {
        on: { 'mutex.lock': { guard: ({ event }: { event: Fact<'mutex.lock'> }) => event.event < 2, target: 'held' } },
      },
      held: { on: { 'mutex.unlock': 'free' } },
    },
  } as never);
  const system = systemOf(...users(locker, 3), part('reservation', 0, firstOnly));
  assert.equal(await sizes(system), [3, undefined, 3]);
});

test('so is one that writes other data', async () => {
  const taking = createMachine({ on: { 'active_events.inc': {}, 'active_events.dec': {} } });
  const numbering = { 'active_events.inc': (_: never, { event }: { event: number }) => ({ value: event }) };
  const atomicPart = part('activeEvents', 0, taking);
  const writing = { ...atomicPart, authors: { ...atomicPart.authors, ...numbering } };
  assert.equal(await sizes(systemOf(...users(counter, 3), writing)), [8, undefined, 8]);
});

test('and a property that names one', async () => {
  const system = systemOf(...users(counter, 3), atomic(3));
  const isIn = (number: number) =>
    property([{ kind: 'always', every: ['driver'], holds: (view) => view.every('driver')[number]!.hasTag('idle') }]);
  for (const number of [0, 1, 2]) {
    const [merged, all] = await both(system, isIn(number));
    assert.is(merged.covered.permutations, undefined);
    assert.equal(merged.verdicts, all.verdicts);
    assert.is(merged.verdicts.get('property')!.verdict, 'violated');
  }
  const byIndex = property([
    {
      kind: 'always',
      each: 'event',
      own: ['driver'],
      holds: (view) => view.index < 2 || view.own('driver').hasTag('idle'),
    },
  ]);
  assert.is((await check(system, [byIndex], { symmetry: true })).verdicts.get('property')!.verdict, 'violated');
});

test('what must stay possible for each event is asked of one, which keeps its number', async () => {
  const stuck = createMachine({
    initial: 'idle',
    states: {
      idle: { tags: 'idle', on: { 'active_events.inc': 'counted', pr_warn: 'lost' } },
      counted: { on: { 'active_events.dec': 'idle' } },
      lost: { on: { pr_warn: 'lost' } },
    },
  });
  const comesBack = property([
    { kind: 'can reach', each: 'event', own: ['driver'], goal: (view) => view.own('driver').hasTag('idle') },
  ]);
  for (const [machine, ofAll, ofMerged] of [
    [stuck, 3 * 3 * 3 * 3, 3 * 10],
    [counter, 2 * 2 * 2 * 2, 2 * 4],
  ] as const) {
    const [merged, all] = await both(systemOf(...users(machine, 4), atomic(3)), comesBack);
    assert.is(merged.covered.permutations, 6);
    assert.equal([all.covered.states, merged.covered.states], [ofAll, ofMerged]);
    assert.is(merged.verdicts.get('property')!.verdict, all.verdicts.get('property')!.verdict);
    assert.is(all.verdicts.get('property')!.verdict, machine === stuck ? 'violated' : 'holds');
  }
});

/** Models of more states are left to the audit. */
const SMALL = 60_000;

const lengths = ({ verdicts }: Outcome): unknown => [...verdicts].map(([id, verdict]) => [id, inShort(verdict)]);

for (const driver of ['as-posted', 'repaired'] as const satisfies readonly DriverName[])
  test(`the verdicts are the same on every model, and every counterexample is a log: ${driver}`, async () => {
    let reduced = 0;
    for (const model of DEFAULT) {
      if (model.scope.events.length + model.scope.harts < 2) continue;
      const environment = model.environments.at(-1)!;
      const all = await searched(driver, model, environment);
      if (all.covered.states > SMALL) continue;
      // What must stay possible halves what can be merged: so the rest is asked by itself, too.
      for (const ids of [model.properties, model.properties.filter((id) => id !== 'mutex-discipline')]) {
        const system = compose(model.scope, environment, DRIVERS[driver]);
        const merged = await check(system, ids.map(propertyOf), { symmetry: true });
        const asked = { ...all, verdicts: new Map([...all.verdicts].filter(([id]) => ids.includes(id))) };
        assert.equal(lengths(merged), lengths(asked), model.name);
        for (const verdict of merged.verdicts.values())
          if (verdict.verdict === 'violated') fold(system, verdict.counterexample.facts);
        if (merged.covered.permutations === undefined) continue;
        reduced++;
        assert.ok(merged.covered.states < all.covered.states, model.name);
      }
    }
    assert.ok(reduced >= 9, `${reduced} searches merged anything`);
  });

test.run();
