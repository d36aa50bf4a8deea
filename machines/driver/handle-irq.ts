import { driverSetup, source, variant } from './setup.ts';

const NAME = 'riscv_pmu_handle_irq';
const START = 'riscv_pmu_start';

/** The handler of the overflow interrupt, for the event that it finds in the slot of the counter. */
export const handleIrq = driverSetup.createStateConfig({
  id: 'handle_irq',
  initial: 'enter',
  meta: source(NAME, 347, 349),
  states: {
    enter: {
      meta: source(NAME, 348),
      always: [
        { guard: 'isStopped', target: 'out' },
        { target: '#read', actions: { type: 'callFrom', params: 'handle_irq' } },
      ],
    },
    updated: {
      id: 'handle_irq.updated',
      meta: source(NAME, 348),
      always: [{ guard: variant('writesCounter'), target: 'set', actions: 'startAtPeriod' }, { target: 'out' }],
    },
    // It starts the event anew, as start does.
    set: { meta: source(START, 291), on: { 'prev_count.set': 'write' } },
    write: {
      meta: source(START, 291),
      always: { target: '#write_counter', actions: { type: 'callFrom', params: 'handle_irq' } },
    },
    publish: { id: 'handle_irq.publish', meta: source(START, 283), on: { 'userpage.update': 'out' } },
    out: { meta: source(NAME, 348), on: { 'overflow.return': { target: '#idle', actions: 'finish' } } },
  },
});
