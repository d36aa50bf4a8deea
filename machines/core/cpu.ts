import { setup } from 'xstate';

/** What happens to a CPU that goes and comes: by which callbacks of hotplug states it is told, and that one of them fails. */
export type CpuFact = { readonly type: 'down' | 'dying' | 'dead' | 'prepare' | 'starting' | 'up' | 'fails' };

/**
 * A CPU under hotplug. On its way down its states are left from the last to the first: those above CPUHP_AP_ONLINE in its own thread,
 * with interrupts on, those below with interrupts off, and the first ones on another CPU, once it is dead. On its way up they are
 * entered in their order, and a callback that fails takes it back. While it goes or comes no event is opened on it.
 * Source: include/linux/cpuhotplug.h, and Documentation/core-api/cpu_hotplug.rst.
 */
export const cpu = setup({ types: { events: {} as CpuFact } }).createMachine({
  id: 'cpu',
  initial: 'online',
  states: {
    online: { on: { down: 'going' } },
    going: { on: { dying: 'dying', fails: 'online' } },
    dying: { on: { dead: 'offline' } },
    offline: { on: { prepare: 'coming' } },
    coming: { on: { starting: 'starting', fails: 'offline' } },
    starting: { on: { up: 'online' } },
  },
});
