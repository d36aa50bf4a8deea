import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { append, enabled, initialState, type State, statesAlong, successors } from '../../src/engine/compose/index.ts';
import { bareLabel, factBeside, factLabel } from '../../src/explorer/session/fact-label.ts';
import { impossible } from '../../src/explorer/session/refusals.ts';
import type { World } from '../../src/explorer/session/world.ts';
import { explored, THREADS } from './worlds.ts';

test('what can happen is what the search takes, in its order; the rest cannot, and says why', () => {
  fc.assert(
    fc.property(explored, ({ world: { system, bare }, log }) => {
      for (const state of statesAlong(system, log).slice(-3)) {
        const open = [...enabled(system, state, bare)];
        assert.equal(
          open,
          successors(system, state, bare).map(([fact]) => fact),
        );
        const closed = impossible(system, state, bare);
        assert.is(open.length + closed.length, bare.length);
        for (const { refusals } of closed) for (const { who, why } of refusals) assert.ok(who !== '' && why !== '');
        assert.is(new Set(bare.map(bareLabel)).size, bare.length);
      }
    }),
    { numRuns: 20 },
  );
});

/** Why a fact cannot happen after others, which are named by their labels in their order. */
function reasons(world: World, way: readonly string[], label: string) {
  const { system, bare } = world;
  let state = initialState(system);
  for (const step of way) {
    const fact = [...enabled(system, state, bare)].find((one) => bareLabel(one) === step);
    assert.ok(fact, `${step} can happen`);
    state = append(system, state, fact!) as State;
  }
  const found = impossible(system, state, bare).find(({ fact }) => bareLabel(fact) === label);
  return found && { kind: found.kind, why: found.refusals.map(({ who, why }) => `${who} ${why}`) };
}

test('a machine that is in the way is named, with the state that it is in', () => {
  const way = ['event_init.call event 0, cycles', 'active_events.inc event 0', 'event_init.call event 1, cycles'];
  assert.equal(reasons(THREADS, way, 'mutex.wait event 0'), {
    kind: 'blocked',
    why: ['PMC reservation is in mutex.free'],
  });
  assert.equal(reasons(THREADS, way, 'event_init.return event 0'), {
    kind: 'elsewhere',
    why: ['driver, event 0 is at reserve_pmc_hardware:355'],
  });
});

test('so is the guard that says no', () => {
  assert.equal(reasons(THREADS, [], 'foreign.take'), {
    kind: 'closed',
    why: ['PMC reservation is in foreign.away, where mayTake says no'],
  });
});

test('and each machine that refuses, not the first one only', () => {
  assert.equal(reasons(THREADS, ['event_init.call event 0, cycles'], 'destroy.call event 0'), {
    kind: 'closed',
    why: ['perf core, event 0 is in initialising.asked', 'driver, event 0 is at riscv_event_init:389'],
  });
});

test('a fact says what it is about', () => {
  assert.is(factLabel({ type: 'hart.tick', hart: 1, counter: 'cycle', ticks: 2 }), 'hart 1: cycle advances by 2');
  assert.is(factLabel({ type: 'mutex.lock', event: 1 }), 'event 1: mutex_lock(&pmc_reserve_mutex)');
  assert.is(factLabel({ type: 'event.free', event: 1 }), 'event 1 is freed');
  assert.is(factBeside('task of event 1', { type: 'mutex.lock', event: 1 }), 'mutex_lock(&pmc_reserve_mutex)');
  assert.is(factBeside('hart 0', { type: 'del.return', event: 1, hart: 0 }), 'event 1: del returns');
});

test.run();
