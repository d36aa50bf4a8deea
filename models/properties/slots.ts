import type { Present } from '../../src/engine/check/index.ts';
import {
  type Attribute,
  type Counter,
  counterAt,
  countersOf,
  type Fact,
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
      each: 'hart',
      own: ['slots', 'hart'],
      every: ['lifecycle', 'driver'],
      holds: (view) => {
        if (callbackRuns(view)) return true;
        const slots = view.own('slots').context.events as (number | null)[];
        const events = view.every('lifecycle');
        if (slots.every((event) => event === null)) return !events.some((event) => isActiveOn(event, view.index));
        const drivers = view.every('driver');
        const isAt = (event: number, idx: number): boolean => drivers[event]!.context.idx === idx;
        return (
          events.every((one, event) => !isActiveOn(one, view.index) || slots[drivers[event]!.context.idx] === event) &&
          slots.every((event, idx) => event === null || (isActiveOn(events[event]!, view.index) && isAt(event, idx)))
        );
      },
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
    {
      kind: 'whenever',
      facts: ['add.return'],
      every: ['lifecycle', 'driver'],
      holds: (fact, view) => {
        const { event, hart, answer } = fact as Fact<'add.return'>;
        const { pmu } = view.every('driver')[event]!.context as { pmu: Pmu };
        const able = ({ context }: Present) =>
          context.attribute === null ? [] : countersOf(pmu, context.attribute as Attribute);
        const events = view.every('lifecycle');
        const counters = able(events[event]!);
        if (counters.length === 0) return true;
        const taken = events.flatMap((other, number): Counter[] => {
          if (number === event || !isActiveOn(other, hart)) return [];
          // Of several counters it has the one that it was given.
          const others = able(other);
          return others.length > 1 ? [counterAt(view.every('driver')[number]!.context.idx)] : [...others];
        });
        return (answer === 'ENOSPC') === counters.every((counter) => taken.includes(counter));
      },
    },
  ],
};

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
