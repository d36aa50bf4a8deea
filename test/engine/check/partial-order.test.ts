import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type AnyStateMachine, createMachine } from 'xstate';
import { DRIVERS, type DriverName } from '../../../machines/drivers.ts';
import { compose, modelOf, propertyOf } from '../../../models/index.ts';
import { check, fold } from '../../../src/engine/index.ts';
import type { Always, Clause, Fact, Outcome, Property, System } from '../../../src/facts/index.ts';
import { DEFAULT } from '../../models/searched.ts';
import { BROKEN } from '../../properties/broken.ts';
import { rejects } from '../../rejects.ts';
import { atomic, counters, dining, lostAfter, part, round, systemOf } from './fixtures.ts';
import { inShort } from './in-short.ts';
import { property } from './property.ts';
import { recorder } from './recorder.ts';

/** Systems of more states are not compared. */
const MOST = 500_000;

/**
 * Searches a system with a partial order and without, and holds one against the other: verdicts, lengths, and every fact that happens.
 * Only without, where it has more states than `states`.
 */
async function compare(
  system: System,
  properties: readonly Property[],
  name = '',
  states = MOST,
): Promise<[all: Outcome, kept: Outcome]> {
  const search = async (partialOrder: boolean) => {
    const { property: recorded, facts } = recorder(system);
    const outcome = await check(system, [...properties, { ...recorded, clauses: [] }], {
      partialOrder,
      workers: 0,
      limits: { states },
    });
    return { outcome, facts: [...facts].sort() };
  };
  const all = await search(false);
  if (!all.outcome.covered.exhaustive) return [all.outcome, all.outcome];
  const kept = await search(true);
  const inAll = ({ outcome, facts }: typeof all) => [
    [...outcome.verdicts].map(([id, verdict]) => [id, inShort(verdict)]),
    facts,
  ];
  assert.equal(inAll(kept), inAll(all), name);
  for (const verdict of kept.outcome.verdicts.values())
    if (verdict.verdict === 'violated') fold(system, verdict.counterexample.facts);
  return [all.outcome, kept.outcome];
}

for (const driver of ['as-posted', 'repaired'] as const satisfies readonly DriverName[])
  test(`all properties of all models: the same verdicts, lengths and facts, and fewer states: ${driver}`, async () => {
    let fewer = 0;
    for (const { name, scope, properties, environments } of DEFAULT) {
      const system = compose(scope, environments.at(-1)!, DRIVERS[driver]);
      const [all, kept] = await compare(system, properties.map(propertyOf), name);
      assert.ok(kept.covered.states <= all.covered.states);
      assert.is(kept.covered.partialOrder, true);
      if (kept.covered.states * 2 < all.covered.states) fewer++;
    }
    assert.ok(fewer >= 12, `${fewer} searches kept less than half of the states`);
  });

test('each property by itself, of which some see little: the same, and far fewer states', async () => {
  for (const driver of Object.keys(DRIVERS) as DriverName[])
    for (const name of ['two-threads', 'foreign-owner', 'two-of-a-kind', 'stop-and-start', 'group-of-two']) {
      const { scope, properties, environments } = modelOf(name);
      const system = compose(scope, environments.at(-1)!, DRIVERS[driver]);
      for (const id of properties) await compare(system, [propertyOf(id)], `${driver}, ${name}, ${id}`);
    }
  const { scope, environments } = modelOf('three-threads');
  const system = compose(scope, environments.at(-1)!, DRIVERS['as-posted']);
  const [all, kept] = await compare(system, [propertyOf('no-deadlock')]);
  assert.ok(kept.covered.states * 7 < all.covered.states, `${kept.covered.states} of ${all.covered.states}`);
});

test('drivers with one mistake, and without it', async () => {
  let compared = 0;
  for (const { but, model, environment, driver, unbroken = DRIVERS.repaired } of BROKEN) {
    const { scope, properties } = modelOf(model);
    for (const machine of [driver, unbroken]) {
      const asked = properties.map(propertyOf);
      const [all, kept] = await compare(compose(scope, environment, machine), asked, but, 20_000);
      if (kept !== all) compared++;
    }
  }
  assert.ok(compared >= 30, `${compared} compared`);
});

const below = (limit: number): Always => ({
  kind: 'always',
  own: ['activeEvents'],
  holds: (view) => view.own('activeEvents').context.value < limit,
});

