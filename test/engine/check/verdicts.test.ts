import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { check, counterexampleOf } from '../../../src/engine/check/index.ts';
import type { Always, Clause, Fact, Property, System, Verdict, View } from '../../../src/facts/index.ts';
import { clock, counters, dining, leak, lostAfter, once, part, patient, round, systemOf, trap } from './fixtures.ts';
import { property } from './property.ts';

async function verdictOf(system: System, clause: Clause, more: Partial<Property> = {}): Promise<Verdict> {
  const { verdicts } = await check(system, [property([clause], more)]);
  return verdicts.get('property')!;
}

const types = (facts: readonly Fact[]): string[] => facts.map(({ type }) => type);

/** The counterexample, as its fact types and what it breaks. */
function broken(verdict: Verdict) {
  if (verdict.verdict !== 'violated') throw new Error(`it is ${verdict.verdict}`);
  const { facts, lasting, ...rest } = verdict.counterexample;
  return { facts: types(facts), ...rest, ...(lasting && { lasting: { ...lasting, facts: types(lasting.facts) } }) };
}

const value = (view: View): number => view.own('activeEvents').context.value;
const below = (limit: number): Always => ({
  kind: 'always',
  own: ['activeEvents'],
  holds: (view) => value(view) < limit,
});

test('an invariant that is true in every state holds', async () => {
  assert.equal(await verdictOf(counters(), below(4)), { verdict: 'holds' });
});

test('an invariant that is false in one state is violated by a shortest log to it', async () => {
  assert.equal(broken(await verdictOf(counters(), below(3))), {
    facts: ['active_events.inc', 'active_events.inc', 'active_events.inc'],
    breaks: 'state',
    onlyInFlight: true,
  });
});

test('a break that is there before the first fact has an empty log', async () => {
  assert.equal(broken(await verdictOf(counters(), below(0))), { facts: [], breaks: 'state', onlyInFlight: false });
});

test('a break while a call is in flight is told before a longer one that lasts, and with it', async () => {
  const machine = round('active_events.inc', 'mutex.lock', 'mutex.unlock');
  const system = systemOf(part('driver', 0, machine), ...leak(4).parts.slice(1));
  assert.equal(broken(await verdictOf(system, below(1))), {
    facts: ['active_events.inc'],
    breaks: 'state',
    onlyInFlight: false,
    lasting: { facts: ['active_events.inc', 'mutex.lock', 'mutex.unlock'], breaks: 'state' },
  });
  const alone = broken(await verdictOf(counters(), below(1)));
  assert.equal([alone.facts.length, alone.onlyInFlight, alone.lasting], [1, true, undefined]);
});

test('of breaks that take as many facts, the one that lasts is told', () => {
  const [brief, lasts] = [false, true].map((lasts) => ({ facts: [], breaks: 'state' as const, lasts }));
  assert.equal(counterexampleOf([brief!, lasts!]), { facts: [], breaks: 'state', onlyInFlight: false });
  assert.equal(counterexampleOf([brief!]), { facts: [], breaks: 'state', onlyInFlight: true });
  assert.is(counterexampleOf([]), undefined);
});

test('a condition on a fact sees the state before it, and its log ends with the fact', async () => {
  const seen: Clause = {
    kind: 'whenever',
    facts: ['active_events.inc'],
    own: ['activeEvents'],
    holds: (fact, view) => (fact as Fact<'active_events.inc'>).value === value(view) + 1,
  };
  assert.equal(await verdictOf(counters(), seen), { verdict: 'holds' });
  const twice: Clause = { ...seen, holds: (_, view) => value(view) === 0 };
  assert.equal(broken(await verdictOf(counters(), twice)), {
    facts: ['active_events.inc', 'active_events.inc'],
    breaks: 'fact',
    onlyInFlight: false,
  });
});

test('a clause that is asked of each event names it', async () => {
  const asked = new Set<number>();
  await verdictOf(counters(), {
    kind: 'always',
    each: 'event',
    own: ['driver'],
    holds: ({ index }) => asked.add(index) !== undefined,
  });
  assert.equal([...asked].sort(), [0, 1, 2]);
});

test('what the contract says to stay possible is violated by a shortest log to where it is not', async () => {
  const unlocked: Clause = {
    kind: 'can reach',
    every: ['driver'],
    goal: (view) => view.every('driver').every((thread) => thread.hasTag('idle')),
  };
  assert.equal(broken(await verdictOf(dining(), unlocked)), {
    facts: ['mutex.lock', 'active_events.inc'],
    breaks: 'never',
    onlyInFlight: false,
  });
  assert.equal(await verdictOf(counters(), unlocked), { verdict: 'holds' });
  assert.is(broken(await verdictOf(trap(), unlocked)).facts.at(-1), 'pr_warn');
  assert.is(broken(await verdictOf(trap(), unlocked)).facts.length, 3);
});

