import type { Present } from '../../src/engine/check/index.ts';
import {
  type Attribute,
  type Counter,
  counterAt,
  countersOf,
  type Fact,
  indexOfCounter,
  type Pmu,
  type Property,
  type View,
} from '../../src/facts/index.ts';

/** Nobody sees the slots while a callback changes them: it runs with interrupts off. */
const callbackRuns = (view: View): boolean => view.own('hart').context.runs !== null;

const isActiveOn = (event: Present, hart: number): boolean => event.hasTag('active') && event.context.hart === hart;

export const slotsMatchCount: Property = {
  id: 'slots-match-count',
  statement: 'n_events is the number of occupied events[]',
  severity: 'medium',
  source: 'struct cpu_hw_events, asm/perf_event.h',
  consequence:
    'The bookkeeping of the hart is wrong: events are refused although a counter is free, or let in although none is.',
  vacuousWhen: 'no slot is ever written',
  speaksOf: (fact) => fact.type === 'slots.write',
  clauses: [
    {
      kind: 'always',
      each: 'hart',
      own: ['slots', 'hart'],
      holds: (view) => {
        if (callbackRuns(view)) return true;
        const { nEvents, events, overrun } = view.own('slots').context;
        return !overrun && nEvents === events.filter((event: number | null) => event !== null).length;
      },
    },
  ],
};

export const slotOwner: Property = {
  id: 'slot-owner',
  statement: 'every added event is found at events[idx] of its own idx, and nothing else is',
  severity: 'medium',
  source: 'struct cpu_hw_events, asm/perf_event.h: currently enabled events',
  consequence:
    'Whoever goes from a counter to its event (an overflow interrupt, as ports add it) finds another event, or none.',
  vacuousWhen: 'no event is ever added',
  speaksOf: (fact) => fact.type === 'slots.write' && fact.bound,
  clauses: [
    {
      kind: 'always',
      each: 'event',
      own: ['lifecycle', 'driver'],
      every: ['slots', 'hart'],
      holds: (view) => {
        const event = view.own('lifecycle');
        if (!event.hasTag('active')) return true;
        const { hart } = event.context;
        if (view.every('hart')[hart]!.context.runs !== null) return true;
        return view.every('slots')[hart]!.context.events[view.own('driver').context.idx] === view.index;
      },
    },
    {
      kind: 'always',
      each: 'hart',
      own: ['slots', 'hart'],
      every: ['lifecycle', 'driver'],
      holds: (view) =>
        callbackRuns(view) ||
        (view.own('slots').context.events as (number | null)[]).every(
          (event, idx) =>
            event === null ||
            (isActiveOn(view.every('lifecycle')[event]!, view.index) &&
              view.every('driver')[event]!.context.idx === idx),
        ),
    },
  ],
};

export const enospcIffFull: Property = {
  id: 'enospc-iff-full',
  statement: 'add answers ENOSPC exactly when no counter that can count the event is free',
  severity: 'medium',
  source: 'PERF-CORE, add; riscv_pmu_add, perf_event.c:302',
  consequence:
    'Two events share a counter whose slot holds one of them, or an event stays <not counted> although its counter is free.',
  vacuousWhen: 'no event is ever added',
  speaksOf: (fact) => fact.type === 'add.return',
  shows: ['slots'],
  clauses: [
    // One that was let in although its only counter is taken by another one.
    {
      kind: 'whenever',
      facts: ['add.return'],
      each: 'event',
      every: ['lifecycle', 'driver'],
      holds: (fact, view) => {
        const { event, hart, answer } = fact as Fact<'add.return'>;
        const [counter, ...others] = able(view, event);
        if (event === view.index || answer === 'ENOSPC' || counter === undefined || others.length > 0) return true;
        return !takes(view, view.index, hart, counter);
      },
    },
    // One that was refused although a counter is free; or let in, although all of several are taken.
    {
      kind: 'whenever',
      facts: ['add.return'],
      every: ['lifecycle', 'driver', 'slots'],
      holds: (fact, view) => {
        const { event, hart, answer } = fact as Fact<'add.return'>;
        const counters = able(view, event);
        if (counters.length === 0 || (counters.length === 1 && answer !== 'ENOSPC')) return true;
        const slots = view.every('slots')[hart]!.context.events as (number | null)[];
        const isTaken = (counter: Counter): boolean => {
          // Mostly the one in its slot takes it: then there is no need to look at all.
          const inSlot = slots[indexOfCounter(counter)] ?? null;
          if (inSlot !== null && inSlot !== event && takes(view, inSlot, hart, counter)) return true;
          return view.every('lifecycle').some((_, other) => other !== event && takes(view, other, hart, counter));
        };
        return (answer === 'ENOSPC') === counters.every(isTaken);
      },
    },
  ],
};

/** The counters that can count an event; none if it is not open. */
function able(view: View, event: number): readonly Counter[] {
  const { attribute } = view.every('lifecycle')[event]!.context;
  const { pmu } = view.every('driver')[event]!.context as { pmu: Pmu };
  return attribute === null ? [] : countersOf(pmu, attribute as Attribute);
}

/** Whether an event is on a hart and has a counter there: of several that it could have, the one that it was given. */
function takes(view: View, event: number, hart: number, counter: Counter): boolean {
  if (!isActiveOn(view.every('lifecycle')[event]!, hart)) return false;
  const counters = able(view, event);
  return counters.length > 1
    ? counterAt(view.every('driver')[event]!.context.idx) === counter
    : counters.includes(counter);
}

export const indexInBounds: Property = {
  id: 'index-in-bounds',
  statement:
    'events[] and the counters are only indexed inside their bounds, and no errno is ever used as a counter value',
  severity: 'high',
  source: 'read_counter, perf_event.c:193-195; riscv_pmu_add and riscv_pmu_del',
  consequence: 'Memory beside events[] is overwritten, or -EINVAL is added to a count as if it had been counted.',
  vacuousWhen: 'no slot is written and no counter read',
  speaksOf: (fact) => fact.type === 'slots.write' || fact.type === 'csr.read',
  shows: ['driver', 'slots'],
  clauses: [
    {
      kind: 'whenever',
      facts: ['slots.write'],
      every: ['slots'],
      holds: (fact, view) => {
        const { idx, hart } = fact as Fact<'slots.write'>;
        return idx >= 0 && idx < view.every('slots')[hart]!.context.events.length;
      },
    },
    { kind: 'whenever', facts: ['read_counter.default'], holds: () => false },
  ],
};
