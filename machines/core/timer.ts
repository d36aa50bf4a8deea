import { setup } from 'xstate';

/** What happens to an hrtimer: who starts or cancels it, that it runs out, and what its function answers. */
export type TimerFact = { readonly type: 'start' | 'cancel' | 'expires' | 'restarts' | 'ends' };

/**
 * An hrtimer. It runs out at some moment at which its CPU has interrupts on, and its function runs there with interrupts off; that
 * says whether it is to run out again. Who cancels it meanwhile waits until the function is done.
 * Source: kernel/time/hrtimer.c, and include/linux/hrtimer.h, HRTIMER_RESTART.
 */
export const timer = setup({ types: { events: {} as TimerFact } }).createMachine({
  id: 'timer',
  initial: 'idle',
  states: {
    idle: { on: { start: 'armed' } },
    armed: { on: { start: 'armed', cancel: 'idle', expires: 'running' } },
    running: { on: { restarts: 'armed', ends: 'idle' } },
  },
});
