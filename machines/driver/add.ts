import { and, not, or } from 'xstate';
import { PERF_EF } from '../../src/facts/index.ts';
import { driverSetup, source, variant } from './setup.ts';

const NAME = 'riscv_pmu_add';

/** `riscv_pmu_add`. */
export const add = driverSetup.createStateConfig({
  id: 'add',
  initial: 'enter',
  meta: source(NAME, 297, 323),
  states: {
    enter: {
      meta: source(NAME, 297),
      always: [
        { guard: and(['indexInside', variant('addsOnce')]), target: 'compare' },
        { guard: variant('givesOutCounters'), target: 'search' },
        { target: 'look' },
      ],
    },
    compare: {
      meta: source(NAME, 297),
      on: {
        'slots.compare': [
          { guard: 'inItsSlot', target: 'out' },
          { guard: variant('givesOutCounters'), target: 'search' },
          { target: 'look' },
        ],
      },
    },
    search: {
      meta: source(NAME, 305, 313),
      on: {
        'used_mask.read': [
          { guard: 'noneFree', target: 'out', actions: { type: 'answer', params: 'ENOSPC' } },
          { target: 'claim', actions: 'takeFirstFree' },
        ],
      },
    },
    claim: { meta: source(NAME, 305, 313), on: { 'used_mask.set': 'bind' } },
    look: {
      meta: source(NAME, 302, 303),
      on: {
        'slots.read': [
          {
            guard: and(['slotTaken', or(['countersFull', variant('choosesByCounter')])]),
            target: 'out',
            actions: { type: 'answer', params: 'ENOSPC' },
          },
          {
            guard: and(['countersFull', not(variant('choosesByCounter'))]),
            target: 'out',
            actions: { type: 'answer', params: 'ENOSPC' },
          },
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
