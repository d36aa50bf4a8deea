import { assign, setup } from 'xstate';
import type { Fact, PmcOwner } from '../src/facts/index.ts';
import type { Authors } from './authors.ts';

interface Context {
  /** The event whose open or close holds the mutex. */
  owner: number | null;
  /** The events whose open or close wait for it, first come first. */
  waiters: number[];
  perfIrq: PmcOwner;
  /** Whether a foreign owner exists in this scope. */
  foreign: boolean;
}

/** `pmc_reserve_mutex`, `perf_irq`, and another owner of the PMC that comes and goes. */
export const reservation = setup({
  types: {
    context: {} as Context,
    events: {} as Fact<
      | 'mutex.lock'
      | 'mutex.wait'
      | 'mutex.unlock'
      | 'perf_irq.read'
      | 'perf_irq.write'
      | 'foreign.take'
      | 'foreign.release'
    >,
    input: {} as { foreign: boolean },
  },
  guards: {
    mayTake: ({ context }) => context.foreign && context.owner === null && context.perfIrq === 'nobody',
    mutexFree: ({ context }) => context.owner === null,
  },
  actions: {
    own: assign(({ context, event }) => ({
      owner: (event as Fact<'mutex.lock'>).event,
      waiters: context.waiters.filter((waiter) => waiter !== (event as Fact<'mutex.lock'>).event),
    })),
    queue: assign({
      waiters: ({ context, event }) => [...context.waiters, (event as Fact<'mutex.wait'>).event],
    }),
    disown: assign({ owner: null }),
    setPerfIrq: assign({ perfIrq: ({ event }) => (event as Fact<'perf_irq.write'>).owner }),
    foreignHandler: assign({ perfIrq: 'foreign' }),
    noHandler: assign({ perfIrq: 'nobody' }),
  },
}).createMachine({
  id: 'PMC reservation',
  context: ({ input }) => ({ owner: null, waiters: [], perfIrq: 'nobody', foreign: input.foreign }),
  type: 'parallel',
  states: {
    mutex: {
      initial: 'free',
      states: {
        free: {
          on: {
            'mutex.lock': { target: 'owned', actions: 'own' },
            // Unlocking a mutex that nobody holds is for a property to find, not for the mutex to refuse.
            'mutex.unlock': {},
          },
        },
        owned: {
          on: {
            'mutex.wait': { actions: 'queue' },
            'mutex.unlock': { target: 'free', actions: 'disown' },
          },
        },
      },
    },
    perf_irq: {
      on: {
        'perf_irq.read': {},
        'perf_irq.write': { actions: 'setPerfIrq' },
      },
    },
    // The politest foreign owner that there can be: it takes the PMC under the mutex, and only while `perf_irq` is NULL.
    // It leaves by `release_pmc_hardware`, which is there for everyone and writes NULL, whoever holds it.
    foreign: {
      initial: 'away',
      states: {
        away: { on: { 'foreign.take': { guard: 'mayTake', target: 'holding', actions: 'foreignHandler' } } },
        holding: {
          tags: 'foreign holds',
          on: { 'foreign.release': { guard: 'mutexFree', target: 'away', actions: 'noHandler' } },
        },
      },
    },
  },
});

export const reservationAuthors: Authors<Context> = {
  'perf_irq.read': ({ context, value }) => ({
    owner: context.perfIrq,
    foreignHolds: (value as { foreign: string }).foreign === 'holding',
  }),
};
