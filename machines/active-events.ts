import { assign, setup } from 'xstate';
import { type Fact, wrapInt } from '../src/facts/index.ts';
import type { Authors } from './authors.ts';

interface Context {
  value: number;
  bits: number;
}

/** `riscv_active_events`: an `atomic_t`, which wraps at its width. */
export const activeEvents = setup({
  types: {
    context: {} as Context,
    events: {} as Fact<'active_events.inc' | 'active_events.dec'>,
    input: {} as { bits: number },
  },
  actions: {
    keepValue: assign({ value: ({ event }) => event.value }),
  },
}).createMachine({
  id: 'active events',
  context: ({ input }) => ({ value: 0, bits: input.bits }),
  on: {
    'active_events.inc': { actions: 'keepValue' },
    'active_events.dec': { actions: 'keepValue' },
  },
});

export const activeEventsAuthors: Authors<Context> = {
  'active_events.inc': ({ context }) => ({ value: wrapInt(context.value, 1, context.bits) }),
  'active_events.dec': ({ context }) => ({ value: wrapInt(context.value, -1, context.bits) }),
};
