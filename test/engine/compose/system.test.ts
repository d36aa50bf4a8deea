import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { activeEvents, activeEventsAuthors } from '../../../machines/active-events.ts';
import { driverAuthors } from '../../../machines/driver/index.ts';
import { DRIVERS } from '../../../machines/drivers.ts';
import { hart, hartAuthors } from '../../../machines/hart.ts';
import { compose } from '../../../models/index.ts';
import { SMALLEST } from '../../../models/scope.ts';
import { type Domains, System } from '../../../src/engine/compose/index.ts';
import { type Fact, type Part, PERF, RISCV_BASE_PMU, scaled } from '../../../src/facts/index.ts';
import { throwsMessage } from '../../throws.ts';

const DOMAINS: Domains = {
  events: 2,
  harts: 2,
  attributes: ['cycles'],
  ticks: [1, 2],
  counters: ['cycle', 'instret'],
  tickingCounters: ['cycle'],
  writableCounters: [],
  overflowingCounters: [],
};
const { 'as-posted': posted } = DRIVERS;

const atomic: Part = {
  role: 'activeEvents',
  index: 0,
  machine: activeEvents,
  input: { bits: 2 },
  authors: activeEventsAuthors,
};
const hartOf = (index: number): Part => ({
  role: 'hart',
  index,
  machine: hart,
  input: { wordBits: 2, xlen: 2 },
  authors: hartAuthors,
});

const composed = compose({ ...SMALLEST, events: [['cycles'], ['cycles']], harts: 2 }, '4.16', posted);
const rolesOf = (fact: Fact): string[] =>
  composed.participants(fact).map((number) => {
    const { role, index } = composed.parts[number]!;
    return `${role} ${index}`;
  });

test('two machines for one place are an error', () => {
  throwsMessage(() => new System(PERF, [hartOf(1), hartOf(1)], DOMAINS), 'two machines for hart 1');
  new System(PERF, [hartOf(0), hartOf(1)], DOMAINS);
});

test('a machine that does not author what the wiring asks of it is an error', () => {
  const mute = { ...atomic, authors: {} };
  throwsMessage(
    () => new System(PERF, [mute], DOMAINS),
    'the activeEvents does not author its part of active_events.inc',
  );
  const { 'count.add': _, ...others } = driverAuthors;
  const parts = composed.parts.map((part) => (part.role === 'driver' ? { ...part, authors: others } : part));
  throwsMessage(() => new System(PERF, parts, DOMAINS), 'the driver does not author its part of count.add');
});

test('the numbers of a PMU that is none are an error', () => {
  const pmu = { ...scaled(RISCV_BASE_PMU, 2), numCounters: 3 };
  assert.throws(() => compose({ ...SMALLEST, pmu }, '4.16', posted), /^PMU: maxCounters/);
});

test('who takes part is selected by the indices of the fact, the initiator first', () => {
  assert.equal(rolesOf({ type: 'event_init.call', event: 1, attribute: 'cycles' }), [
    'lifecycle 1',
    'driver 1',
    'count 1',
  ]);
  assert.equal(rolesOf({ type: 'n_events.inc', event: 1, hart: 0, value: 1 }), ['driver 1', 'hart 0', 'slots 0']);
  assert.equal(rolesOf({ type: 'mutex.lock', event: 0 }), ['driver 0', 'reservation 0']);
});

test('everyone of a role hears a tick', () => {
  assert.equal(rolesOf({ type: 'hart.tick', hart: 1, counter: 'cycle', ticks: 1 }), ['hart 1', 'count 0', 'count 1']);
});

test('a machine that is left out takes no part, and authors nothing', () => {
  const alone = new System(PERF, [atomic], DOMAINS);
  const bare = { type: 'active_events.inc', event: 0 } as Fact;
  assert.equal(alone.participants(bare), [0]);
  assert.equal(
    alone.authors(bare).map(({ part }) => part),
    [0],
  );
  assert.equal(alone.participants({ type: 'mutex.lock', event: 0 } as Fact), []);
  assert.is(alone.partOf('driver', 0), undefined);
  assert.equal(alone.ofRole('driver'), []);
});

test('an offer runs over the indices, and only over facts in which somebody takes part', () => {
  const offered = new System(PERF, [atomic, hartOf(0)], DOMAINS).bareFacts();
  const count = (type: Fact['type']): number => offered.filter((fact) => fact.type === type).length;
  assert.is(count('active_events.inc'), 2);
  assert.is(count('hart.tick'), 2);
  assert.is(count('mutex.lock'), 0);
  assert.equal(
    offered.filter((fact) => fact.type === 'stop.call'),
    [0, 1].flatMap((event) => [0, 4].map((flags) => ({ type: 'stop.call', event, hart: 0, flags }))),
  );
});

test.run();
