import { getAdjacencyMap, getShortestPaths } from '@xstate/test';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { logicOf, optionsOf } from '../../bench/engines.ts';
import { DRIVERS } from '../../machines/drivers.ts';
import { compose, modelOf } from '../../models/index.ts';
import { explore, pathTests, sequenceDiagram, statesAlong } from '../../src/engine/index.ts';
import type { System } from '../../src/facts/index.ts';
import { counters, dining, once, patient } from './check/fixtures.ts';
import { stateKey } from './check/interpreted.ts';

const SYSTEMS: Readonly<Record<string, () => System>> = {
  'three events that count': counters,
  'two locks': dining,
  'an event that is opened once': () => once(true),
  'a thread that waits': patient,
  'opens that fail': () => compose(modelOf('refused-open-raw').scope, '4.16', DRIVERS['as-posted']),
};

for (const [what, make] of Object.entries(SYSTEMS))
  test(`the states and transitions are those of XState’s own graph functions: ${what}`, () => {
    const system = make();
    const { states, transitions } = explore(system);
    const [logic, options] = [logicOf(system), optionsOf(system)] as never as Parameters<typeof getAdjacencyMap>;
    const map = Object.entries(getAdjacencyMap(logic, options));
    assert.equal(states.map(stateKey).sort(), map.map(([key]) => key).sort());
    const edges = map.flatMap(([from, { transitions }]) =>
      Object.entries(transitions as Readonly<Record<string, { readonly state: unknown }>>).map(([event, { state }]) =>
        [from, event, optionsKey(state)].join(' '),
      ),
    );
    const own = transitions.map(({ from, fact, to }) =>
      [stateKey(states[from]!), JSON.stringify(fact), stateKey(states[to]!)].join(' '),
    );
    assert.equal(own.sort(), edges.sort());

    function optionsKey(state: unknown): string {
      return (options as { serializeState: (state: unknown) => string }).serializeState(state);
    }
  });

test('each state is found after as many facts as XState’s shortest path has', () => {
  const system = SYSTEMS['opens that fail']!();
  const { states, transitions } = explore(system);
  const depth = [0];
  for (const { from, to } of transitions) depth[to] ??= depth[from]! + 1;
  const paths = getShortestPaths(logicOf(system) as never, optionsOf(system) as never);
  const lengths = new Map(
    paths.map(({ state, steps }) => [
      stateKey((state as never as { parts: (typeof states)[number] }).parts),
      // XState counts the start as a step.
      (steps as readonly { readonly event: { readonly type: string } }[]).filter(
        ({ event }) => event.type !== 'xstate.init',
      ).length,
    ]),
  );
  assert.equal(
    states.map((state, number) => [stateKey(state), depth[number]]),
    states.map((state) => [stateKey(state), lengths.get(stateKey(state))]),
  );
});

test('what is too large for a graph is an error', () => {
  assert.throws(() => explore(counters(), { limit: 7 }), /^the system has more than 7 states$/);
});

test('path tests are logs of the system, and take every transition of every machine', () => {
  const system = dining();
  const { tests, covered } = pathTests(system);
  for (const { facts, states } of tests) assert.equal(states.map(stateKey), statesAlong(system, facts).map(stateKey));
  assert.ok(covered.includes('driver 0: at 0, mutex.lock, at 1'));
  // Neither thread can go on from where both hold a lock; but each can, alone, go round.
  assert.is(covered.filter((item) => item.startsWith('driver')).length, 8);
  const types = new Set(
    tests.flatMap(({ facts }) => facts.map(({ type, ...rest }) => `${type} ${JSON.stringify(rest)}`)),
  );
  assert.is(types.size, 8);
});

test('a log is drawn as a sequence of who does what with whom', () => {
  const system = dining();
  const log = explore(system)
    .transitions.slice(0, 1)
    .map(({ fact }) => fact);
  assert.is(
    sequenceDiagram(system, log, 'a # and a\nline'),
    [
      'sequenceDiagram',
      '  participant p0 as driver 0',
      '  participant p2 as reservation',
      '  p0->>p2: mutex.lock',
      '  Note over p0,p2: a #35; and a#10;line',
      '',
    ].join('\n'),
  );
});

test.run();
