import { assign, setup } from 'xstate';
import { type Fact, indexOfCounter, wrapInt } from '../src/facts/index.ts';
import type { Authors } from './authors.ts';

interface Context {
  nEvents: number;
  /** `events[]`: the event in each slot. */
  events: (number | null)[];
  /** `used_mask`: which counters are given out; empty in a driver that gives none out. */
  used: boolean[];
  /** Whether an event was written outside `events[]`, over what lies beside it. */
  overrun: boolean;
  bits: number;
}

/** `struct cpu_hw_events` of one hart. */
export const slots = setup({
  types: {
    context: {} as Context,
    events: {} as Fact<
      | 'slots.read'
      | 'slots.compare'
      | 'slots.write'
      | 'n_events.inc'
      | 'n_events.dec'
      | 'used_mask.read'
      | 'used_mask.set'
      | 'used_mask.clear'
      | 'overflow.call'
      | 'overflow.stray'
    >,
    input: {} as { maxCounters: number; bits: number; hasUsedMask?: true },
  },
  guards: {
    inside: ({ context, event }) => {
      const { idx } = event as Fact<'slots.write'>;
      return idx >= 0 && idx < context.events.length;
    },
    insideMask: ({ context, event }) => {
      const { idx } = event as Fact<'used_mask.set' | 'used_mask.clear'>;
      return idx >= 0 && idx < context.used.length;
    },
    /** `n_events` lies where `events[-1]` would be: NULL there is a zero in it. */
    clearsCount: ({ event }) => {
      const { idx, bound } = event as Fact<'slots.write'>;
      return idx === -1 && !bound;
    },
    /** The handler goes from the counter to the event in its slot. */
    inSlotOf: ({ context, event }) => {
      const { counter, event: number } = event as Fact<'overflow.call'>;
      return context.events[indexOfCounter(counter)] === number;
    },
    slotEmpty: ({ context, event }) =>
      context.events[indexOfCounter((event as Fact<'overflow.stray'>).counter)] === null,
  },
  actions: {
    bind: assign({
      events: ({ context, event }) => {
        const { idx, bound, event: number } = event as Fact<'slots.write'>;
        return context.events.with(idx, bound ? number : null);
      },
    }),
    zeroCount: assign({ nEvents: 0 }),
    overrun: assign({ overrun: true }),
    give: assign({ used: ({ context, event }) => context.used.with((event as Fact<'used_mask.set'>).idx, true) }),
    takeBack: assign({
      used: ({ context, event }) => context.used.with((event as Fact<'used_mask.clear'>).idx, false),
    }),
    keepCount: assign({ nEvents: ({ event }) => (event as Fact<'n_events.inc' | 'n_events.dec'>).value }),
  },
}).createMachine({
  id: 'counter slots',
  context: ({ input }) => ({
    nEvents: 0,
    events: Array.from({ length: input.maxCounters }, () => null),
    used: Array.from({ length: input.hasUsedMask ? input.maxCounters : 0 }, () => false),
    overrun: false,
    bits: input.bits,
  }),
  on: {
    'slots.read': {},
    'slots.compare': {},
    'slots.write': [
      { guard: 'inside', actions: 'bind' },
      { guard: 'clearsCount', actions: 'zeroCount' },
      { actions: 'overrun' },
    ],
    'n_events.inc': { actions: 'keepCount' },
    'n_events.dec': { actions: 'keepCount' },
    'used_mask.read': {},
    'used_mask.set': [{ guard: 'insideMask', actions: 'give' }, { actions: 'overrun' }],
    'used_mask.clear': [{ guard: 'insideMask', actions: 'takeBack' }, { actions: 'overrun' }],
    'overflow.call': { guard: 'inSlotOf' },
    'overflow.stray': { guard: 'slotEmpty' },
  },
});

export const slotsAuthors: Authors<Context> = {
  'slots.read': ({ context }) => ({
    nEvents: context.nEvents,
    occupied: context.events.map((event) => event !== null),
  }),
  'slots.compare': ({ context }, { idx, event }) => ({ same: context.events[idx] === event }),
  'used_mask.read': ({ context }) => ({ used: context.used }),
  'n_events.inc': ({ context }) => ({ value: wrapInt(context.nEvents, 1, context.bits) }),
  'n_events.dec': ({ context }) => ({ value: wrapInt(context.nEvents, -1, context.bits) }),
};
