import { type AnyStateMachine, assign, createMachine } from 'xstate';
import { activeEvents, activeEventsAuthors } from '../../../machines/active-events.ts';
import { hart, hartAuthors } from '../../../machines/hart.ts';
import { reservation, reservationAuthors } from '../../../machines/reservation.ts';
import { System } from '../../../src/engine/compose/index.ts';
import { COUNTERS, FACT_TYPES, type Fact, type Part, PERF, type Role, WIRING } from '../../../src/facts/index.ts';

/** Tiny systems on the vocabulary of the driver, of which every state can be counted by hand. */

/** Authors that write nothing: a fixture says by its chart which data it lets pass. */
const silent = (role: Role): Part['authors'] =>
  Object.fromEntries(
    FACT_TYPES.filter((type) => Object.values(WIRING[type].authors).includes(role)).map((type) => [type, () => ({})]),
  );

export const part = (role: Role, index: number, machine: AnyStateMachine, authors = silent(role)): Part => ({
  role,
  index,
  machine,
  input: undefined,
  authors,
});

export const atomic = (bits: number): Part => ({
  ...part('activeEvents', 0, activeEvents, activeEventsAuthors),
  input: { bits },
});

const mutex: Part = { ...part('reservation', 0, reservation, reservationAuthors), input: { foreign: false } };

export const systemOf = (...parts: Part[]): System<Fact, Role> =>
  new System(PERF, parts, {
    // Who is left out constrains nothing: so no more events than there are machines of events.
    events: new Set(parts.filter(({ role }) => role === 'driver' || role === 'lifecycle').map(({ index }) => index))
      .size,
    harts: 1,
    attributes: ['cycles'],
    ticks: [1],
    counters: COUNTERS,
    tickingCounters: ['cycle'],
    writableCounters: [],
    overflowingCounters: [],
  });

/** Goes through these facts over and over; idle before the first one. */
export const round = (...types: Fact['type'][]): AnyStateMachine =>
  createMachine({
    id: types.join(' '),
    initial: 'at 0',
    states: Object.fromEntries(
      types.map((type, at) => [
        `at ${at}`,
        { on: { [type]: `at ${(at + 1) % types.length}` }, ...(at === 0 ? { tags: 'idle' } : {}) },
      ]),
    ),
  } as never);

/** Three events that each count themselves in and out: 2 × 2 × 2 states. */
export const counters = (bits = 3): System<Fact, Role> =>
  systemOf(
    ...[0, 1, 2].map((event) => part('driver', event, round('active_events.inc', 'active_events.dec'))),
    atomic(bits),
  );

/** An event that only ever counts itself in: as many states as the atomic has values. */
export const leak = (bits: number): System<Fact, Role> =>
  systemOf(part('driver', 0, round('active_events.inc')), atomic(bits));

/** The atomic as a second lock. */
const lock = createMachine({
  initial: 'free',
  states: { free: { on: { 'active_events.inc': 'held' } }, held: { on: { 'active_events.dec': 'free' } } },
});

/**
 * Two threads that take two locks in opposite order. Of their 4 × 4 places, five would have a lock held twice,
 * and one (each on its way out) cannot be reached; in one of the ten others nothing can happen any more.
 */
export const dining = (): System<Fact, Role> =>
  systemOf(
    part('driver', 0, round('mutex.lock', 'active_events.inc', 'active_events.dec', 'mutex.unlock')),
    part('driver', 1, round('active_events.inc', 'mutex.lock', 'mutex.unlock', 'active_events.dec')),
    mutex,
    part('activeEvents', 0, lock),
  );

/** Time, and nothing else. */
export const clock = (wordBits: number): System<Fact, Role> =>
  systemOf({ ...part('hart', 0, hart, hartAuthors), input: { wordBits, xlen: wordBits } });

/** An event that is opened, refused and freed, once: with an end that is declared final, or one that is not. */
export const once = (final: boolean): System<Fact, Role> =>
  systemOf(
    part(
      'lifecycle',
      0,
      createMachine({
        initial: 'absent',
        states: {
          absent: { on: { 'event_init.call': 'opening' } },
          opening: { on: { 'event_init.return': 'refused' } },
          refused: { on: { 'event.free': 'gone' } },
          gone: final ? { tags: 'final' } : {},
        },
      }),
    ),
  );

/** An event that may wait for the mutex any number of times, which changes nothing, before it gives up. */
export const patient = (): System<Fact, Role> =>
  systemOf(
    part(
      'driver',
      0,
      createMachine({
        initial: 'waits',
        states: { waits: { on: { 'mutex.wait': {}, 'mutex.lock': 'done' } }, done: {} },
      }),
    ),
  );

/** Comes back to where it is idle from each step but the last of so many, from which it never does. */
export const lostAfter = (steps: number): AnyStateMachine =>
  createMachine({
    initial: 'at 0',
    states: Object.fromEntries(
      Array.from({ length: steps + 1 }, (_, at) => [
        `at ${at}`,
        {
          on: { pr_warn: `at ${Math.min(at + 1, steps)}`, ...(at < steps && { 'mutex.unlock': 'at 0' }) },
          ...(at === 0 && { tags: 'idle' }),
        },
      ]),
    ),
  } as never);

/** Two flags of one machine that a fact sets for good: from then on, what needs the other one is out of reach. */
export const trap = (): System<Fact, Role> =>
  systemOf(
    part(
      'driver',
      0,
      createMachine({
        context: { turns: 0 },
        initial: 'idle',
        states: {
          idle: {
            tags: 'idle',
            on: {
              'mutex.lock': { target: 'idle', actions: assign({ turns: ({ context }) => (context.turns + 1) % 3 }) },
              pr_warn: { guard: ({ context }) => context.turns === 2, target: 'stuck' },
            },
          },
          stuck: { on: { 'mutex.lock': 'stuck', 'mutex.unlock': 'stuck' } },
        },
      }),
    ),
  );
