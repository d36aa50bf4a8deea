import { between, type Present } from '../../src/engine/check/index.ts';
import type { Fact, PmcOwner, Property, View } from '../../src/facts/index.ts';

export const isLive = (event: Present): boolean => event.hasTag('live');
/** An open or a close is on its way. */
export const isInFlight = (event: Present): boolean => event.hasTag('opening') || event.hasTag('closing');

const owner = (view: View): PmcOwner => view.own('reservation').context.perfIrq;
export const takesPmc = (fact: Fact): boolean =>
  fact.type === 'request_irq' ? fact.owner === 'nobody' : fact.type === 'perf_irq.write' && fact.owner === 'driver';
/** A driver without a shared handler has nothing to reserve on a PMU without an interrupt. */
const reservesNothing = (view: View): boolean => view.own('reservation').context.reserves === 'nothing';

export const referencesBalance: Property = {
  id: 'references-balance',
  statement: 'riscv_active_events is the number of live events, plus the calls in flight',
  severity: 'high',
  source: 'riscv_event_init and riscv_event_destroy, perf_event.c:376-396',
  consequence:
    'The count never comes back to zero, or comes there too early: the PMC stays reserved for ever, or is released under a live event.',
  vacuousWhen: 'nothing is opened',
  speaksOf: (fact) => fact.type === 'active_events.inc',
  shows: ['activeEvents', 'reservation'],
  clauses: [
    between({
      own: ['activeEvents'],
      number: (view) => view.own('activeEvents').context.value,
      over: 'lifecycle',
      least: (event) => Number(isLive(event)),
      most: (event) => Number(isLive(event)) + Number(isInFlight(event)),
    }),
  ],
};

export const reservedWhileLive: Property = {
  id: 'reserved-while-live',
  statement: 'while an event is live, this driver holds the PMC',
  severity: 'high',
  source: 'reserve_pmc_hardware, perf_event.c:351-361',
  consequence: 'Another user of the counters can take and reprogram them while perf counts.',
  vacuousWhen: 'the driver never takes the PMC',
  speaksOf: takesPmc,
  shows: ['activeEvents', 'reservation'],
  clauses: [
    {
      kind: 'always',
      each: 'event',
      own: ['reservation', 'lifecycle'],
      holds: (view) => owner(view) === 'driver' || reservesNothing(view) || !isLive(view.own('lifecycle')),
    },
  ],
};

export const releasedWhenIdle: Property = {
  id: 'released-when-idle',
  statement: 'with no event live and no call in flight, this driver does not hold the PMC',
  severity: 'high',
  source: 'release_pmc_hardware, perf_event.c:363-368',
  consequence: 'The PMC stays reserved with nobody using it: no other owner can ever have it again.',
  vacuousWhen: 'the driver never takes the PMC',
  speaksOf: takesPmc,
  shows: ['activeEvents', 'reservation'],
  clauses: [
    // Whether this driver holds it, as a number, is no more than how many events are live or in flight.
    between({
      own: ['reservation'],
      number: (view) => Number(owner(view) === 'driver'),
      over: 'lifecycle',
      most: (event) => Number(isLive(event) || isInFlight(event)),
    }),
  ],
};

export const foreignOwnerKept: Property = {
  id: 'foreign-owner-kept',
  statement: 'another owner of the PMC is never displaced',
  severity: 'high',
  source: 'reserve_pmc_hardware, perf_event.c:356-357',
  consequence: 'Opening a perf event takes the counters away from whoever uses them, even when the open fails.',
  vacuousWhen: 'there is no other owner',
  speaksOf: (fact) => fact.type === 'foreign.take',
  shows: ['activeEvents', 'reservation'],
  clauses: [
    {
      kind: 'always',
      own: ['reservation'],
      holds: (view) => !view.own('reservation').hasTag('foreign holds') || owner(view) === 'foreign',
    },
  ],
};

export const mutexDiscipline: Property = {
  id: 'mutex-discipline',
  statement: 'only the owner unlocks, nobody locks twice, and whoever waits can always still be served',
  severity: 'high',
  source: 'Documentation/locking/mutex-design.rst',
  consequence: 'perf_event_open or close hangs, or two of them change the reservation at once.',
  vacuousWhen: 'the mutex is never taken',
  speaksOf: (fact) => fact.type === 'mutex.lock',
  shows: ['activeEvents', 'reservation'],
  clauses: [
    {
      kind: 'whenever',
      facts: ['mutex.unlock'],
      own: ['reservation'],
      holds: (fact, view) => view.own('reservation').context.owner === (fact as Fact<'mutex.unlock'>).event,
    },
    {
      kind: 'whenever',
      facts: ['mutex.wait'],
      own: ['reservation'],
      holds: (fact, view) => view.own('reservation').context.owner !== (fact as Fact<'mutex.wait'>).event,
    },
    {
      kind: 'can reach',
      each: 'event',
      own: ['reservation'],
      from: (view) => view.own('reservation').context.waiters.includes(view.index),
      goal: (view) => !view.own('reservation').context.waiters.includes(view.index),
    },
  ],
};
