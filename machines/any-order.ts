import { and, assign, setup, stateIn } from 'xstate';
import type { Attribute, Fact } from '../src/facts/index.ts';

interface Context {
  offers: readonly Attribute[];
  attribute: Attribute | null;
  hart: number | null;
}

type Callback = 'add' | 'del' | 'start' | 'stop' | 'read';

/**
 * A caller without a contract, in place of the event lifecycle: any callback, in any state, with any flags,
 * one at a time. It shows what the driver's own guards catch.
 */
export const anyOrder = setup({
  types: {
    context: {} as Context,
    events: {} as Fact<
      'event_init.call' | 'event_init.return' | 'destroy.call' | 'destroy.return' | `${Callback}.${'call' | 'return'}`
    >,
    input: {} as { offers: readonly Attribute[] },
    tags: {} as 'live' | 'opening' | 'closing' | 'active' | 'running' | 'in callback',
  },
  guards: {
    offered: ({ context, event }) => context.offers.includes((event as Fact<'event_init.call'>).attribute),
    accepted: ({ event }) => (event as Fact<'event_init.return' | 'add.return'>).answer === 0,
  },
  actions: {
    keepAttribute: assign({ attribute: ({ event }) => (event as Fact<'event_init.call'>).attribute }),
    keepHart: assign({ hart: ({ event }) => (event as Fact<'add.call'>).hart }),
    leaveHart: assign({ hart: null }),
  },
}).createMachine({
  id: 'any order',
  context: ({ input }) => ({ offers: input.offers, attribute: null, hart: null }),
  type: 'parallel',
  // One region accepts a fact for all: so the others look whether the call that they wait for is the one that runs.
  states: {
    call: {
      initial: 'idle',
      states: {
        idle: {
          on: {
            'event_init.call': { guard: 'offered', target: 'event_init', actions: 'keepAttribute' },
            'destroy.call': 'destroy',
            'add.call': 'add',
            'del.call': 'del',
            'start.call': 'start',
            'stop.call': 'stop',
            'read.call': 'read',
          },
        },
        event_init: { tags: 'opening', on: { 'event_init.return': 'idle' } },
        destroy: { tags: 'closing', on: { 'destroy.return': 'idle' } },
        add: { tags: 'in callback', on: { 'add.return': 'idle' } },
        del: { tags: 'in callback', on: { 'del.return': 'idle' } },
        start: { tags: 'in callback', on: { 'start.return': 'idle' } },
        stop: { tags: 'in callback', on: { 'stop.return': 'idle' } },
        read: { tags: 'in callback', on: { 'read.return': 'idle' } },
      },
    },
    life: {
      initial: 'dead',
      states: {
        dead: {
          on: { 'event_init.return': { guard: and(['accepted', stateIn({ call: 'event_init' })]), target: 'live' } },
        },
        live: { tags: 'live', on: { 'destroy.call': { guard: stateIn({ call: 'idle' }), target: 'dead' } } },
      },
    },
    presence: {
      initial: 'absent',
      states: {
        absent: {
          on: {
            'add.return': { guard: and(['accepted', stateIn({ call: 'add' })]), target: 'added', actions: 'keepHart' },
          },
        },
        added: {
          tags: 'active',
          on: { 'del.call': { guard: stateIn({ call: 'idle' }), target: 'absent', actions: 'leaveHart' } },
        },
      },
    },
  },
});
