import { and, not } from 'xstate';
import { PERF_EF } from '../../src/facts/index.ts';
import { driverSetup, source } from './setup.ts';

const NAME = 'riscv_pmu_add';

/** `riscv_pmu_add`. */
export const add = driverSetup.createStateConfig({
  id: 'add',
  initial: 'look',
  meta: source(NAME, 297, 323),
  states: {
    look: {
      meta: source(NAME, 302, 303),
      on: {
        'slots.read': [
          {
            guard: and(['choosesByCounter', 'slotTaken']),
            target: 'out',
            actions: { type: 'answer', params: 'ENOSPC' },
          },
          { guard: 'choosesByCounter', target: 'bind', actions: 'takeConfigAsIndex' },
          { guard: 'countersFull', target: 'out', actions: { type: 'answer', params: 'ENOSPC' } },
          { target: 'bind', actions: 'takeConfigAsIndex' },
        ],
      },
    },
    bind: { meta: source(NAME, 313, 314), on: { 'slots.write': 'count' } },
    count: { meta: source(NAME, 315), on: { 'n_events.inc': { target: 'mark', actions: 'markAdded' } } },
    mark: {
      meta: source(NAME, 317, 320),
      always: [
        { guard: not('withStart'), target: 'out' },
        {
          target: '#start',
          actions: [
            { type: 'setFlags', params: PERF_EF.RELOAD },
            { type: 'callFrom', params: 'add' },
          ],
        },
      ],
    },
    out: {
      id: 'add.out',
      meta: source(NAME, 322, 323),
      on: { 'add.return': { target: '#idle', actions: 'finish' } },
    },
  },
});
