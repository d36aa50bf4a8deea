import { and, not } from 'xstate';
import { driverSetup, source, variant } from './setup.ts';

const NAME = 'riscv_pmu_read';

/** `riscv_pmu_read`, with its loop around `local64_cmpxchg`. */
export const read = driverSetup.createStateConfig({
  id: 'read',
  initial: 'enter',
  meta: source(NAME, 213, 239),
  states: {
    enter: {
      meta: source(NAME, 213, 219),
      always: [
        { guard: and(['isStopped', not('calledByStop'), variant('readsOnlyRunning')]), target: 'out' },
        { target: 'look' },
      ],
    },
    look: {
      meta: source(NAME, 222),
      on: {
        'prev_count.read': {
          target: '#read_counter',
          actions: ['keepPrevious', { type: 'callFrom', params: 'read' }],
        },
      },
    },
    exchange: {
      id: 'read.exchange',
      meta: source(NAME, 225, 227),
      on: { 'prev_count.cmpxchg': [{ guard: 'exchanged', target: 'add' }, { target: 'look' }] },
    },
    add: { meta: source(NAME, 232, 234), on: { 'count.add': 'out' } },
    out: {
      meta: source(NAME, 239),
      always: [
        { guard: 'calledByStop', target: '#stop.updated', actions: 'comeBack' },
        {
          guard: and(['calledByHandler', variant('handlesOverflow')]),
          target: '#handle_irq.updated',
          actions: 'comeBack',
        },
      ],
      on: { 'read.return': { target: '#idle', actions: 'finish' } },
    },
  },
});
