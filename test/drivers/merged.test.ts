import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DRIVERS } from '../../machines/drivers.ts';
import { compose, modelOf, propertyOf, type Scope } from '../../models/index.ts';
import { SMALLEST } from '../../models/scope.ts';
import { aftermath } from '../../src/audit/rerun.ts';
import { check } from '../../src/engine/check/index.ts';
import { append, author, initialState, isRefusal, localsOf, type State } from '../../src/engine/compose/index.ts';
import type { Fact, System } from '../../src/facts/index.ts';

const driver = DRIVERS['merged-4.18'];
const withInterrupt: Scope = { ...SMALLEST, pmu: { ...SMALLEST.pmu, interrupt: true } };

function step(system: System, state: State, bare: Fact): State {
  const next = append(system, state, author(system, state, bare));
  if (isRefusal(next)) throw new Error(`the ${next.refusedBy} refuses ${JSON.stringify(bare)}`);
  return next;
}

/** What happens between a call and its return. */
function callback(system: System, state: State, call: Fact): { facts: Fact[]; after: State } {
  const called = step(system, state, call);
  const facts = aftermath(system, localsOf(system, called));
  return { facts, after: facts.reduce((now, fact) => step(system, now, fact), called) };
}

const open: Fact = { type: 'event_init.call', event: 0, attribute: 'cycles' };
const types = (facts: readonly Fact[]) => facts.map(({ type }) => type);

test('without an interrupt, a reservation locks, unlocks and cannot fail', () => {
  const system = compose(SMALLEST, '5.10', driver);
  const opened = callback(system, initialState(system), open);
  assert.equal(types(opened.facts), ['active_events.inc', 'mutex.lock', 'mutex.unlock', 'event_init.return']);
  const closed = callback(system, opened.after, { type: 'destroy.call', event: 0 });
  assert.equal(types(closed.facts), ['active_events.dec', 'mutex.lock', 'mutex.unlock', 'destroy.return']);
});

test('with an interrupt, it requests and frees the line under the mutex', () => {
  const system = compose(withInterrupt, '5.10', driver);
  const opened = callback(system, initialState(system), open);
  assert.equal(types(opened.facts).slice(1, 4), ['mutex.lock', 'request_irq', 'mutex.unlock']);
  const closed = callback(system, opened.after, { type: 'destroy.call', event: 0 });
  assert.equal(types(closed.facts).slice(1, 4), ['mutex.lock', 'free_irq', 'mutex.unlock']);
});

test('a line that another owner holds is EBUSY, and stays with its owner', () => {
  const system = compose({ ...withInterrupt, foreign: true }, '5.10', driver);
  const taken = step(system, initialState(system), { type: 'foreign.take' });
  const { facts, after } = callback(system, taken, open);
  assert.equal((facts.at(-1) as Fact<'event_init.return'>).answer, 'EBUSY');
  assert.is(after[0]?.context.perfIrq, 'foreign');
});

test('start publishes the page, and then takes a fresh prev_count without a look at the old one', () => {
  const system = compose({ ...SMALLEST, harts: 1 }, '5.10', driver);
  const opened = callback(system, initialState(system), open);
  const added = callback(system, opened.after, { type: 'add.call', event: 0, hart: 0, flags: 1 });
  assert.equal(types(added.facts), [
    'slots.read',
    'slots.write',
    'n_events.inc',
    'userpage.update',
    'csr.read',
    'prev_count.set',
    'add.return',
  ]);
});

const verdicts = async (model: string, scope: Partial<Scope>, ids: readonly string[]) => {
  const system = compose({ ...modelOf(model).scope, ...scope }, '4.16', driver);
  const { verdicts } = await check(system, ids.map(propertyOf));
  return ids.map((id) => verdicts.get(id)?.verdict);
};

const RESERVATION = ['reserved-while-live', 'released-when-idle', 'foreign-owner-kept'];

test('without an interrupt, there is no reservation to property anything of', async () => {
  assert.equal(await verdicts('foreign-owner', {}, RESERVATION), ['vacuous', 'vacuous', 'vacuous']);
});

test('with an interrupt, another owner is kept, and two threads still break the reservation', async () => {
  assert.equal(
    await verdicts('foreign-owner-two-threads', { pmu: withInterrupt.pmu }, [...RESERVATION, 'busy-is-true']),
    ['violated', 'holds', 'holds', 'violated'],
  );
});

test('freeing a line that is not held makes the kernel warn', async () => {
  assert.equal(await verdicts('foreign-owner-two-threads', { pmu: withInterrupt.pmu }, ['no-warning']), ['violated']);
});

test.run();
