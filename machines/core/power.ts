import { setup } from 'xstate';

/** What happens to a CPU that may sleep. */
export type PowerFact = { readonly type: 'enter' | 'exit' | 'failed' };

/**
 * CPU_PM: one CPU, which is told before it sleeps and loses its registers, and when it is awake again. `failed`: something else
 * kept it from sleeping, and it has lost nothing. All of it with interrupts off on that CPU; while it sleeps, nothing is called on it.
 */
export const power = setup({ types: { events: {} as PowerFact } }).createMachine({
  id: 'power',
  initial: 'awake',
  states: {
    awake: { on: { enter: 'asleep' } },
    asleep: { on: { exit: 'awake', failed: 'awake' } },
  },
});
