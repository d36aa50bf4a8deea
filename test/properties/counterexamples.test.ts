import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { AnyMachineSnapshot } from 'xstate';
import { DRIVERS } from '../../machines/drivers.ts';
import { compose, ENVIRONMENTS, modelOf, propertyOf } from '../../models/index.ts';
import { type State, successors, violatedByFact, violatedInState } from '../../src/engine/index.ts';
import {
  type BreakingLog,
  type CanReach,
  type Counterexample,
  type Property,
  type System,
  WIRING,
} from '../../src/facts/index.ts';
import { stateKey } from '../engine/check/interpreted.ts';
import { viewsOf } from '../engine/check/views.ts';
import { Actors } from '../engine/compose/actors.ts';
import { DEFAULT, searched } from '../models/searched.ts';

/** Whether some state with the goal can be reached, searched through XState itself. */
function canReach(system: System, from: State, holds: (state: State) => boolean): boolean {
  const offers = system.bareFacts();
  const seen = new Set([stateKey(from)]);
  for (const open = [from]; open.length > 0; ) {
    const state = open.shift()!;
    if (holds(state)) return true;
    for (const [, next] of successors(system, state, offers)) {
      const key = stateKey(next);
      if (!seen.has(key)) open.push(next);
      seen.add(key);
    }
  }
  return false;
}

const isIdle = (system: System, state: readonly AnyMachineSnapshot[]): boolean =>
  system.ofRole('driver').every((part) => state[part]!.hasTag('idle'));

/** Sends the log to plain actors; answers whether the property is violated at its end, and there lasts or does not. */
function breaks(system: System, property: Property, { facts, breaks: how }: BreakingLog, lasts = true): boolean {
  const actors = new Actors(system);
  const last = facts.at(-1);
  for (const fact of facts.slice(0, -1)) actors.send(fact);
  if (how === 'fact') return violatedByFact(system, property, actors.state, last!);
  if (last !== undefined) actors.send(last);
  const { state } = actors;
  switch (how) {
    case 'state':
      return violatedInState(system, property, state) && isIdle(system, state) === lasts;
    case 'stuck':
      return successors(system, state).every(([{ type }]) => WIRING[type].background === true);
    case 'never':
      return property.clauses
        .filter((clause): clause is CanReach => clause.kind === 'can reach')
        .some((clause) =>
          viewsOf(system, property, clause, state).some(
            (view, index) =>
              (clause.from?.(view) ?? true) &&
              !canReach(system, state, (reached) => clause.goal(viewsOf(system, property, clause, reached)[index]!)),
          ),
        );
  }
}

for (const environment of ENVIRONMENTS)
  test(`every counterexample of the default audit violates its property among plain actors: ${environment}`, async () => {
    let replayed = 0;
    for (const model of DEFAULT) {
      if (!model.environments.includes(environment)) continue;
      const system = compose(model.scope, environment, DRIVERS['as-posted']);
      const { verdicts } = await searched('as-posted', model, environment);
      for (const [id, verdict] of verdicts) {
        if (verdict.verdict !== 'violated') continue;
        const { onlyInFlight, lasting, ...shortest } = verdict.counterexample;
        const lasts = !onlyInFlight && lasting === undefined;
        assert.ok(breaks(system, propertyOf(id), shortest, lasts), `${id} in ${model.name}`);
        if (lasting) assert.ok(breaks(system, propertyOf(id), lasting), `${id} in ${model.name}, lasting`);
        replayed++;
      }
    }
    assert.ok(replayed >= 10, `${replayed} replayed`);
  });

const twoThreads = modelOf('two-threads');
const reserved = propertyOf('reserved-while-live');

async function brokenReservation(): Promise<Counterexample> {
  const { verdicts } = await searched('as-posted', twoThreads, '4.16');
  const verdict = verdicts.get(reserved.id);
  if (verdict?.verdict !== 'violated') throw new Error('it holds');
  return verdict.counterexample;
}

test('a log that ends before the break is no counterexample', async () => {
  const system = compose(twoThreads.scope, '4.16', DRIVERS['as-posted']);
  const counterexample = await brokenReservation();
  assert.ok(breaks(system, reserved, counterexample, false));
  assert.ok(breaks(system, reserved, counterexample.lasting!));
  for (const lasts of [false, true])
    assert.not(breaks(system, reserved, { ...counterexample, facts: counterexample.facts.slice(0, -1) }, lasts));
});

test('a log of another driver is no counterexample', async () => {
  const repaired = compose(twoThreads.scope, '4.16', DRIVERS.repaired);
  const counterexample = await brokenReservation();
  assert.throws(() => breaks(repaired, reserved, counterexample), /would be ignored by the driver/);
});

test.run();