const whileBelow = (limit: number, ...facts: Fact['type'][]): Clause => ({
  kind: 'whenever',
  facts,
  own: ['activeEvents'],
  holds: (_, view) => view.own('activeEvents').context.value < limit,
});

/** Events that do the same, with a counter. */
const events = (count: number, machine: AnyStateMachine) =>
  systemOf(...Array.from({ length: count }, (_, event) => part('driver', event, machine)), atomic(3));

const counting = round('active_events.inc', 'pr_warn', 'active_events.dec');

test('a step of one event alone that nobody sees goes first; what is violated without it is as short as it was', async () => {
  const [all, kept] = await compare(events(3, counting), [property([below(4)])]);
  assert.equal([all.covered.states, kept.covered.states], [27, 8]);
  const [, broken] = await compare(events(3, counting), [property([below(3)])]);
  assert.is(inShort(broken.verdicts.get('property')!), '[3]');
});

test('one that a property sees does not', async () => {
  const alone: Clause = {
    kind: 'always',
    every: ['driver'],
    holds: (view) => view.every('driver').filter((driver) => driver.matches('at 1')).length < 2,
  };
  const [, kept] = await compare(events(2, counting), [property([alone])]);
  assert.is(inShort(kept.verdicts.get('property')!), '[2]');
});

const warnsOnce = createMachine({ initial: 'before', states: { before: { on: { pr_warn: 'after' } }, after: {} } });
const turning = round('active_events.inc', 'active_events.dec');

test('nor one that may happen or not by what others do', async () => {
  const system = systemOf(part('driver', 0, warnsOnce), part('driver', 1, turning), atomic(3));
  const [, kept] = await compare(system, [property([whileBelow(1, 'pr_warn')])]);
  assert.is(inShort(kept.verdicts.get('property')!), '2');
});

test('nor one in the background, which is no progress', async () => {
  const taken = createMachine({ initial: 'free', states: { free: { on: { 'foreign.take': 'taken' } }, taken: {} } });
  const system = systemOf(part('reservation', 0, taken), part('driver', 0, round('pr_warn', 'event.free')));
  const [, kept] = await compare(system, [property([{ kind: 'no deadlock' }])]);
  assert.is(inShort(kept.verdicts.get('property')!), 'holds');
});

test('nor one that others can forestall', async () => {
  const hit = createMachine({
    initial: 'open',
    states: {
      open: { on: { 'event.free': 'closed', 'hart.tick': 'hit' } },
      closed: { on: { 'hart.tick': 'closed' } },
      hit: {},
    },
  });
  const ticking = createMachine({ on: { 'hart.tick': {} } });
  const spared: Clause = { kind: 'always', every: ['count'], holds: (view) => !view.every('count')[0]!.matches('hit') };
  const [, kept] = await compare(systemOf(part('count', 0, hit), part('hart', 0, ticking)), [property([spared])]);
  assert.is(inShort(kept.verdicts.get('property')!), '1');
});

test('and who goes round by such steps puts off nobody', async () => {
  const system = systemOf(part('driver', 0, round('pr_warn', 'event.free')), part('driver', 1, turning), atomic(3));
  const [, kept] = await compare(system, [property([below(1)])]);
  assert.is(inShort(kept.verdicts.get('property')!), '[1]');
});

/** An event whose states in the middle of a callback are not kept. */
const inCallback = (states: Record<string, object>): System =>
  systemOf(part('lifecycle', 0, createMachine({ initial: 'out', states } as never)));

test('what is out of reach only in the middle of a callback is found there', async () => {
  const from = (where: string, goal: string): Clause => ({
    kind: 'can reach',
    own: ['lifecycle'],
    from: (view) => view.own('lifecycle').matches(where),
    goal: (view) => view.own('lifecycle').matches(goal),
  });
  const lost = inCallback({
    out: { on: { 'event_init.call': 'in', 'event.free': 'out' } },
    in: { tags: 'in callback', on: { 'event_init.return': 'over' } },
    over: { on: { 'event.free': 'over' } },
  });
  const stuck = inCallback({
    out: { on: { 'event_init.call': 'in', 'event.free': 'out' } },
    in: { tags: 'in callback' },
  });
  for (const [system, clause, short] of [
    [lost, from('in', 'out'), '1'],
    [lost, from('out', 'in'), 'holds'],
    [lost, from('over', 'in'), '2'],
    [stuck, from('in', 'out'), '1'],
    [stuck, { kind: 'no deadlock' }, '1'],
  ] as const) {
    const [, kept] = await compare(system, [property([clause])]);
    assert.is(inShort(kept.verdicts.get('property')!), short);
  }
});

