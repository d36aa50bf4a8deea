import { setup } from 'xstate';

/** What happens to a device and its driver: it is probed, which succeeds, fails, or is to come again later; it is unbound; the module goes. */
export type BindingFact = {
  readonly type: 'probe' | 'succeeds' | 'fails' | 'defers' | 'unbind' | 'removed' | 'unload';
};

/**
 * The binding of a device to its driver. After a probe that failed, or is to come again, nothing of it is left, and the next may come;
 * what is bound can be unbound, by sysfs or with the module. Source: Documentation/driver-api/driver-model/driver.rst.
 */
export const binding = setup({ types: { events: {} as BindingFact } }).createMachine({
  id: 'binding',
  initial: 'unbound',
  states: {
    unbound: { on: { probe: 'probing' } },
    probing: { on: { succeeds: 'bound', fails: 'unbound', defers: 'unbound' } },
    bound: { on: { unbind: 'removing', unload: 'removing' } },
    removing: { on: { removed: 'unbound' } },
  },
});
