import { and, not } from 'xstate';
import { PERF_EF } from '../../src/facts/index.ts';
import { driverSetup, source, variant } from './setup.ts';

const NAME = 'riscv_pmu_del';

/** `riscv_pmu_del`. */
export const del = driverSetup.createStateConfig({
  id: 'del',
  initial: 'enter',
  meta: source(NAME, 328, 337),
  states: {
    enter: {
      meta: source(NAME, 328, 331),
      always: [
        { guard: and([not('indexInside'), variant('deletesOnlyAdded')]), target: 'out' },
        { guard: variant('deletesOnlyAdded'), target: 'compare' },
        { target: 'unbind' },
      ],
    },
    compare: {
      meta: source(NAME, 330),
      on: { 'slots.compare': [{ guard: 'inItsSlot', target: 'unbind' }, { target: 'out' }] },
    },
    unbind: { meta: source(NAME, 333), on: { 'slots.write': 'count' } },
    count: {
      meta: source(NAME, 334),
      on: { 'n_events.dec': [{ guard: variant('givesOutCounters'), target: 'release' }, { target: 'stop' }] },
    },
    release: { meta: source(NAME, 334), on: { 'used_mask.clear': 'stop' } },
    stop: {
      meta: source(NAME, 335),
      always: {
        target: '#stop',
        actions: [
          { type: 'setFlags', params: PERF_EF.UPDATE },
          { type: 'callFrom', params: 'del' },
        ],
      },
    },
    publish: { id: 'del.publish', meta: source(NAME, 336), on: { 'userpage.update': 'out' } },
    out: { meta: source(NAME, 337), on: { 'del.return': { target: '#idle', actions: 'finish' } } },
  },
});
