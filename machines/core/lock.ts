import { and, assign, not, setup } from 'xstate';

/**
 * What happens to a lock. `by`: which of the calls that run at once does it; `open`: it is taken with interrupts on; `cutsIn`: who wants it
 * is an interrupt, of a CPU on which the one that holds it may be; `of`: for whose lock the one that holds this one waits.
 */
export type LockFact =
  | { readonly type: 'take'; readonly by: number; readonly open: boolean }
  | { readonly type: 'wait'; readonly by: number; readonly cutsIn: boolean }
  | { readonly type: 'owner waits'; readonly of: number }
  | { readonly type: 'release'; readonly by: number }
  | { readonly type: 'interrupts on' | 'interrupts off' | 'sleep' | 'return' };

/** What it is, and whose. */
export interface LockContext {
  readonly spins: boolean;
  /** The call that holds it, and the one that waits for it. */
  readonly owner: number;
  readonly waiter: number;
}

/**
 * A spinlock or a mutex. Who holds it lets it go, before it returns, and neither takes it again, nor waits for who waits for it; with a
 * spinlock it does not sleep, and is not interrupted by who wants it. Source: Documentation/locking, mutex-design.rst and spinlocks.rst.
 */
export const lock = setup({
  types: { context: {} as LockContext, events: {} as LockFact, input: {} as { spins: boolean } },
  guards: {
    isOpen: ({ context, event }) => context.spins && event.type === 'take' && event.open,
    isOwner: ({ context, event }) => 'by' in event && event.by === context.owner,
    cutsIn: ({ event }) => event.type === 'wait' && event.cutsIn,
    waitsForOwner: ({ context, event }) => event.type === 'owner waits' && event.of === context.waiter,
    spins: ({ context }) => context.spins,
  },
  actions: {
    own: assign({ owner: ({ event }) => ('by' in event ? event.by : 0) }),
    queue: assign({ waiter: ({ event }) => ('by' in event ? event.by : 0) }),
  },
}).createMachine({
  id: 'lock',
  context: ({ input }) => ({ spins: input.spins, owner: 0, waiter: 0 }),
  initial: 'free',
  states: {
    free: {
      on: {
        take: [
          { guard: 'isOpen', target: 'open', actions: 'own' },
          { target: 'held', actions: 'own' },
        ],
        return: 'free',
      },
    },
    held: {
      on: {
        release: { guard: 'isOwner', target: 'free' },
        wait: { guard: not('isOwner'), target: 'awaited', actions: 'queue' },
        'interrupts on': 'open',
        'interrupts off': 'held',
        'owner waits': 'held',
        sleep: { guard: not('spins'), target: 'held' },
      },
    },
    open: {
      on: {
        release: { guard: 'isOwner', target: 'free' },
        wait: { guard: and([not('isOwner'), not('cutsIn')]), target: 'awaited', actions: 'queue' },
        'interrupts on': 'open',
        'interrupts off': 'held',
        'owner waits': 'open',
      },
    },
    awaited: {
      on: {
        release: { guard: 'isOwner', target: 'free' },
        'interrupts on': 'awaited',
        'interrupts off': 'awaited',
        'owner waits': { guard: not('waitsForOwner'), target: 'awaited' },
        sleep: { guard: not('spins'), target: 'awaited' },
      },
    },
  },
});
