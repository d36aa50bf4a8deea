import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DRIVERS } from '../../../machines/drivers.ts';
import { compose } from '../../../models/index.ts';
import { SMALLEST } from '../../../models/scope.ts';
import {
  append,
  author,
  fold,
  initialState,
  isRefusal,
  RefusedFact,
  successors,
} from '../../../src/engine/compose/index.ts';
import { type Fact, RISCV_BASE_PMU, type Role } from '../../../src/facts/index.ts';
import { OPEN, RUN } from '../../fixtures/logs.ts';

const { 'as-posted': posted } = DRIVERS;

/** One cycles event on two harts of a real RV64. */
const system = compose({ ...SMALLEST, harts: 2, pmu: RISCV_BASE_PMU, ticks: ['cycle'] }, '4.16', posted);

/** What a machine of the system has come to. */
const contextAfter = (log: readonly Fact[], role: Role, index = 0) =>
  fold(system, log)[system.partOf(role, index)!]!.context;

function refusal(log: readonly Fact[]): RefusedFact {
  try {
    fold(system, log);
  } catch (error) {
    if (error instanceof RefusedFact) return error;
    throw error;
  }
  throw new Error('the log was accepted');
}

test('a log written by hand is accepted, and every machine has its share of it', () => {
  assert.is(contextAfter(OPEN, 'activeEvents').value, 1);
  assert.is(contextAfter(OPEN, 'reservation').perfIrq, 'driver');
  assert.is(contextAfter(OPEN, 'driver').idx, -1);
  const log = [...OPEN, ...RUN];
  assert.equal(contextAfter(log, 'slots').events, [null, null]);
  assert.is(contextAfter(log, 'hart').cycle, '18446744073709551610');
  assert.is(contextAfter(log, 'count').uncounted, 0);
});

test('a log goes on from any state', () => {
  const whole = fold(system, [...OPEN, ...RUN]);
  const resumed = fold(system, RUN, fold(system, OPEN));
  assert.equal(
    resumed.map(({ value, context }) => [value, context]),
    whole.map(({ value, context }) => [value, context]),
  );
});

const refused: readonly [what: string, log: readonly Fact[], fact: Fact, by: string][] = [
  ['a call before the open', [], { type: 'destroy.call', event: 0 }, 'lifecycle 0'],
  ['an event that no scope offers', [], { type: 'event_init.call', event: 0, attribute: 'raw' }, 'lifecycle 0'],
  ['a step that the code does not take', OPEN.slice(0, 2), { type: 'mutex.unlock', event: 0 }, 'driver 0'],
  ['del without add', OPEN, { type: 'del.call', event: 0, hart: 0, flags: 0 }, 'lifecycle 0'],
  ['add with flags of no core', OPEN, { type: 'add.call', event: 0, hart: 0, flags: 0 }, 'lifecycle 0'],
  [
    'a callback that goes on on another hart',
    [...OPEN, { type: 'add.call', event: 0, hart: 0, flags: 1 }],
    { type: 'slots.read', event: 0, hart: 1, nEvents: 0, occupied: [false, false] },
    'hart 1',
  ],
  [
    'time inside a callback',
    [...OPEN, { type: 'add.call', event: 0, hart: 0, flags: 1 }],
    { type: 'hart.tick', hart: 0, counter: 'cycle', ticks: 1 },
    'hart 0',
  ],
  ['a foreign owner in a scope without one', [], { type: 'foreign.take' }, 'reservation 0'],
];

for (const [what, log, fact, by] of refused)
  test(`${what} is refused by the ${by}`, () => {
    const { position, fact: told, reason, message } = refusal([...log, fact]);
    assert.is(position, log.length);
    assert.is(told, fact);
    assert.is(reason, `refused by the ${by}`);
    assert.is(message, `fact ${log.length + 1} (${fact.type}): refused by the ${by}`);
  });

const wrong: readonly [what: string, log: readonly Fact[], fact: Fact, reason: string][] = [
  [
    'the atomic',
    OPEN.slice(0, 1),
    { type: 'active_events.inc', event: 0, value: 2 },
    'value is 2, but 1 in this state',
  ],
  [
    'the driver',
    OPEN.slice(0, -1),
    { type: 'event_init.return', event: 0, answer: 'EBUSY', destroySet: true },
    'answer is "EBUSY", but 0 in this state',
  ],
  [
    'nobody, since it is missing',
    OPEN.slice(0, 1),
    { type: 'active_events.inc', event: 0 } as Fact,
    'value is undefined, but 1 in this state',
  ],
  [
    'the slots',
    [...OPEN, { type: 'add.call', event: 0, hart: 0, flags: 1 }],
    { type: 'slots.read', event: 0, hart: 0, nEvents: 0, occupied: [true, false] },
    'occupied is [true,false], but [false,false] in this state',
  ],
];

for (const [who, log, fact, reason] of wrong)
  test(`data that was not authored by ${who} is refused with both values`, () => {
    assert.is(refusal([...log, fact]).reason, reason);
  });

test('an author writes its fields into a bare fact, and leaves the indices alone', () => {
  const bare = { type: 'active_events.inc', event: 0 } as Fact;
  assert.equal(author(system, initialState(system), bare), { ...bare, value: 1 });
});

test('a refused fact changes nothing', () => {
  const before = initialState(system);
  const kept = [...before];
  const result = append(system, before, { type: 'mutex.unlock', event: 0 });
  assert.ok(isRefusal(result));
  assert.equal(result, { refusedBy: 'driver', index: 0 });
  assert.ok(before.every((snapshot, part) => snapshot === kept[part]));
});

test('what can happen next is what is accepted, with its data', () => {
  const next = (log: readonly Fact[]): Fact[] => successors(system, fold(system, log)).map(([fact]) => fact);
  const ticks: Fact[] = [0, 1].map((hart) => ({ type: 'hart.tick', hart, counter: 'cycle', ticks: 1 }));
  assert.equal(next([]), [{ type: 'event_init.call', event: 0, attribute: 'cycles' }, ...ticks]);
  assert.equal(next(OPEN.slice(0, 1)), [{ type: 'active_events.inc', event: 0, value: 1 }, ...ticks]);
});

test.run();
