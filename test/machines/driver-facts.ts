import { type Attribute, COUNTERS, type Fact } from '../../src/facts/index.ts';

/** What is offered to the driver of one event, with what the other machines could write into it. */
const of = { event: 0 };
const here = { event: 0, hart: 0 };

/** Opens as these kinds of event, and what `event_init` answers. */
export const opens = (attributes: readonly Attribute[]): Fact[] => [
  ...attributes.map((attribute): Fact => ({ type: 'event_init.call', ...of, attribute })),
  { type: 'event_init.return', ...of, answer: 0, destroySet: false },
];

/** An open of a cycles event in a group with which it cannot be on the counters. */
export const unfitOpen: Fact = { type: 'event_init.call', ...of, attribute: 'cycles', fits: false };

export const closes: Fact[] = [
  { type: 'destroy.call', ...of },
  { type: 'destroy.return', ...of },
  { type: 'event.free', ...of },
];

/** What opens and closes do to the data that they share. */
export const onSharedData: Fact[] = [
  { type: 'active_events.inc', ...of, value: 1 },
  { type: 'active_events.inc', ...of, value: 2 },
  { type: 'active_events.dec', ...of, value: 0 },
  { type: 'active_events.dec', ...of, value: 1 },
  { type: 'mutex.lock', ...of },
  { type: 'mutex.wait', ...of },
  { type: 'mutex.unlock', ...of },
  ...(['nobody', 'driver', 'foreign'] as const).map(
    (owner): Fact => ({ type: 'perf_irq.read', ...of, owner, foreignHolds: owner === 'foreign' }),
  ),
  { type: 'perf_irq.write', ...of, owner: 'driver' },
  ...(['nobody', 'driver', 'foreign'] as const).map(
    (owner): Fact => ({ type: 'request_irq', ...of, owner, foreignHolds: owner === 'foreign' }),
  ),
  { type: 'free_irq', ...of, owner: 'driver' },
  { type: 'pr_warn', ...of },
];

/** The calls that a hart runs with interrupts off, and what they answer. */
export const calls: Fact[] = [
  { type: 'add.call', ...here, flags: 0 },
  { type: 'add.call', ...here, flags: 1 },
  { type: 'del.call', ...here, flags: 0 },
  { type: 'start.call', ...here, flags: 0 },
  { type: 'start.call', ...here, flags: 2 },
  { type: 'stop.call', ...here, flags: 0 },
  { type: 'stop.call', ...here, flags: 4 },
  { type: 'read.call', ...here },
  { type: 'add.return', ...here, answer: 0 },
  { type: 'del.return', ...here },
  { type: 'start.return', ...here },
  { type: 'stop.return', ...here },
  { type: 'read.return', ...here },
];

/** What only drivers meet that give counters out, write them, or handle their overflow. */
export const ofPorts: Fact[] = [
  ...[
    [false, false],
    [true, false],
    [true, true],
  ].map((used): Fact => ({ type: 'used_mask.read', ...here, used })),
  { type: 'used_mask.set', ...here, idx: 0 },
  { type: 'used_mask.clear', ...here, idx: 0 },
  ...COUNTERS.flatMap((counter) =>
    (['low', 'high'] as const).map((half): Fact => ({ type: 'csr.write', ...here, counter, half, value: 0 })),
  ),
  { type: 'overflow.call', ...here, counter: 'instret' },
  { type: 'overflow.return', ...here },
];

/** What such a call can meet. */
export const onHart: Fact[] = [
  ...[
    { nEvents: 0, occupied: [false, false] },
    { nEvents: 1, occupied: [true, false] },
    { nEvents: 1, occupied: [false, true] },
    { nEvents: 2, occupied: [true, true] },
    // Two events of one counter, as the posted driver lets them in.
    { nEvents: 2, occupied: [true, false] },
  ].map((slots): Fact => ({ type: 'slots.read', ...here, ...slots })),
  { type: 'slots.compare', ...here, idx: 0, same: true },
  { type: 'slots.compare', ...here, idx: 0, same: false },
  { type: 'slots.write', ...here, idx: 0, bound: true },
  { type: 'n_events.inc', ...here, value: 1 },
  { type: 'n_events.dec', ...here, value: 0 },
  ...COUNTERS.flatMap((counter) =>
    (['low', 'high'] as const).flatMap((half) =>
      [0, 3].map((value): Fact => ({ type: 'csr.read', ...here, counter, half, value })),
    ),
  ),
  { type: 'prev_count.read', ...of, value: 0 },
  { type: 'prev_count.read', ...of, value: 5 },
  { type: 'prev_count.set', ...of, value: 0 },
  { type: 'prev_count.cmpxchg', ...of, expected: 0, value: 0, found: 0 },
  { type: 'prev_count.cmpxchg', ...of, expected: 0, value: 0, found: 5 },
  { type: 'count.add', ...of, delta: 0 },
  { type: 'userpage.update', ...of },
  { type: 'warn', ...of, site: 'read_counter' },
  { type: 'read_counter.default', ...of, idx: 0 },
];
