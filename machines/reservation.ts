import { assign, setup } from 'xstate';
import type { Fact, PmcOwner } from '../src/facts/index.ts';
import type { Authors, Present } from './authors.ts';

/** What a driver reserves: the shared handler, the interrupt line, or nothing. */
export type Reserved = 'perf_irq' | 'irq' | 'nothing';

interface Context {
  reserves: Reserved;
  /** The event whose open or close holds the mutex. */
  owner: number | null;
  /** The events whose open or close wait for it, first come first. */
  waiters: number[];
  /** Who holds what is reserved. */
  perfIrq: PmcOwner;
  /** Whether a foreign owner exists in this scope. */
  foreign: boolean;
}

/** `pmc_reserve_mutex`, `perf_irq` (or the interrupt line), and another owner of the PMC that comes and goes. */
export const reservation = setup({
  types: {
    context: {} as Context,
    events: {} as Fact<
      | 'mutex.lock'
      | 'mutex.wait'
      | 'mutex.unlock'
      | 'perf_irq.read'
      | 'perf_irq.write'
      | 'request_irq'
      | 'free_irq'
      | 'foreign.take'
      | 'foreign.release'
    >,
    input: {} as { foreign: boolean; reserves: Reserved },
  },
  guards: {
    mayTake: ({ context }) =>
      context.foreign && context.reserves !== 'nothing' && context.owner === null && context.perfIrq === 'nobody',
    lineFree: ({ context }) => context.perfIrq === 'nobody',
    lineOurs: ({ context }) => context.perfIrq === 'driver',
    mutexFree: ({ context }) => context.owner === null,
  },
  actions: {
    own: assign({
      owner: ({ event }) => (event as Fact<'mutex.lock'>).event,
      waiters: ({ context, event }) =>
        context.waiters.filter((waiter) => waiter !== (event as Fact<'mutex.lock'>).event),
    }),
    queue: assign({
      waiters: ({ context, event }) => [...context.waiters, (event as Fact<'mutex.wait'>).event],
    }),
    disown: assign({ owner: null }),
    setPerfIrq: assign({ perfIrq: ({ event }) => (event as Fact<'perf_irq.write'>).owner }),
    ourHandler: assign({ perfIrq: 'driver' }),
    foreignHandler: assign({ perfIrq: 'foreign' }),
    noHandler: assign({ perfIrq: 'nobody' }),
  },
}).createMachine({
  id: 'PMC reservation',
  context: ({ input }) => ({ owner: null, waiters: [], perfIrq: 'nobody', ...input }),
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
        // The line is not shared: who comes second is refused, and nobody frees what another one holds.
        request_irq: [{ guard: 'lineFree', actions: 'ourHandler' }, {}],
        free_irq: [{ guard: 'lineOurs', actions: 'noHandler' }, {}],
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

const holder = ({ context, value }: Present<Context>) => ({
  owner: context.perfIrq,
  foreignHolds: (value as { foreign: string }).foreign === 'holding',
});

export const reservationAuthors: Authors<Context> = {
  'perf_irq.read': holder,
  request_irq: holder,
  free_irq: ({ context }) => ({ owner: context.perfIrq }),
};