test('of several machines that are lost for good, the one counts that is lost by the shortest log', async () => {
  const comesBack: Clause = {
    kind: 'can reach',
    each: 'event',
    own: ['driver'],
    goal: (view) => view.own('driver').hasTag('idle'),
  };
  const system = systemOf(...[4, 2, 3].map((facts, event) => part('driver', event, lostAfter(facts))));
  assert.equal(broken(await verdictOf(system, comesBack)).facts, ['pr_warn', 'pr_warn']);
});

test('what the contract says only from some states is not asked of others', async () => {
  const idle = (view: View): boolean => view.own('driver').hasTag('idle');
  const clause: Clause = { kind: 'can reach', own: ['driver'], goal: idle };
  assert.is((await verdictOf(trap(), { ...clause, from: idle })).verdict, 'holds');
  assert.is((await verdictOf(trap(), { ...clause, from: (view) => !idle(view) })).verdict, 'violated');
});

test('a deadlock is found by a shortest log to it', async () => {
  assert.equal(broken(await verdictOf(dining(), { kind: 'no deadlock' })), {
    facts: ['mutex.lock', 'active_events.inc'],
    breaks: 'stuck',
    onlyInFlight: false,
  });
  assert.equal(broken(await verdictOf(patient(), { kind: 'no deadlock' })).facts, ['mutex.lock']);
  assert.equal(await verdictOf(counters(), { kind: 'no deadlock' }), { verdict: 'holds' });
});

test('time that goes on is no progress', async () => {
  assert.equal(broken(await verdictOf(clock(2), { kind: 'no deadlock' })).facts, []);
});

test('an end that is declared final is no deadlock', async () => {
  assert.equal(await verdictOf(once(true), { kind: 'no deadlock' }), { verdict: 'holds' });
  assert.is(broken(await verdictOf(once(false), { kind: 'no deadlock' })).facts.length, 3);
});

test('a property of what never happens is vacuous, unless it is broken', async () => {
  const never = { speaksOf: ({ type }: Fact) => type === 'warn' };
  assert.equal(await verdictOf(counters(), below(4), never), { verdict: 'vacuous' });
  assert.is((await verdictOf(counters(), below(3), never)).verdict, 'violated');
  const spoken = { speaksOf: (fact: Fact) => fact.type === 'active_events.inc' && fact.value === 3 };
  assert.is((await verdictOf(counters(), below(4), spoken)).verdict, 'holds');
});

test('of several clauses the one with the shorter log is told', async () => {
  const { verdicts } = await check(counters(), [property([below(3), below(2), below(4)])]);
  assert.is(broken(verdicts.get('property')!).facts.length, 2);
});

test('of several clauses the one with the shorter log is told, and beside it one whose break lasts', async () => {
  // The first clause is broken by the first event, as long as that is in flight; the other by the third.
  const third: Clause = {
    kind: 'whenever',
    facts: ['active_events.inc'],
    holds: (fact) => (fact as Fact<'active_events.inc'>).value < 3,
  };
  const { verdicts } = await check(counters(), [property([below(1), third])]);
  assert.equal(broken(verdicts.get('property')!), {
    facts: ['active_events.inc'],
    breaks: 'state',
    onlyInFlight: false,
    lasting: { facts: ['active_events.inc', 'active_events.inc', 'active_events.inc'], breaks: 'fact' },
  });
});

test('every property has its own verdict', async () => {
  const { verdicts } = await check(counters(), [property([below(4)], { id: 'a' }), property([below(2)], { id: 'b' })]);
  assert.equal(
    [...verdicts].map(([id, { verdict }]) => [id, verdict]),
    [
      ['a', 'holds'],
      ['b', 'violated'],
    ],
  );
});

const messageOf = (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => 'no error',
    ({ message }: Error) => message,
  );

test('a property that reads what it does not declare is an error', async () => {
  const clause: Always = { kind: 'always', own: ['driver'], holds: (view) => value(view) < 4 };
  assert.is(await messageOf(verdictOf(counters(), clause)), 'property reads a activeEvents that it does not declare');
});

test('a property that reads what is not in the composition is an error', async () => {
  const clause: Always = { kind: 'always', own: ['hart'], holds: (view) => view.own('hart').hasTag('x') };
  assert.is(await messageOf(verdictOf(counters(), clause)), 'property reads a hart that is not there');
});

test.run();