test('callbacks that never end are searched to the end', async () => {
  const states = Object.fromEntries(
    Array.from({ length: 7 }, (_, at) => [
      `in ${at}`,
      { tags: 'in callback', on: { 'event_init.return': `in ${(at + 1) % 7}` } },
    ]),
  );
  const system = inCallback({ out: { on: { 'event_init.call': 'in 0' } }, ...states });
  const { covered } = await check(system, [property([{ kind: 'no deadlock' }])], { partialOrder: true });
  assert.is(covered.exhaustive, true);
});

/** A chart with a few states and facts, of which some concern others. */
const chart = fc.array(
  fc.dictionary(
    fc.constantFrom('pr_warn', 'event.free', 'active_events.inc', 'active_events.dec', 'mutex.lock', 'mutex.unlock'),
    fc.nat({ max: 3 }),
    { maxKeys: 3 },
  ),
  { minLength: 4, maxLength: 4 },
);

const machineOf = (rows: readonly Record<string, number>[]): AnyStateMachine =>
  createMachine({
    initial: 'at 0',
    states: Object.fromEntries(
      rows.map((on, at) => [
        `at ${at}`,
        {
          on: Object.fromEntries(Object.entries(on).map(([type, to]) => [type, `at ${to}`])),
          ...(at === 0 && { tags: 'idle' }),
        },
      ]),
    ),
  } as never);

const idle: Clause = {
  kind: 'can reach',
  each: 'event',
  own: ['driver'],
  goal: (view) => view.own('driver').hasTag('idle'),
};
const CLAUSES: readonly Clause[] = [
  below(2),
  below(3),
  idle,
  { ...idle, from: (view) => view.own('driver').matches('at 2') },
  { kind: 'no deadlock' },
  whileBelow(2, 'pr_warn', 'mutex.lock'),
  {
    kind: 'whenever',
    facts: ['event.free'],
    own: ['driver'],
    holds: (_, view) => !view.own('driver').matches('at 1'),
    each: 'event',
  },
  { kind: 'always', every: ['driver'], holds: (view) => !view.every('driver').every((one) => one.matches('at 3')) },
];

test('any charts, and any of these clauses', async () => {
  let fewer = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(chart, { minLength: 2, maxLength: 3 }),
      fc.subarray([...CLAUSES], { minLength: 1, maxLength: 3 }),
      async (charts, clauses) => {
        const drivers = charts.map((rows, event) => part('driver', event, machineOf(rows)));
        const [all, kept] = await compare(
          systemOf(...drivers, atomic(2)),
          clauses.map((clause, at) => property([clause], { id: `property ${at}` })),
        );
        if (kept.covered.states < all.covered.states) fewer++;
      },
    ),
    { numRuns: 300 },
  );
  assert.ok(fewer > 30, `fewer states in ${fewer} of them`);
});

test('systems of which all is known by hand', async () => {
  await compare(dining(), [property([{ kind: 'no deadlock' }])]);
  await compare(counters(), [property([below(3)])]);
  await compare(systemOf(...[4, 2, 3].map((steps, event) => part('driver', event, lostAfter(steps)))), [
    property([idle]),
  ]);
});

test('a limit stops it where it is reached, and only if anything is left', async () => {
  const { states } = (await check(counters(), [property([below(4)])], { partialOrder: true })).covered;
  for (const [limit, isReached] of [
    [states + 1, false],
    [states, true],
  ] as const) {
    const { covered, verdicts } = await check(counters(), [property([below(4)])], {
      partialOrder: true,
      limits: { states: limit },
    });
    assert.is(covered.exhaustive, !isReached);
    assert.is(verdicts.get('property')!.verdict, isReached ? 'bounded' : 'holds');
  }
});

test('what it excludes is said', async () => {
  for (const options of [{ compact: true }, { symmetry: true }, { reduce: false }])
    await rejects(
      check(counters(), [], { partialOrder: true, ...options }),
      /^partialOrder and .* exclude each other$/,
    );
});

test.run();
