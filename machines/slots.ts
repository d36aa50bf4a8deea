import { assign, setup } from 'xstate';
import { type Fact, wrapInt } from '../src/facts/index.ts';
import type { Authors } from './authors.ts';

interface Context {
  nEvents: number;
  /** `events[]`: the event in each slot. */
  events: (number | null)[];
  /** Whether an event was written outside `events[]`, over what lies beside it. */
  overrun: boolean;
  bits: number;
}

/** `struct cpu_hw_events` of one hart. */
export const slots = setup({
  types: {
    context: {} as Context,
    events: {} as Fact<'slots.read' | 'slots.compare' | 'slots.write' | 'n_events.inc' | 'n_events.dec'>,
    input: {} as { maxCounters: number; bits: number },
  },
  guards: {
    inside: ({ context, event }) => {
      const { idx } = event as Fact<'slots.write'>;
      return idx >= 0 && idx < context.events.length;
    },
    /** `n_events` lies where `events[-1]` would be: NULL there is a zero in it. */
    clearsCount: ({ event }) => {
      const { idx, bound } = event as Fact<'slots.write'>;
      return idx === -1 && !bound;
    },
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
    keepCount: assign({ nEvents: ({ event }) => (event as Fact<'n_events.inc' | 'n_events.dec'>).value }),
  },
}).createMachine({
  id: 'counter slots',
  context: ({ input }) => ({
    nEvents: 0,
    events: Array.from({ length: input.maxCounters }, () => null),
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
  },
});

export const slotsAuthors: Authors<Context> = {
  'slots.read': ({ context }) => ({
    nEvents: context.nEvents,
    occupied: context.events.map((event) => event !== null),
  }),
  'slots.compare': ({ context }, { idx, event }) => ({ same: context.events[idx] === event }),
  'n_events.inc': ({ context }) => ({ value: wrapInt(context.nEvents, 1, context.bits) }),
  'n_events.dec': ({ context }) => ({ value: wrapInt(context.nEvents, -1, context.bits) }),
};
